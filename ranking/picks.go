package ranking

import (
	"slices"
	"strings"
	"unicode"

	"alphanode/corpus"
)

// The difficulties of an info; 0 is none given.
const (
	beginnerLevel = 1 + iota
	intermediateLevel
)

// level is the difficulty for an order: one that is not given counts as the
// middle.
func (i *info) level() uint8 {
	if i.difficulty == 0 {
		return intermediateLevel
	}
	return i.difficulty
}

// easyFirst reorders the list of a beginner's post: an easier neighbour goes
// before the harder ones next to it, as long as their scores are not more than
// EasyFirst times its own. Pins and fill stay where they are.
func (s *shortlist) easyFirst() {
	if s.asked.info.difficulty != beginnerLevel || s.rules.EasyFirst == 0 {
		return
	}
	list := s.ranked()
	for k := range list {
		for j := k; j > 0 && s.passes(list[j], list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

func (s *shortlist) passes(a, b shown) bool {
	easier := s.model.infos[a.post].level() < s.model.infos[b.post].level()
	return easier && b.score <= s.rules.EasyFirst*a.score
}

// ranked is the part of the list that is neither pins nor fill.
func (s *shortlist) ranked() []shown {
	from := 0
	for from < len(s.list) && s.list[from].pinned {
		from++
	}
	to := from
	for to < len(s.list) && !s.list[to].fill {
		to++
	}
	return s.list[from:to]
}

// mark picks the neighbour to go deeper with and the one to start with: the first
// of each kind that is related closely enough.
func (s *shortlist) mark() {
	list := s.ranked()
	best := 0.0
	for _, c := range list {
		best = max(best, c.score)
	}
	for _, p := range []struct {
		pick corpus.Pick
		fits func(a, b *info) bool
	}{{corpus.GoDeeper, deeper}, {corpus.StartHere, easier}} {
		at := slices.IndexFunc(list, func(c shown) bool {
			return c.pick == corpus.NoPick && c.score >= s.rules.Picks*best && p.fits(&s.asked.info, &s.model.infos[c.post])
		})
		if at >= 0 {
			list[at].pick = p.pick
		}
	}
}

// deepEnough is the depth from which a post is one to go deeper with.
const deepEnough = 50

// deeper is true when b asks more of its reader than a: a greater difficulty or,
// where that does not decide, clearly more depth, and much of it.
func deeper(a, b *info) bool {
	if a.difficulty > 0 && b.difficulty > 0 && a.difficulty != b.difficulty {
		return b.difficulty > a.difficulty
	}
	return !b.introductory && b.signals.Depth >= deepEnough && b.signals.Depth-a.signals.Depth >= deeperPoints
}

// easier is true when b is to be read before a: it is less difficult or, where
// that does not decide, an introduction when a is none.
func easier(a, b *info) bool {
	if a.introductory || a.difficulty == beginnerLevel {
		return false
	}
	if a.difficulty > 0 && b.difficulty > 0 && a.difficulty != b.difficulty {
		return b.difficulty < a.difficulty
	}
	return b.introductory
}

// introductoryPhrases are those of English.
func introductoryPhrases() []string {
	return []string{
		"101", "a tour of", "basics", "beginner", "beginners", "crash course", "first steps", "for newcomers", "getting started",
		"hello world", "intro", "intro to", "introduction", "primer", "quick start", "quickstart", "tutorial", "what is", "your first",
	}
}

// introduces is true for a title that has one of the phrases, which are spaced.
func introduces(title string, phrases []string) bool {
	words := spaced(title)
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(words, p) })
}

func spacedAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = spaced(t)
	}
	return out
}

// spaced is a text folded, its words set apart by one space, with one before and
// after.
func spaced(text string) string {
	words := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}
