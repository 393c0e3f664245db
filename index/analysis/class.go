package analysis

import "strings"

// class says what an ASCII byte does in a token.
type class uint8

const (
	lower class = 1 << iota
	upper
	digit
	under // the underscore
	join  // punctuation that may stand within a token, by rules of its own
	high  // a byte of a character beyond ASCII

	letter    = lower | upper
	wordClass = letter | digit | under
)

// classes is zero for what always separates.
//
//nolint:gochecknoglobals // immutable table
var classes = makeClasses()

func makeClasses() (t [256]class) {
	for c := range t {
		switch b := byte(c); {
		case b >= 'a' && b <= 'z':
			t[c] = lower
		case b >= 'A' && b <= 'Z':
			t[c] = upper
		case b >= '0' && b <= '9':
			t[c] = digit
		case b == '_':
			t[c] = under
		case b >= 0x80:
			t[c] = high
		}
	}
	for _, b := range []byte(".-/:@'+#,") {
		t[b] = join
	}
	return t
}

// lowerASCII gives s with its ASCII capitals made small and all else untouched,
// so that offsets stay. It returns s itself when there are none.
func lowerASCII(s string) string {
	first := 0
	for first < len(s) && classes[s[first]] != upper {
		first++
	}
	if first == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:first])
	for i := first; i < len(s); i++ {
		c := s[i]
		if classes[c] == upper {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// isASCII reports whether s has ASCII bytes only.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
