package curation

// StopWords says which words of a query do not count, beyond those of the languages.
type StopWords struct {
	// Drop do not count, unless a query has nothing else.
	Drop []string `json:"drop"`
	// Keep count like any other word, though a language has them as stop words.
	Keep []string `json:"keep"`
}

const maxStopWords = 10_000

// ParseStopWords reads a document of stop words, JSON or YAML. The error is an *Error.
func ParseStopWords(data []byte) (StopWords, error) {
	t, err := parseTree(data)
	if err != nil {
		return StopWords{}, err
	}
	r, out := &reader{}, StopWords{}
	if r.object(t, "", "drop", "keep") {
		out.Drop, out.Keep = r.stopWords(t, "drop"), r.stopWords(t, "keep")
	}
	dropped := map[string]bool{}
	for _, w := range out.Drop {
		dropped[w] = true
	}
	for _, w := range out.Keep {
		if dropped[w] {
			r.fail(t, "keep", "%q is in drop too", w)
		}
	}
	return result(r, out)
}

// stopWords is a member that lists single words.
func (r *reader) stopWords(t *tree, name string) []string {
	list := t.member(name)
	out := r.texts(list, name, maxStopWords)
	for _, w := range out {
		if n := positions(w); n != 1 {
			r.fail(list, name, "%q has %d words; a stop word is one", w, n)
		}
	}
	return out
}
