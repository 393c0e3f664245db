package curation

import (
	"slices"
	"strings"
	"sync"

	"alphanode/index/analysis"
)

// Set is what editors lay down for searches, ready to be asked. It is immutable and safe
// for concurrent use; nil is one that says nothing.
type Set struct {
	synonyms Synonyms
	stop     map[string]float64
	rules    []compiledRule

	mu     sync.Mutex
	byLang map[string]*lookup
}

// NewSet makes a Set of documents that were parsed.
func NewSet(synonyms Synonyms, stop StopWords, rules Rules) *Set {
	s := &Set{synonyms: synonyms, stop: make(map[string]float64, len(stop.Drop)+len(stop.Keep)), byLang: make(map[string]*lookup)}
	for _, w := range stop.Drop {
		s.stop[onlyTerm(w)] = 0
	}
	for _, w := range stop.Keep {
		s.stop[onlyTerm(w)] = 1
	}
	s.rules = compileRules(rules)
	return s
}

// onlyTerm is the term of a stop word.
func onlyTerm(w string) string {
	terms := Terms(analysis.For(""), w)
	if len(terms) == 0 {
		return ""
	}
	return terms[0]
}

// StopWeight is what a term counts in a query by the stop words of the editors; false
// when they say nothing of it.
func (s *Set) StopWeight(term string) (float64, bool) {
	if s == nil || len(s.stop) == 0 {
		return 0, false
	}
	w, ok := s.stop[term]
	return w, ok
}

// Synonyms are the sets as they were written.
func (s *Set) Synonyms() []SynonymSet {
	if s == nil {
		return nil
	}
	return s.synonyms.Sets
}

// Alternative says that a run of a query's terms also stands for other words.
type Alternative struct {
	// First and Count are the terms of the run.
	First, Count int
	// Text is the run as it is written in the synonyms, As what it also stands for.
	Text string
	As   []string
}

// Alternatives finds the synonyms of a query, given its terms in order, analysed in lang.
// From the first term on, the longest run that has synonyms is taken, and the search goes
// on behind it. A term matches one of a synonym that is equal to it, or to it without a
// plural s.
func (s *Set) Alternatives(lang string, terms []string) []Alternative {
	if s == nil || len(s.synonyms.Sets) == 0 {
		return nil
	}
	l := s.lookup(lang)
	var out []Alternative
	for i := 0; i < len(terms); {
		best := l.longest(terms[i:])
		if best == nil {
			i++
			continue
		}
		out = append(out, Alternative{First: i, Count: len(best.terms), Text: best.text, As: best.as})
		i += len(best.terms)
	}
	return out
}

// lookup is made once a language.
func (s *Set) lookup(lang string) *lookup {
	a := analysis.For(lang)
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.byLang[a.Lang()]
	if l == nil {
		l = newLookup(s.synonyms, a)
		s.byLang[a.Lang()] = l
	}
	return l
}

// lookup finds synonyms by their first term.
type lookup struct{ first map[string][]*source }

// source is a word or phrase that has synonyms.
type source struct {
	terms []string
	text  string
	as    []string
}

func newLookup(doc Synonyms, a *analysis.Analyzer) *lookup {
	b := lookupBuilder{analyzer: a, lookup: &lookup{first: make(map[string][]*source)}, known: make(map[string]*source)}
	for _, set := range doc.Sets {
		for i, w := range set.Words {
			for j, other := range set.Words {
				if i != j {
					b.add(w, other)
				}
			}
		}
		for _, from := range set.From {
			for _, to := range set.To {
				b.add(from, to)
			}
		}
	}
	return b.lookup
}

type lookupBuilder struct {
	*lookup
	analyzer *analysis.Analyzer
	known    map[string]*source // by terms
}

// add says that one entry finds another. An entry with the same terms is itself.
func (b *lookupBuilder) add(from, to string) {
	terms := Terms(b.analyzer, from)
	key := strings.Join(terms, " ")
	if len(terms) == 0 || key == strings.Join(Terms(b.analyzer, to), " ") {
		return
	}
	s := b.known[key]
	if s == nil {
		s = &source{terms: terms, text: from}
		b.known[key] = s
		b.first[terms[0]] = append(b.first[terms[0]], s)
	}
	if !slices.Contains(s.as, to) {
		s.as = append(s.as, to)
	}
}

// longest is the longest source that terms begin with; nil when there is none.
func (l *lookup) longest(terms []string) *source {
	var best *source
	for _, first := range singulars(terms[0]) {
		for _, s := range l.first[first] {
			if (best == nil || len(s.terms) > len(best.terms)) && s.begins(terms) {
				best = s
			}
		}
	}
	return best
}

// singulars are the term and what it may be the plural of.
func singulars(term string) []string {
	out := []string{term}
	if rest, ok := strings.CutSuffix(term, "s"); ok && len(rest) >= 2 {
		out = append(out, rest)
		if rest, ok := strings.CutSuffix(rest, "e"); ok && len(rest) >= 2 {
			out = append(out, rest)
		}
	}
	return out
}

func (s *source) begins(terms []string) bool {
	if len(terms) < len(s.terms) {
		return false
	}
	for i, t := range s.terms {
		if rest, ok := strings.CutPrefix(terms[i], t); !ok || rest != "" && rest != "s" && rest != "es" {
			return false
		}
	}
	return true
}

// Terms are the terms of a text, one for each position: the word or identifier that stands
// there, not the whole of a run that goes on over the next positions.
func Terms(a *analysis.Analyzer, text string) []string {
	var out []string
	tokens := a.Append(nil, text, analysis.Prose)
	for i := 0; i < len(tokens); {
		at, term, whole := tokens[i].Position, "", ""
		for ; i < len(tokens) && tokens[i].Position == at; i++ {
			switch t := &tokens[i]; {
			case goesOn(t, tokens[i:]):
				whole = t.Term
			case term == "":
				term = t.Term
			}
		}
		if term == "" {
			term = whole
		}
		out = append(out, term)
	}
	return out
}

// goesOn reports whether a token holds one at a later position.
func goesOn(whole *analysis.Token, rest []analysis.Token) bool {
	if whole.Kind == analysis.Word {
		return false
	}
	for _, t := range rest {
		if t.Position > whole.Position && t.End <= whole.End {
			return true
		}
	}
	return false
}
