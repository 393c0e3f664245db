package corpus

// The claim: no bytes in the values of the two files make their readers panic or take
// memory out of proportion, and what was packed is unpacked the same.

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func FuzzUnpack(f *testing.F) {
	row := Row{
		ID:    "a",
		Shown: []Neighbour{{ID: "b", Score: 0.5, Reasons: []string{"both about x", ""}, Fill: true, Explain: []byte(`{"op":"leaf"}`)}, {ID: "c"}},
		Raw:   []RawNeighbour{{"b", 0.5}, {"bc", 0.25}, {"", 0}},
	}
	v, err := packRow(&row)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(v)
	f.Add([]byte{})
	f.Add([]byte{1, 0, 0})
	f.Add(entry{kind: kindPost, id: "a", packed: []byte{2, 4, '{', '}'}}.append(nil))
	f.Add(head{kind: kindPost}.append(nil))
	f.Fuzz(func(t *testing.T, v []byte) {
		if r, err := unpackRow("a", v); err == nil {
			again, err := packRow(&r)
			if err != nil {
				return // A score or explanation that packRow would not have written.
			}
			r2, err := unpackRow("a", again)
			if d := cmp.Diff(r, r2); d != "" || err != nil {
				t.Fatalf("unpacked again: %v (-first +again):\n%s", err, d)
			}
		}
		if e, err := parseEntry(v); err == nil {
			_, _ = e.post()
			if again := e.append(nil); string(again) != string(v) {
				t.Fatalf("entry %x became %x", v, again)
			}
		}
		if h, err := parseHead(v); err == nil {
			if again := h.append(nil); string(again) != string(v) {
				t.Fatalf("head %x became %x", v, again)
			}
		}
	})
}
