package analysis

import "strings"

// Analyzer turns text of one language into tokens. It is immutable and safe for
// concurrent use; For returns the same one for the same language.
type Analyzer struct {
	lang    string
	elides  bool // an apostrophe ends a word
	stem    func(string) string
	stop    map[string]float64
	repairs []suffix
}

// Lang is the language's primary subtag: "en"; "" when the analyzer knows no more
// than to fold. Two analyzers with the same Lang are the same.
func (a *Analyzer) Lang() string { return a.lang }

// For returns the analyzer of a BCP 47 language tag, of which only the primary
// subtag counts: "pt-BR" is Portuguese. The empty tag is English. A language that
// is not known gives an analyzer that folds but neither stems nor has stop words.
func For(lang string) *Analyzer {
	if a, ok := analyzers[lang]; ok {
		return a
	}
	lang, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(lang)), "-")
	lang, _, _ = strings.Cut(lang, "_")
	if a, ok := analyzers[lang]; ok {
		return a
	}
	return unknown
}

// Languages lists the primary subtags that have an analyzer of their own, in
// order. Chinese, Japanese and Korean are not among them: their text is cut the
// same way under every language.
func Languages() []string {
	langs := make([]string, 0, len(languages))
	for _, l := range languages {
		langs = append(langs, l.lang)
	}
	return langs
}

//nolint:gochecknoglobals // immutable tables
var (
	unknown   = &Analyzer{}
	analyzers = makeAnalyzers()
)

func makeAnalyzers() map[string]*Analyzer {
	m := make(map[string]*Analyzer, len(languages)+3)
	for _, l := range languages {
		m[l.lang] = l.analyzer()
	}
	m[""] = m["en"]
	m["nb"], m["nn"] = m["no"], m["no"]
	return m
}

// StopWeight is how much a word counts in a query: 0 for the 33 English stop words
// that Lucene made classic (other languages: a short list of articles, pronouns and
// the like), 0.3 for a longer English list of function words, else 1. It knows one
// word; what to do with a query of stop words only, see StopWeights.
func (a *Analyzer) StopWeight(term string) float64 {
	if w, ok := a.stop[term]; ok {
		return w
	}
	return 1
}

// StopWeights gives the weight of each word of a query. Where no word weighs 1, as
// in "to be or not to be" and "it", all weigh 1: such a query means its words.
func (a *Analyzer) StopWeights(terms []string) []float64 {
	weights := make([]float64, len(terms))
	hasContent := false
	for i, t := range terms {
		weights[i] = a.StopWeight(t)
		hasContent = hasContent || weights[i] == 1
	}
	if !hasContent {
		for i := range weights {
			weights[i] = 1
		}
	}
	return weights
}
