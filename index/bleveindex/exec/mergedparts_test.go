package exec

// Claim: what a word stands for is known by segment, whatever snapshot it was made for, until
// the segment is dropped.

import (
	"testing"

	"alphanode/index/bleveindex/postings"
)

func TestWordParts(t *testing.T) {
	a, b := &postings.Reader{}, &postings.Reader{}
	of := func(readers ...*postings.Reader) *searcher {
		s := &Snapshot{name: &name{}}
		for _, r := range readers {
			s.segments = append(s.segments, &Segment{shared: &Shared{reader: r}})
		}
		return &searcher{Snapshot: s}
	}
	m := &merged{docs: []uint32{1}}
	first := &wordParts{merged: []*merged{m}}
	first.take(of(a), nil)
	second := &wordParts{merged: []*merged{nil}}
	second.take(of(b), first)
	if got, ok := second.part(a); got != m || !ok {
		t.Fatal("the part of the snapshot before is lost")
	}
	if got, ok := second.part(b); got != nil || !ok {
		t.Fatal("that the word is not in a segment is not known")
	}
	if second.Size() <= first.Size() || second.Without(&postings.Reader{}) != postings.Whole(second) {
		t.Fatal("size, or what is without an unknown segment")
	}
	rest, _ := second.Without(a).(*wordParts)
	if _, ok := rest.part(a); ok || rest.of != nil || rest.Without(b) != nil {
		t.Fatal("a segment that was dropped is known")
	}
}
