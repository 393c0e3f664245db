package curation

import "alphanode/index/analysis"

// Synonyms says which words and phrases stand for others.
type Synonyms struct {
	Sets []SynonymSet `json:"synonyms"`
}

// SynonymSet is either Words, each of which finds all the others, or From, each of which
// finds every one of To, but not the other way round. An entry is a word or a phrase.
type SynonymSet struct {
	Words []string `json:"words,omitempty"`
	From  []string `json:"from,omitempty"`
	To    []string `json:"to,omitempty"`
}

// Bounds of a document of synonyms.
const (
	maxSets       = 20_000
	maxSetEntries = 100
	// maxPhrase is the most words that an entry has.
	maxPhrase = 8
)

// ParseSynonyms reads a document of synonyms, JSON or YAML. The error is an *Error.
func ParseSynonyms(data []byte) (Synonyms, error) {
	t, err := parseTree(data)
	if err != nil {
		return Synonyms{}, err
	}
	r, out := &reader{}, Synonyms{Sets: []SynonymSet{}}
	if r.object(t, "", "synonyms") {
		r.each(t.member("synonyms"), "synonyms", maxSets, func(t *tree, path string) {
			out.Sets = append(out.Sets, r.synonymSet(t, path))
		})
	}
	return result(r, out)
}

func (r *reader) synonymSet(t *tree, path string) SynonymSet {
	var s SynonymSet
	if !r.object(t, path, "words", "from", "to") {
		return s
	}
	words, from, to := t.member("words"), t.member("from"), t.member("to")
	switch {
	case words != nil && (from != nil || to != nil):
		r.fail(t, path, "has both words and from or to: it is one-way or not")
	case words != nil:
		if s.Words = r.phrases(words, join(path, "words")); len(s.Words) < 2 {
			r.fail(t, path, "must have at least two different words")
		}
	case from == nil || to == nil:
		r.fail(t, path, "must have words, or from and to")
	default:
		s.From, s.To = r.phrases(from, join(path, "from")), r.phrases(to, join(path, "to"))
		if len(s.From) == 0 || len(s.To) == 0 {
			r.fail(t, path, "from and to must not be empty")
		}
	}
	return s
}

// phrases is a list of entries that hold something to search for.
func (r *reader) phrases(t *tree, path string) []string {
	out := r.texts(t, path, maxSetEntries)
	for _, s := range out {
		switch n := positions(s); {
		case n == 0:
			r.fail(t, path, "%q has no letter or digit: it cannot be found", s)
		case n > maxPhrase:
			r.fail(t, path, "%q has %d words, more than %d", s, n, maxPhrase)
		}
	}
	return out
}

// positions is the number of words of an entry, whatever its language.
func positions(s string) int {
	tokens := analysis.For("").Append(nil, s, analysis.Prose)
	if len(tokens) == 0 {
		return 0
	}
	return tokens[len(tokens)-1].Position + 1
}
