package analysis

// Analyzer turns text of one language into tokens. It is immutable and safe for
// concurrent use.
type Analyzer struct {
	lang string
}

// For returns the analyzer of a BCP 47 language tag; "" is English.
func For(lang string) *Analyzer { return &Analyzer{lang: lang} }

// Append adds the tokens of text to dst.
func (a *Analyzer) Append(dst []Token, text string, _ Mode) []Token {
	pos := 0
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && isWordByte(text[j]) {
			j++
		}
		if j > i {
			dst = append(dst, Token{Term: Fold(text[i:j]), Position: pos, Start: i, End: j})
			pos++
		}
		i = j + 1
	}
	return dst
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

// Stem reduces a term to its stem.
func (a *Analyzer) Stem(term string) string { return term }

// StopWeight is the weight of a query word: 0, 0.3 or 1.
func (a *Analyzer) StopWeight(_ string) float64 { return 1 }

// Version changes whenever the same text may give other tokens or stems.
func Version() string { return "0" }
