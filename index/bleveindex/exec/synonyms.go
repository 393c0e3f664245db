package exec

import (
	"slices"
	"strings"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/bleveindex/postings"
	"alphanode/index/query"
)

// maxSynonyms is how many synonyms of one run of words are looked for.
const maxSynonyms = 50

// synonym is what a word also stands for: a word with its stems, or a phrase. Its
// frequency in a field is that of the word, whichever its form, or of the phrase.
type synonym struct {
	word        *word
	phrase      *phrase
	phraseStems []string
}

// weave gives the terms of a query's plain words their synonyms. A run of terms that has
// some may go over several nodes; each of its terms matches by them.
func (p *planner) weave(nodes []query.Node) [][]term {
	out := make([][]term, len(nodes))
	var run []*term
	for i, n := range nodes {
		w, ok := n.(query.Word)
		if !ok {
			p.addSynonyms(run)
			run = nil
			continue
		}
		out[i] = p.terms(w.Text)
		for j := range out[i][:p.curated(len(out[i]))] {
			run = append(run, &out[i][j])
		}
	}
	p.addSynonyms(run)
	return out
}

// woven are the terms of one word with their synonyms.
func (p *planner) woven(text string) []term {
	return p.weave([]query.Node{query.Word{Text: text}})[0]
}

// curated is how many of so many terms may have synonyms: none where nobody gave any.
func (p *planner) curated(terms int) int {
	if p.req.Curation == nil || p.s.config.Schema.Plain {
		return 0
	}
	return terms
}

func (p *planner) addSynonyms(run []*term) {
	if len(run) == 0 {
		return
	}
	terms := make([]string, len(run))
	for i, t := range run {
		terms[i] = t.term
	}
	for _, a := range p.req.Curation.Alternatives(p.langs[0], terms) {
		rewrite := index.Rewrite{Word: strings.Join(terms[a.First:a.First+a.Count], " ")}
		for _, as := range a.As[:min(len(a.As), maxSynonyms)] {
			s := p.synonymOf(as)
			if s == nil {
				continue
			}
			rewrite.As = append(rewrite.As, as)
			for _, t := range run[a.First : a.First+a.Count] {
				t.synonyms = append(t.synonyms, s)
			}
		}
		if len(rewrite.As) > 0 {
			p.plan.applied.Synonyms = append(p.plan.applied.Synonyms, rewrite)
		}
	}
}

// synonymOf gives nil for a text without terms.
func (p *planner) synonymOf(text string) *synonym {
	terms := p.terms(text)
	switch len(terms) {
	case 0:
		return nil
	case 1:
		return &synonym{word: p.plainWord(text, term{term: terms[0].term, kind: terms[0].kind}, anyField)}
	}
	var stems []string
	ph := &phrase{text: text, field: anyField, weight: 1}
	for _, t := range terms {
		ph.terms = append(ph.terms, phraseTerm{term: t.term, offset: uint32(t.offset)}) //nolint:gosec // not negative
		if t.kind == analysis.Word || t.kind == analysis.Part {
			stems = append(stems, p.stems(t.term)...)
		}
	}
	return &synonym{phrase: ph, phraseStems: stems}
}

// variant is the synonym as a way to match a word.
func (y *synonym) variant() variant {
	v := variant{level: index.Synonym, synonym: y}
	if y.word != nil {
		v.terms = []string{y.word.term}
		return v
	}
	for _, t := range y.phrase.terms {
		v.terms = append(v.terms, t.term)
	}
	return v
}

// stems are those of a synonym's words: titles are compared by them.
func (y *synonym) stems() []string {
	switch {
	case y == nil:
		return nil
	case y.word != nil:
		return y.word.stems
	default:
		return y.phraseStems
	}
}

// dropPrefixed takes out the synonyms that begin with the word itself: while it is typed
// they are found as its prefixes, and must not count twice.
func (w *word) dropPrefixed() {
	w.others = slices.DeleteFunc(w.others, func(v variant) bool {
		return v.synonym != nil && v.synonym.word != nil && strings.HasPrefix(v.synonym.word.term, w.term)
	})
}

// key identifies what the synonym matches.
func (y *synonym) key() string {
	if y.phrase != nil {
		return "p" + y.phrase.key()
	}
	return "w" + y.word.term + "\x00" + strings.Join(y.word.stems, "\x00")
}

// forms adds up the frequencies of a word, which are also among those of its stems when it
// is inflected.
func (w *word) forms(exact, stems float64) float64 {
	if w.inflected() {
		return max(exact, stems)
	}
	return exact + stems
}

// eachIn calls f with the live posts of a segment that have the synonym in a field, and how
// often they have it.
func (y *synonym) eachIn(s *searcher, seg, field int, f func(doc uint32, tf float64)) error {
	if y.phrase != nil {
		return y.phrase.eachIn(s, seg, field, f)
	}
	exact, stems := make(map[uint32]float64), make(map[uint32]float64)
	err := s.each(seg, field, y.word.term, func(doc uint32, tf float64) { exact[doc] = tf })
	for _, stem := range y.word.stemTerms() {
		if err == nil {
			err = s.each(seg, field, stem, func(doc uint32, tf float64) { stems[doc] += tf })
		}
	}
	if err != nil {
		return err
	}
	for doc, tf := range exact {
		f(doc, y.word.forms(tf, stems[doc]))
		delete(stems, doc)
	}
	for doc, tf := range stems {
		f(doc, y.word.forms(0, tf))
	}
	return nil
}

// frequencyOf is how often one post has the synonym in a field.
func (y *synonym) frequencyOf(s *searcher, seg, field int, doc uint32) (float64, error) {
	if y.phrase != nil {
		return y.phrase.frequencyOf(s, seg, field, doc)
	}
	exact, err := s.frequencyOf(seg, field, y.word.term, doc)
	if err != nil {
		return 0, err
	}
	stems := 0.0
	for _, stem := range y.word.stemTerms() {
		tf, err := s.frequencyOf(seg, field, stem, doc)
		if err != nil {
			return 0, err
		}
		stems += tf
	}
	return y.word.forms(exact, stems), nil
}

// variantList is the posts that a variant of several terms, or a synonym, matches.
func (s *searcher) variantList(seg, field int, v *variant) (*postings.List, error) {
	switch {
	case v.synonym == nil:
		return s.leastList(seg, field, v.terms)
	case v.synonym.phrase != nil:
		return s.phraseList(v.synonym.phrase, seg, field)
	default:
		return s.formsList(seg, field, v.synonym.word)
	}
}

// formsList is the posts that have a word in any of its forms.
func (s *searcher) formsList(seg, field int, w *word) (*postings.List, error) {
	exact, err := s.termList(seg, field, w.term)
	if err != nil {
		return nil, err
	}
	var stems []*postings.List
	for _, stem := range w.stemTerms() {
		l, err := s.termList(seg, field, stem)
		if err != nil {
			return nil, err
		}
		if l != nil {
			stems = append(stems, l)
		}
	}
	if len(stems) == 0 {
		return exact, nil
	}
	name := "\x06" + w.term + "\x00" + strings.Join(w.stems, "\x00")
	return s.computed(seg, field, name, func() (*postings.List, error) {
		return s.unite(seg, w, exact, stems), nil
	})
}

func (s *searcher) unite(seg int, w *word, exact *postings.List, stems []*postings.List) *postings.List {
	n := s.segments[seg].columns.Docs
	set, counts := s.scratch.bitset(n), s.scratch.countsOf(n)
	for _, l := range stems {
		for i, doc := range l.Docs {
			set.add(doc)
			counts[doc] += l.Freq(i)
		}
	}
	if exact != nil {
		for i, doc := range exact.Docs {
			set.add(doc)
			counts[doc] = uint32(w.forms(float64(exact.Freq(i)), float64(counts[doc])))
		}
	}
	docs, freqs := gatherCounts(set, counts)
	if len(docs) == 0 {
		return nil
	}
	return postings.NewList(docs, freqs)
}
