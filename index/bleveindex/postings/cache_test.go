package postings_test

import (
	"fmt"
	"sync"
	"testing"

	"alphanode/index/bleveindex/postings"
)

// The cache, proved here:
//  1. What was asked for since room was last needed stays longer than what was not.
//  2. What is kept is never over the budget, and Drop forgets a segment and no other, also
//     while others ask, keep and forget.
//  3. Large values do not push small ones out, as long as these take no more than their share.

// keep asks for a value of 100 bytes and some, and reports whether it had to be computed.
func keep(t *testing.T, c *postings.Cache, r *postings.Reader, name string) (computed bool) {
	t.Helper()
	v, err := c.Value(r, "", name, func() (any, int64, error) {
		computed = true
		return name, 100, nil
	})
	if err != nil || v != name {
		t.Errorf("%s: %v, %v", name, v, err)
	}
	return computed
}

func TestCacheKeepsWhatIsAskedFor(t *testing.T) {
	c, r := postings.NewCache(10*200), &postings.Reader{}
	keep(t, c, r, "wanted")
	for i := range 1000 {
		keep(t, c, r, fmt.Sprint(i))
		if i%3 == 0 && keep(t, c, r, "wanted") {
			t.Fatalf("what is asked for all the time is gone after %d others", i)
		}
	}
	if used := c.Used(); used > 10*200 || used < 9*190 {
		t.Errorf("%d bytes are kept", used)
	}
	if !keep(t, c, r, "0") {
		t.Error("what was asked for once, long ago, is there")
	}
}

func TestCacheDropsOneSegment(t *testing.T) {
	c := postings.NewCache(1 << 20)
	gone, stays := &postings.Reader{}, &postings.Reader{}
	for i := range 1000 {
		keep(t, c, gone, fmt.Sprint(i))
	}
	keep(t, c, stays, "x")
	c.Drop(gone)
	if used := c.Used(); used != 100+1+96 {
		t.Errorf("%d bytes are kept", used)
	}
	if keep(t, c, stays, "x") || !keep(t, c, gone, "8") {
		t.Error("the wrong segment was dropped")
	}
}

func TestCacheWhileOthersAsk(t *testing.T) {
	const budget = 50 * 200
	c := postings.NewCache(budget)
	segments := []*postings.Reader{{}, {}, {}}
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Go(func() {
			for i := range 3000 {
				r := segments[(i+g)%len(segments)]
				keep(t, c, r, fmt.Sprint(i*(g+1)%97))
				if i%501 == 0 {
					c.Drop(r)
				}
				if used := c.Used(); used > budget || used < 0 {
					t.Errorf("%d bytes are kept", used)
				}
			}
		})
	}
	wait.Wait()
	for _, r := range segments {
		c.Drop(r)
	}
	if used := c.Used(); used != 0 {
		t.Errorf("%d bytes are left", used)
	}
}

func TestCacheKeepsSmall(t *testing.T) {
	const budget, large, small = 1 << 20, 300 << 10, 1 << 10
	c, r := postings.NewCache(budget), &postings.Reader{}
	computed := make(map[int64]int)
	ask := func(name int, size int64) {
		t.Helper()
		_, err := c.Value(r, "", fmt.Sprint(size, name), func() (any, int64, error) {
			computed[size]++
			return name, size, nil
		})
		if err != nil || c.Used() > budget {
			t.Fatalf("%d: %d bytes, %v", name, c.Used(), err)
		}
	}
	for round := range 3 {
		for i := range 100 {
			ask(i, small)
		}
		for i := range 10 {
			ask(i, large)
		}
		if computed[small] != 100 || computed[large] <= 3*(round+1) {
			t.Fatalf("round %d: %d small ones and %d large ones were computed", round, computed[small], computed[large])
		}
	}
	for i := range 2000 {
		ask(i, small)
	}
	if ask(0, small); computed[small] != 2001 {
		t.Fatalf("%d small ones were computed, they take no more than the budget", computed[small])
	}
}
