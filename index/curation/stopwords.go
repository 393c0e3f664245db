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
		out.Drop, out.Keep = r.texts(t.member("drop"), "drop", maxStopWords), r.texts(t.member("keep"), "keep", maxStopWords)
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
