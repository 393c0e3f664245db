package ranking

import "strings"

// sayings are the words of a generation as reasons say them, worked out once.
// Immutable and safe for concurrent use.
type sayings struct {
	// words is each term as it is said, "" when it tells a reader nothing.
	words []string
	// compound has a bit for each term that is an identifier of several words.
	compound []uint64
	// sayable has a bit for each spelling that tells a reader something.
	sayable []uint64
}

func newSayings(f *frozen) *sayings {
	names := f.labels[termSpace].names
	s := &sayings{words: make([]string, len(names)), compound: make([]uint64, len(names)/64+1), sayable: make([]uint64, len(f.spelled.names)/64+1)}
	for id, name := range names {
		if text := f.label(termSpace, uint32(id)); sayable(text) {
			s.words[id] = text
		}
		if strings.ContainsAny(name, joints) {
			s.compound[id/64] |= 1 << (id % 64)
		}
	}
	for n, text := range f.spelled.names {
		if sayable(text) {
			s.sayable[n/64] |= 1 << (n % 64)
		}
	}
	return s
}

func hasBit(bits []uint64, n uint32) bool { return bits[n/64]>>(n%64)&1 != 0 }

// label is a feature as its readers write it: a term as it is mostly written,
// but by its stem where that is often written itself ("current", not "currently").
func (f *frozen) label(s spaceID, id uint32) string {
	name := f.labels[s].names[id]
	spelling, ok := f.written[s].of(id)
	if !ok {
		return name
	}
	text := f.spelled.names[spelling]
	if s == termSpace && f.written[s].isPlain(id) && folded(text) != name {
		return name
	}
	return text
}

// folded is fold, at once where there is nothing to fold.
func folded(s string) string {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 'A' && c <= 'Z' || c >= 0x7F {
			return fold(s)
		}
	}
	return s
}
