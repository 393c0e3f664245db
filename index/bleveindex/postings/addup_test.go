package postings_test

import (
	"maps"
	"testing"

	"alphanode/index/bleveindex/postings"
)

// Claim: the postings of all terms of a field, added up without lists, are the sums of what their
// lists have, for lists, bits and runs of documents alike; single values are too.
func TestAddValue(t *testing.T) {
	const docs = 12_000
	seg := onDisk(t, build(t, docs, 11))
	r, err := postings.NewReader(seg, []string{"body", "code"})
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"body", "code"} {
		sum := postings.Sum{Set: make([]uint64, (docs+63)/64), Counts: make([]uint32, docs)}
		want := make(map[uint32]uint32)
		lex, err := r.Lexicon(field)
		if err != nil {
			t.Fatal(err)
		}
		for term, e := range lex.Range(0, lex.Len()) {
			l, err := r.Read(field, []byte(term))
			if err != nil {
				t.Fatal(err)
			}
			for i, doc := range l.Docs {
				want[doc] += l.Freq(i)
			}
			if err := r.AddValue(e.Value(), &sum); err != nil {
				t.Fatal(err)
			}
		}
		got := make(map[uint32]uint32)
		for doc, n := range sum.Counts {
			if n > 0 {
				got[uint32(doc)] = n //nolint:gosec // few
			}
			if has := sum.Set[doc>>6]>>(doc&63)&1 != 0; has != (n > 0) {
				t.Fatalf("post %d is in the set: %t, with %d", doc, has, n)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: sums of %d posts differ from those of %d", field, len(got), len(want))
		}
	}
}
