package query

import (
	"strings"
	"unicode/utf8"
)

// Limits of a query; what is beyond them is ignored.
const (
	// MaxTerms is the number of words that count, those in phrases and in words with
	// punctuation ("a/b") included. Each Han, Kana, Hangul or Thai character counts.
	MaxTerms = 64
	// MaxWordBytes is the length at which one word or phrase is cut.
	MaxWordBytes = 512
	// ProseWords is the number of plain words from which a query is taken for a text
	// that was pasted: quotation marks in it are quotations then, not an operator,
	// and a phrase ranks like a word unless it has a plus.
	ProseWords = 8
)

// Parse reads what a person typed. It never fails: what cannot be read as syntax
// is searched as words. See Help for the language.
func Parse(q string) Query {
	p := newParser(q)
	p.run()
	return p.query(q)
}

// Clause names a list of a Query.
type Clause uint8

// The clauses; InNone means none of them.
const (
	InNone Clause = iota
	InOptional
	InRequired
	InExcluded
)

// Unfinished tells in which clause the word is that a person may still be typing:
// the last node of that list (of an Or its last node, of a Field its value) is the
// last word of Raw, and nothing ends it there: no space, closing quote,
// parenthesis or comma. InNone when the text ends otherwise.
func (q Query) Unfinished() Clause {
	p := newParser(q.Raw)
	p.run()
	if p.finished || len(p.items) == 0 {
		return InNone
	}
	built := p.query(q.Raw)
	switch last := p.items[len(p.items)-1]; {
	case last.or:
		return InNone
	case last.sign == '-':
		return InExcluded
	case len(built.Required) > 0 && p.lastRequired:
		return InRequired
	}
	return InOptional
}

// item is an operand with its sign, or the operator OR.
type item struct {
	sign  byte // '+', '-' or 0
	or    bool
	nodes []Node // more than one for a list
}

type parser struct {
	rest     string
	budget   int
	items    []item
	ended    bool // the last chunk is followed by something
	finished bool // the text does not end inside its last item
	// lastRequired is set by query: the last group went into Required.
	lastRequired bool
	// quoted are the places in Required of phrases without a plus.
	quoted map[int]bool
}

func newParser(q string) *parser {
	if !utf8.ValidString(q) {
		q = strings.ToValidUTF8(q, "\uFFFD")
	}
	return &parser{rest: q, budget: MaxTerms, finished: true}
}

func (p *parser) run() {
	for p.budget > 0 {
		p.rest = strings.TrimLeftFunc(p.rest, func(r rune) bool { return isSpace(r) || r == '(' })
		if p.rest == "" {
			return
		}
		p.finished = true
		p.item()
	}
	if p.rest != "" {
		p.finished = true
	}
}

// item reads one operand or operator. It always consumes something.
func (p *parser) item() {
	signs := p.rest[:len(p.rest)-len(strings.TrimLeft(p.rest, "+-"))]
	p.rest = p.rest[len(signs):]
	after := firstRune(p.rest)
	if p.rest == "" || isSpace(after) || after == '(' {
		return
	}
	sign := byte(0)
	if signs == "+" || signs == "-" || signs == "+--" {
		sign = signs[0]
	}
	if after, ok := cutQuote(p.rest); ok {
		p.phrase(after, sign)
		return
	}
	isFlag := strings.HasPrefix(strings.TrimPrefix(signs, "+"), "--")
	if isFlag {
		p.word("--"+p.chunk(), sign)
		return
	}
	if p.field(sign) {
		return
	}
	text := p.chunk()
	if text == "OR" && signs == "" {
		p.items = append(p.items, item{or: true})
		return
	}
	p.word(text, sign)
}

// phrase reads a phrase whose opening quote was removed; without a closing one
// the quote is dropped, and words follow.
func (p *parser) phrase(after string, sign byte) {
	inside, rest, ok := quoted(after)
	if !ok {
		p.rest = after
		return
	}
	p.rest = rest
	inside, words := fit(inside, p.budget, MaxWordBytes)
	if inside = oneLine(inside); searchable(inside) {
		p.add(item{sign: sign, nodes: []Node{Phrase{inside}}}, words)
	}
}

// chunk consumes what stands before the next space or quote, without the
// punctuation at its end.
func (p *parser) chunk() string {
	text := p.rest
	if i := strings.IndexFunc(text, endsChunk); i >= 0 {
		text = text[:i]
	}
	p.rest = p.rest[len(text):]
	trimmed := trimEnd(text)
	p.ended = p.rest != "" || len(trimmed) < len(text)
	return trimmed
}

// word adds a plain word, cut to the limits.
func (p *parser) word(text string, sign byte) {
	short, words := fit(text, p.budget, MaxWordBytes)
	if short != text {
		short = withoutField(trimEnd(short))
		p.ended = true
	}
	if short == "OR" {
		short = "or"
	}
	if searchable(short) {
		p.add(item{sign: sign, nodes: []Node{Word{short}}}, words)
		p.finished = p.ended
	}
}

// withoutField removes the names of fields before a text that, cut short, would now
// be read as a field's value.
func withoutField(s string) string {
	for {
		_, _, rest, ok := cutKeyword(s)
		if !ok || !(&parser{rest: s, budget: MaxTerms}).field(0) {
			return s
		}
		s = strings.TrimLeft(rest, "+-(")
	}
}

func (p *parser) add(it item, words int) {
	p.budget -= words
	p.items = append(p.items, it)
}

// query groups the items by OR and sorts the groups into clauses.
func (p *parser) query(raw string) Query {
	q := Query{Raw: raw}
	items := p.items
	for i := 0; i < len(items); {
		var group []item
		group, i = takeGroup(items, i)
		p.place(&q, group)
	}
	if q.IsEmpty() && len(items) > 0 {
		q.Optional = []Node{Word{"or"}}
	}
	if q.prose() {
		p.loosen(&q)
	}
	return q
}

// loosen makes quotations rank instead of select, but for those with a plus. They
// come before the words, so that the last word stays the last node.
func (p *parser) loosen(q *Query) {
	var loose, required []Node
	for i, n := range q.Required {
		if p.quoted[i] {
			loose = append(loose, n)
		} else {
			required = append(required, n)
		}
	}
	q.Optional, q.Required = append(loose, q.Optional...), required
}

// takeGroup takes the operand at i with all that OR joins to it. An OR that has
// no operand on both sides, or an excluded one, joins nothing.
func takeGroup(items []item, i int) (group []item, next int) {
	for i < len(items) && items[i].or {
		i++
	}
	for i < len(items) {
		group = append(group, items[i])
		i++
		next := i
		for next < len(items) && items[next].or {
			next++
		}
		if next == i || next == len(items) || items[next].sign == '-' || group[0].sign == '-' {
			return group, next
		}
		i = next
	}
	return group, i
}

// place puts a group of operands into its clause.
func (p *parser) place(q *Query, group []item) {
	var nodes []Node
	required := false
	for _, it := range group {
		nodes = append(nodes, it.nodes...)
		required = required || it.sign == '+'
	}
	switch {
	case len(nodes) == 0:
		return
	case group[0].sign == '-':
		q.Excluded = append(q.Excluded, nodes...)
		return
	}
	node := nodes[0]
	if len(nodes) > 1 {
		node = Or{nodes}
	}
	p.lastRequired = required || !optional(node)
	if p.lastRequired {
		if _, phrase := node.(Phrase); phrase && !required {
			if p.quoted == nil {
				p.quoted = make(map[int]bool)
			}
			p.quoted[len(q.Required)] = true
		}
		q.Required = append(q.Required, node)
	} else {
		q.Optional = append(q.Optional, node)
	}
}

// optional reports whether a node without a plus only ranks: a word, or a group
// of words.
func optional(n Node) bool {
	switch n := n.(type) {
	case Word:
		return true
	case Or:
		return onlyWords(n)
	}
	return false
}
