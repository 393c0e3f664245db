package highlight

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"alphanode/index/analysis"
)

// Snippet gives the passage of a text that shows most of the query, escaped and
// marked as by HTML, on one line, of at most maxRunes characters before escaping,
// ellipses aside. The best passage is the one whose distinct query words weigh
// most, a word right behind another one half as much again; of equal ones the first. It starts at a sentence where one starts near
// enough, else at a word; an ellipsis stands where text is left out. Without a match
// it is the start of the text. maxRunes below 1 gives "". Time is linear in the text.
func (h *Highlighter) Snippet(text, lang string, maxRunes int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if maxRunes < 1 || text == "" {
		return ""
	}
	found := h.matches(text, lang)
	first, last := 0, 0
	if len(found) > 0 {
		first, last = h.best(text, found, maxRunes)
	}
	p := passage{text: text, budget: maxRunes}
	p.grow(first, last)
	return p.render(spans(text, found))
}

// best gives the bytes from the first to the last match of the best window.
func (h *Highlighter) best(text string, found []match, maxRunes int) (first, last int) {
	w := newWindow(h)
	runes := runeOffsets(text, found)
	follows := h.follows(text, found)
	bestScore := -1.0
	for i, j := 0, 0; i < len(found); i++ {
		for j < len(found) && (j <= i || runes[2*j+1]-runes[2*i] <= maxRunes) {
			w.add(found[j].term)
			if follows[j] && j > i {
				w.pair(found[j].term, 1)
			}
			j++
		}
		if score := w.score(); score > bestScore {
			bestScore = score
			first, last = found[i].start, lastEnd(found[i:j])
		}
		w.remove(found[i].term)
		if i+1 < j && follows[i+1] {
			w.pair(found[i+1].term, -1)
		}
	}
	return first, last
}

// follows says of each match whether one of another query word stands right before it.
func (h *Highlighter) follows(text string, found []match) []bool {
	out := make([]bool, len(found))
	for i := 1; i < len(found); i++ {
		before, m := found[i-1], found[i]
		out[i] = h.terms[before.term].Word != h.terms[m.term].Word && before.end <= m.start && adjoins(text[before.end:m.start])
	}
	return out
}

// adjoins reports whether a gap leaves two words next to each other; a line may be
// broken there.
func adjoins(gap string) bool { return len(gap) <= 2 && (isBlank(gap) || joins(gap)) }

func lastEnd(found []match) int {
	end := 0
	for _, m := range found {
		end = max(end, m.end)
	}
	return end
}

// runeOffsets counts the characters before each match's start and end.
func runeOffsets(text string, found []match) []int {
	out := make([]int, 0, 2*len(found))
	at, n := 0, 0
	for _, m := range found {
		n += utf8.RuneCountInString(text[at:m.start])
		at = m.start
		out = append(out, n, n+utf8.RuneCountInString(text[m.start:m.end]))
	}
	return out
}

// window scores the matches within reach of each other.
type window struct {
	terms  []Term
	byWord [][]int   // of the Highlighter
	count  []int     // how often each term is in the window
	words  []int     // how many matches of each query word are
	best   []float64 // the weight of each query word's best term in the window
	pairs  []int     // how many matches of each query word stand right behind one of another
}

// behind is what a word gains by standing right behind another, as a share of its weight.
const behind = 0.5

func newWindow(h *Highlighter) *window {
	return &window{terms: h.terms, byWord: h.byWord, count: make([]int, len(h.terms)), words: make([]int, h.words), best: make([]float64, h.words), pairs: make([]int, h.words)}
}

func (w *window) add(term int) {
	t := &w.terms[term]
	w.count[term]++
	w.words[t.Word]++
	w.best[t.Word] = max(w.best[t.Word], t.Weight)
}

func (w *window) remove(term int) {
	t := &w.terms[term]
	w.count[term]--
	if w.words[t.Word]--; w.words[t.Word] == 0 {
		w.best[t.Word] = 0
		return
	}
	if w.byWord == nil || w.count[term] > 0 || t.Weight < w.best[t.Word] {
		return
	}
	w.best[t.Word] = 0
	for _, i := range w.byWord[t.Word] {
		if w.count[i] > 0 {
			w.best[t.Word] = max(w.best[t.Word], w.terms[i].Weight)
		}
	}
}

// pair notes n more matches of a term's word that stand right behind another word.
func (w *window) pair(term, n int) { w.pairs[w.terms[term].Word] += n }

// score sums over the query words the weight of their best term in the window, with what
// they gain by standing right behind one another.
func (w *window) score() float64 {
	sum := 0.0
	for i, weight := range w.best {
		if sum += weight; w.pairs[i] > 0 {
			sum += behind * weight
		}
	}
	return sum
}

// passage is the piece text[start:end] that a snippet shows.
type passage struct {
	text       string
	start, end int
	budget     int // characters that may still be added
}

// grow makes the matches [first,last) into a passage of whole words.
func (p *passage) grow(first, last int) {
	p.start, p.end = first, first
	p.right(last)
	if !startsSentence(p.text, p.start) {
		p.left(p.budget / 3)
	}
	p.right(len(p.text))
	if p.end == len(p.text) {
		p.left(p.budget)
	}
}

// right extends the passage to limit at most, as far as the budget reaches, and
// back to the end of a word if it reaches no further.
func (p *passage) right(limit int) {
	end, n := p.end, p.budget
	for end < limit && n > 0 {
		_, size := utf8.DecodeRuneInString(p.text[end:])
		end += size
		n--
	}
	if end < len(p.text) && end < limit {
		end = p.backToWordEnd(end)
	}
	p.budget -= utf8.RuneCountInString(p.text[p.end:end])
	p.end = end
}

// backToWordEnd moves a cut at end back to the space before the word it would cut,
// or, where there is none near, before the marks that belong to a character.
func (p *passage) backToWordEnd(end int) int {
	next, _ := utf8.DecodeRuneInString(p.text[end:])
	if isSpace(next) || analysis.Unspaced(next) && mayCut(p.text, end) {
		return end
	}
	const near = 40 * utf8.UTFMax
	from := max(p.end, end-near)
	if i := strings.LastIndexFunc(p.text[from:end], isSpace); i > 0 || i == 0 && from > p.start {
		return from + i
	}
	for end > p.end && !mayCut(p.text, end) {
		_, size := utf8.DecodeLastRuneInString(p.text[:end])
		end -= size
	}
	return end
}

// mayCut reports whether a text may be cut at i without tearing a character from
// its marks.
func mayCut(text string, i int) bool {
	const joiner = 0x200D
	next, _ := utf8.DecodeRuneInString(text[i:])
	last, _ := utf8.DecodeLastRuneInString(text[:i])
	isModifier := next >= 0x1F3FB && next <= 0x1F3FF
	return !unicode.IsMark(next) && next != joiner && last != joiner && !isModifier
}

// left extends the passage by n characters at most: to the start of the sentence
// if that is in reach, else to the start of a word.
func (p *passage) left(n int) {
	start, sentence, word := p.start, -1, p.start
	for i := 0; ; i++ {
		if startsSentence(p.text, start) && start < p.start {
			sentence = start
			break
		}
		if startsWord(p.text, start) {
			word = start
		}
		if i == n || start == 0 {
			break
		}
		_, size := utf8.DecodeLastRuneInString(p.text[:start])
		start -= size
	}
	if start = word; sentence >= 0 {
		start = sentence
	}
	p.budget -= utf8.RuneCountInString(p.text[start:p.start])
	p.start = start
}

func startsWord(text string, i int) bool {
	last, _ := utf8.DecodeLastRuneInString(text[:i])
	next, _ := utf8.DecodeRuneInString(text[i:])
	return isSpace(last) && !isSpace(next) || analysis.Unspaced(next) && mayCut(text, i)
}

// startsSentence reports whether a sentence or line starts at i.
func startsSentence(text string, i int) bool {
	const near = 64 // A longer gap counts as the end of a sentence.
	around := text[max(0, i-near):i]
	before := strings.TrimRightFunc(around, isSpace)
	if before == "" {
		return true
	}
	gap := around[len(before):]
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(text[i:])
	return gap != "" && !isSpace(next) && (endsWithStop(last) || strings.Contains(gap, "\n")) || isFullStop(last)
}

func endsWithStop(r rune) bool { return strings.ContainsRune(".!?:", r) }

// isFullStop: these end a sentence without a space.
func isFullStop(r rune) bool { return strings.ContainsRune("。！？", r) }

// isBlank reports whether nothing can be seen in s.
func isBlank(s string) bool { return strings.TrimLeftFunc(s, isSpace) == "" }

// render writes the passage with those of the spans that lie in it.
func (p *passage) render(all []span) string {
	w := writer{oneLine: true, inSpace: true}
	if !isBlank(p.text[:p.start]) {
		w.b.WriteString(ellipsis)
	}
	at := p.start
	for _, s := range all {
		from, to := max(s.start, p.start), min(s.end, p.end)
		if from >= to {
			continue
		}
		w.text(p.text[at:from])
		w.mark(p.text[from:to])
		at = to
	}
	w.text(strings.TrimRightFunc(p.text[at:p.end], isSpace))
	if !isBlank(p.text[p.end:]) {
		w.b.WriteString(ellipsis)
	}
	return w.b.String()
}
