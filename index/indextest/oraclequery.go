package indextest

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/query"
)

// term is one position of a query text: what stands there, the parts of it, and
// the wholes that begin there and go on.
type term struct {
	term          string
	kind          analysis.Kind
	offset        int
	parts, wholes []string
	synonyms      []variant
}

func (o *Oracle) terms(s string) []term {
	var out []term
	tokens := analysis.For(o.langs()[0]).Append(nil, s, analysis.Prose)
	for i, t := range tokens {
		n := len(out) - 1
		if i == 0 || tokens[i-1].Position != t.Position {
			out = append(out, term{offset: t.Position - tokens[0].Position})
			n++
		}
		whole := t.Kind != analysis.Word && slices.ContainsFunc(tokens[i:], func(u analysis.Token) bool {
			return u.Position > t.Position && u.End <= t.End
		})
		switch {
		case whole:
			out[n].wholes = append(out[n].wholes, t.Term)
		case out[n].term == "":
			out[n].term, out[n].kind = t.Term, t.Kind
		case t.Kind == analysis.Part && !o.opts.Plain:
			out[n].parts = append(out[n].parts, t.Term)
		}
	}
	for i := range out {
		if t := &out[i]; t.term == "" {
			t.term, t.kind, t.wholes = t.wholes[0], analysis.Identifier, t.wholes[1:]
		}
	}
	return out
}

// langs are the languages of the posts, most frequent first.
func (o *Oracle) langs() []string {
	counts := make(map[string]int)
	for _, p := range o.posts {
		for _, v := range p.values["lang"] {
			counts[analysis.Fold(v)]++
		}
	}
	if len(counts) == 0 {
		return []string{"en"}
	}
	return mostFrequent(counts, 1<<30)
}

func mostFrequent(counts map[string]int, limit int) []string {
	var out []string
	for v := range counts {
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return out[:min(limit, len(out))]
}

// run is one query: its languages, and what it did beyond its words.
type run struct {
	*Oracle
	req     *index.Request
	langs   []string
	stops   bool // stop words only: they count fully
	applied index.Applied
	fit     map[string]float64 // what a title term counts
	near    []nearWord
}

func (o *Oracle) newRun(req *index.Request) *run {
	r := &run{Oracle: o, req: req, fit: make(map[string]float64), langs: o.langs()}
	var asked []string
	for _, n := range req.Query.Required {
		if f, ok := n.(query.Field); ok && f.Name == "lang" {
			asked = append(asked, f.Value.(query.Word).Text)
		}
	}
	for _, f := range conjuncts(req.Filter) {
		if t, ok := f.(query.Term); ok && t.Field == "lang" {
			asked = append(asked, t.Value)
		}
	}
	if len(asked) > 0 {
		r.langs = asked
	}
	r.langs = r.langs[:min(4, len(r.langs))]
	r.stops = true
	for _, n := range slices.Concat(req.Query.Optional, req.Query.Required) {
		switch n := n.(type) {
		case query.Word:
			for _, t := range r.wordTerms(n.Text) {
				r.stops = r.stops && r.rawStopWeight(t.term) < 1
			}
		case query.Phrase, query.Or:
			r.stops = false
		}
	}
	return r
}

// wordTerms analyses a word in the first of the query's languages.
func (r *run) wordTerms(s string) []term {
	if r.langs[0] == r.Oracle.langs()[0] {
		return r.terms(s)
	}
	return NewOracleFor(r.opts, r.langs[0]).terms(s)
}

func (r *run) rawStopWeight(t string) float64 {
	if w, ok := r.req.Curation.StopWeight(t); ok {
		return w
	}
	return analysis.For(r.langs[0]).StopWeight(t)
}

func (r *run) stopWeight(t string) float64 {
	if r.stops || r.opts.Plain {
		return 1
	}
	return r.rawStopWeight(t)
}

// variant is something else that a word matches.
type variant struct {
	terms []string
	level index.Level
	// Of synonyms: how often a text has it, and the stems of its terms.
	count func(text) float64
	stems []string
}

// word scores one term with its stems and whatever it expands to.
func (r *run) word(t term, weight float64, field int, expand, typing bool) scores {
	stems := r.stems(t)
	var others []variant
	if len(t.parts) > 1 {
		others = append(others, variant{terms: t.parts, level: index.Synonym})
	}
	for _, v := range t.synonyms {
		if !typing || len(v.terms) > 1 || !strings.HasPrefix(v.terms[0], t.term) {
			others = append(others, v)
		}
	}
	if expand {
		others = r.expand(t, stems, others, field, typing)
	}
	if expand {
		r.askTitle(t, stems, others, weight)
	}
	return r.bm25f(weight, field, func(f text) float64 { return r.frequency(f, t.term, stems, others) })
}

func (r *run) frequency(f text, term string, stems []string, others []variant) float64 {
	exact, stem, inflected := f.term(term), 0.0, false
	for _, s := range stems {
		stem += f.count(func(tok token) bool { return tok.stem == s })
		if s != term {
			stem += f.term(s)
			inflected = true
		}
	}
	if inflected {
		stem = max(0, stem-exact)
	}
	level := r.scoring.LevelWeight
	tf := level[index.Exact]*exact + level[index.Stem]*stem
	for _, v := range others {
		if v.count != nil {
			tf += level[v.level] * v.count(f)
			continue
		}
		least := f.term(v.terms[0])
		for _, t := range v.terms[1:] {
			least = min(least, f.term(t))
		}
		tf += level[v.level] * least
	}
	return tf
}

func (r *run) stems(t term) []string {
	if r.opts.Plain || t.kind != analysis.Word && t.kind != analysis.Part {
		return nil
	}
	return r.stemsOf(t.term)
}

func (r *run) stemsOf(term string) []string {
	var out []string
	for _, lang := range r.langs {
		if s := analysis.For(lang).Stem(term); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (r *run) expand(t term, stems []string, others []variant, field int, typing bool) []variant {
	df := func() int {
		return len(r.bm25f(1, field, func(f text) float64 { return r.frequency(f, t.term, stems, others) }))
	}
	vocabulary := r.vocabulary(field)
	delete(vocabulary, t.term)
	main := analysis.For(r.langs[0])
	if typing || !r.opts.Plain && df() == 0 {
		found := make(map[string]int)
		for other, n := range vocabulary {
			if strings.HasPrefix(other, t.term) && (r.opts.Plain || len(stems) == 0 || main.Stem(other) != main.Stem(t.term)) {
				found[other] = n
			}
		}
		terms := mostFrequent(found, 1000)
		if len(terms) > 0 {
			r.applied.Prefixes = append(r.applied.Prefixes, index.Rewrite{Word: t.term, As: terms[:min(10, len(terms))]})
		}
		for _, other := range terms {
			others = append(others, variant{terms: []string{other}, level: index.Prefix})
			delete(vocabulary, other)
		}
	}
	for _, v := range t.synonyms {
		if len(v.terms) == 1 {
			delete(vocabulary, v.terms[0])
		}
	}
	for other := range vocabulary {
		if !r.opts.Plain && slices.ContainsFunc(r.stemsOf(other), func(s string) bool { return slices.Contains(stems, s) }) {
			delete(vocabulary, other)
		}
	}
	always := r.req.Typos == index.TyposAlways
	if !r.opts.Plain && t.kind != analysis.Word || r.req.Typos == index.TyposNever || !always && (r.opts.Plain || df() >= 5) {
		return others
	}
	var terms []string
	if r.opts.Plain {
		terms = oneEdit(t.term, vocabulary)
	} else {
		terms = nearest(t.term, vocabulary, always)
	}
	if len(terms) > 0 {
		r.applied.Typos = append(r.applied.Typos, index.Rewrite{Word: t.term, As: terms[:min(10, len(terms))]})
	}
	for _, other := range terms {
		others = append(others, variant{terms: []string{other}, level: index.Typo})
	}
	return others
}

// vocabulary counts, for each term, the posts that have it, field by field.
func (r *run) vocabulary(field int) map[string]int {
	out := make(map[string]int)
	for _, p := range r.posts {
		for i, f := range p.fields {
			if field >= 0 && i != field || field < 0 && r.scoring.Weight[r.fields[i].Name] <= 0 {
				continue
			}
			seen := make(map[string]bool)
			for _, tok := range f.tokens {
				if !seen[tok.term] {
					seen[tok.term] = true
					out[tok.term]++
				}
			}
		}
	}
	return out
}

// nearest are the words within the allowed distance, or those of them that are
// nearest.
func nearest(word string, vocabulary map[string]int, all bool) []string {
	n := utf8.RuneCountInString(word)
	limit := 0
	if n >= 4 && letters(word) {
		limit = 1
	}
	if n >= 8 && limit > 0 {
		limit = 2
	}
	first, _ := utf8.DecodeRuneInString(word)
	for d := 1; d <= limit; d++ {
		found := make(map[string]int)
		for other, n := range vocabulary {
			if strings.HasPrefix(other, string(first)) && letters(other) {
				if e := edits([]rune(word), []rune(other)); e == d || all && e <= limit {
					found[other] = n
				}
			}
		}
		if len(found) > 0 {
			return mostFrequent(found, 50)
		}
	}
	return nil
}

// oneEdit are all words one edit away with the same first letter.
func oneEdit(word string, vocabulary map[string]int) []string {
	found := make(map[string]int)
	first, _ := utf8.DecodeRuneInString(word)
	for other, n := range vocabulary {
		if strings.HasPrefix(other, string(first)) && edits([]rune(word), []rune(other)) <= 1 {
			found[other] = n
		}
	}
	return mostFrequent(found, len(found))
}

func letters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// edits is the number of insertions, deletions, replacements and swaps of
// neighbours between a and b, by its recursive definition.
func edits(a, b []rune) int {
	memo := make(map[[2]int]int)
	var d func(i, j int) int
	d = func(i, j int) int {
		if i == 0 || j == 0 {
			return i + j
		}
		if v, ok := memo[[2]int{i, j}]; ok {
			return v
		}
		v := d(i-1, j-1)
		if a[i-1] != b[j-1] {
			v = 1 + min(v, d(i-1, j), d(i, j-1))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, 1+d(i-2, j-2))
			}
		}
		memo[[2]int{i, j}] = v
		return v
	}
	return d(len(a), len(b))
}

func (r *run) askTitle(t term, stems []string, others []variant, weight float64) {
	ask := func(term string, share float64) { r.fit[term] = max(r.fit[term], share) }
	ask(t.term, weight)
	for _, s := range stems {
		ask(s, weight)
	}
	for _, v := range others {
		for _, term := range v.terms {
			ask(term, weight*r.scoring.LevelWeight[v.level])
		}
		for _, stem := range v.stems {
			ask(stem, weight*r.scoring.LevelWeight[v.level])
		}
	}
}
