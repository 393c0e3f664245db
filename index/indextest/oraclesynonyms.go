package indextest

import (
	"slices"
	"strings"

	"alphanode/index"
	"alphanode/index/curation"
	"alphanode/index/query"
)

// weave gives the terms of plain words their synonyms.
func (r *run) weave(nodes []query.Node) [][]term {
	out := make([][]term, len(nodes))
	var stretch []*term
	for i, n := range nodes {
		w, ok := n.(query.Word)
		if !ok {
			r.addSynonyms(stretch)
			stretch = nil
			continue
		}
		out[i] = r.wordTerms(w.Text)
		for j := range out[i] {
			stretch = append(stretch, &out[i][j])
		}
	}
	r.addSynonyms(stretch)
	return out
}

// addSynonyms takes, from the first term on, the longest run that has synonyms.
func (r *run) addSynonyms(terms []*term) {
	if r.opts.Plain {
		return
	}
	pairs := oneWay(r.req.Curation.Synonyms())
	for i := 0; i < len(terms); {
		n := 0
		for _, pair := range pairs {
			if from := r.wordTerms(pair[0]); len(from) > n && standsAt(from, terms[i:]) && !sameTerms(from, r.wordTerms(pair[1])) {
				n = len(from)
			}
		}
		if n == 0 {
			i++
			continue
		}
		r.addRun(terms[i:i+n], pairs)
		i += n
	}
}

func (r *run) addRun(terms []*term, pairs [][2]string) {
	var words, as []string
	for _, t := range terms {
		words = append(words, t.term)
	}
	var kept []term // The entry that is matched: the first of those as long.
	for _, pair := range pairs {
		from := r.wordTerms(pair[0])
		if len(from) != len(terms) || !standsAt(from, terms) || kept != nil && !sameTerms(from, kept) || sameTerms(from, r.wordTerms(pair[1])) || slices.Contains(as, pair[1]) {
			continue
		}
		kept = from
		as = append(as, pair[1])
		v := r.synonym(pair[1])
		for _, t := range terms {
			t.synonyms = append(t.synonyms, v)
		}
	}
	r.applied.Synonyms = append(r.applied.Synonyms, index.Rewrite{Word: strings.Join(words, " "), As: as})
}

// oneWay lists every pair of an entry and another that it finds.
func oneWay(sets []curation.SynonymSet) [][2]string {
	var out [][2]string
	for _, s := range sets {
		for i, from := range s.Words {
			for j, to := range s.Words {
				if i != j {
					out = append(out, [2]string{from, to})
				}
			}
		}
		for _, from := range s.From {
			for _, to := range s.To {
				out = append(out, [2]string{from, to})
			}
		}
	}
	return out
}

// standsAt: each term of from, or its plural in s or es.
func standsAt(from []term, terms []*term) bool {
	if len(from) > len(terms) {
		return false
	}
	for i, f := range from {
		if t := terms[i].term; t != f.term && t != f.term+"s" && t != f.term+"es" {
			return false
		}
	}
	return true
}

func sameTerms(a, b []term) bool {
	return slices.EqualFunc(a, b, func(x, y term) bool { return x.term == y.term })
}

// synonym counts a word in all its forms, or a phrase.
func (r *run) synonym(s string) variant {
	terms := r.wordTerms(s)
	v := variant{level: index.Synonym}
	for _, t := range terms {
		v.terms = append(v.terms, t.term)
		v.stems = append(v.stems, r.stems(t)...)
	}
	if len(terms) > 1 {
		v.count = func(f text) float64 { return r.termsCount(f, terms) }
		return v
	}
	word, stems := terms[0].term, v.stems
	v.count = func(f text) float64 { return forms(f, word, stems) }
	return v
}

// forms counts a word whichever its form.
func forms(f text, word string, stems []string) float64 {
	exact, stem, inflected := f.term(word), 0.0, false
	for _, s := range stems {
		stem += f.count(func(tok token) bool { return tok.stem == s })
		if s != word {
			stem += f.term(s)
			inflected = true
		}
	}
	if inflected {
		return max(exact, stem)
	}
	return exact + stem
}
