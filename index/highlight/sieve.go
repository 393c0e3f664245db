package highlight

// sieve finds where in a text a match may start, at about two nanoseconds a byte,
// where analysis takes ten. It knows the first letters
// of the terms. It never misses a match: what it cannot judge passes.
type sieve struct {
	// triples has a bit for each three first bytes of a term, five bits of a byte.
	triples [1 << 15 / 64]uint64
	any     bool // some term cannot be judged by its first letters
}

const (
	letterBits = 5
	letterMask = 1<<letterBits - 1
	tripleMask = 1<<(3*letterBits) - 1
)

// add makes a term pass. A term of up to three bytes is known by its first only:
// a stem so short may differ from its words in the second letter (die, dying), and
// initials are written with full stops.
func (s *sieve) add(term string) {
	for i := range min(len(term), 3) {
		s.any = s.any || term[i] >= 0x80
	}
	if s.any {
		return
	}
	if len(term) > 3 {
		s.set(uint(term[0]&letterMask)<<(2*letterBits) | uint(term[1]&letterMask)<<letterBits | uint(term[2]&letterMask))
		return
	}
	first := uint(term[0]&letterMask) << (2 * letterBits)
	for rest := range uint(1 << (2 * letterBits)) {
		s.set(first | rest)
	}
}

func (s *sieve) set(triple uint) { s.triples[triple/64] |= 1 << (triple % 64) }

// next is the first byte of text from at that a match may start at, len(text) if
// there is none. Bytes beyond ASCII may fold to anything, and a term may be written
// with a full stop or comma as its second or third byte: A.M., 1,600.
func (s *sieve) next(text string, at int) int {
	if s.any {
		return at
	}
	triple := uint(0)
	for i := at; i < len(text)+2; i++ {
		c := byte(0) // The last two bytes may start a short term.
		if i < len(text) {
			c = text[i]
		}
		triple = (triple<<letterBits | uint(c&letterMask)) & tripleMask
		switch {
		case i >= at+2 && s.has(triple):
			return i - 2
		case c >= 0x80:
			return i
		case (c == '.' || c == ',') && inside(text, i):
			return i - 1
		}
	}
	return len(text)
}

func (s *sieve) has(triple uint) bool { return s.triples[triple/64]&(1<<(triple%64)) != 0 }

// inside reports whether the separator at i joins two characters to one token
// that starts at most two bytes before.
func inside(text string, i int) bool {
	return i > 0 && i+1 < len(text) && alphanumeric(text[i-1]) && alphanumeric(text[i+1]) &&
		(i < 3 || !alphanumeric(text[i-2]) || !alphanumeric(text[i-3]))
}

func alphanumeric(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }
