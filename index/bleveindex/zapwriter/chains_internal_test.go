package zapwriter

// Claims: a chain gives back the occurrences of a term, however many pieces they take, and
// chains of other terms between them; terms of the same hash are told apart, whether they were
// looked at before or after the other was added.

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestChains(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // reproducible
	const terms = 50
	type occurrence struct{ doc, position uint32 }
	want := make([][]occurrence, terms)
	var c chains
	for n := range uint32(terms) {
		c.start(0, n+1)
		want[n] = []occurrence{{0, n + 1}}
	}
	for range 40_000 {
		n := uint32(r.IntN(terms) * r.IntN(terms) / terms) //nolint:gosec // not negative
		last := want[n][len(want[n])-1]
		next := occurrence{last.doc, last.position + 1 + r.Uint32N(300)}
		if r.IntN(3) == 0 {
			next = occurrence{last.doc + 1 + r.Uint32N(1<<r.IntN(18)), 1 + r.Uint32N(1<<r.IntN(22))}
		}
		c.add(n, next.doc, next.position)
		want[n] = append(want[n], next)
	}
	for n := range want {
		data, at := c.appendTo(nil, uint32(n)), occurrence{} //nolint:gosec // not negative
		for i, w := range want[n] {
			v, size := binary.Uvarint(data)
			data = data[size:]
			at.position += uint32(v >> 1) //nolint:gosec // written from a uint32
			if v&1 == 1 {
				at.doc += uint32(v >> 1) //nolint:gosec // written from a uint32
				p, size := binary.Uvarint(data)
				at.position, data = uint32(p), data[size:] //nolint:gosec // written from a uint32
			}
			if at != w {
				t.Fatalf("term %d, occurrence %d of %d: %v, want %v", n, i, len(want[n]), at, w)
			}
		}
		if len(data) > 0 {
			t.Errorf("term %d: %d bytes too many", n, len(data))
		}
	}
}

func TestTermsOfTheSameHash(t *testing.T) {
	a, b := sameHash(t)
	table := newTermTable()
	before := table.sight(b)
	first := table.intern(a, table.sight(a))
	second := table.intern(b, before)
	if first == second || string(table.term(first)) != a || string(table.term(second)) != b {
		t.Errorf("%q is %d, %q is %d", a, first, b, second)
	}
	for want, term := range []string{a, b} {
		if got := table.intern(term, table.sight(term)); got != uint32(want) { //nolint:gosec // 0 or 1
			t.Errorf("%q is %d again, was %d", term, got, want)
		}
	}
}

// sameHash finds two terms of the same hash.
func sameHash(t *testing.T) (a, b string) {
	t.Helper()
	seen := make(map[uint32]string)
	for i := range 2_000_000 {
		term := "term" + strconv.Itoa(i)
		h := hashTerm(term)
		if other, ok := seen[h]; ok {
			return other, term
		}
		seen[h] = term
	}
	t.Fatal("no two terms of the same hash")
	return "", ""
}
