package exec

import (
	"strconv"
	"testing"
)

// Claims about the sets of beginnings that are remembered:
//  1. Those that are made ready at the start are all there.
//  2. Those that are asked for now and then stay, whatever many others are asked for once.
//  3. Those that are not asked for are forgotten: terms are bounded.

func TestPrefixSets(t *testing.T) {
	const ready, asked = 256, 128 // As many as are made ready, half of them asked for again.
	dear, rare := &prefixSet{terms: make([]string, maxPrefixTerms)}, &prefixSet{terms: make([]string, 20)}
	var sets prefixSets
	for i := range ready {
		sets.put("ready"+strconv.Itoa(i), dear)
	}
	for i := range ready {
		if name := "ready" + strconv.Itoa(i); !sets.has(name, dear) {
			t.Errorf("%s is forgotten", name)
		}
	}
	for i := range 100_000 {
		once := "once" + strconv.Itoa(i)
		if _, ok := sets.get(once); ok {
			t.Fatalf("%s is there before it was kept", once)
		}
		sets.put(once, rare)
		if name := "ready" + strconv.Itoa(i/16%asked); i%16 == 0 && !sets.has(name, dear) {
			t.Fatalf("%s is forgotten after %d others", name, i)
		}
	}
	if sets.has("once0", rare) || sets.has("ready200", dear) {
		t.Error("what is not asked for is kept for good")
	}
	checkSetTerms(t, sets.young)
	checkSetTerms(t, sets.old)
}

func (p *prefixSets) has(key string, want *prefixSet) bool {
	set, ok := p.get(key)
	return ok && set == want
}

func checkSetTerms(t *testing.T, sets map[string]*prefixSet) {
	t.Helper()
	terms := 0
	for _, set := range sets {
		terms += len(set.terms)
	}
	if terms > maxSetTerms {
		t.Errorf("%d terms, at most %d", terms, maxSetTerms)
	}
}
