package ranking

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index/curation"
)

// Updates within a generation, proved here:
//  1. After thousands of random changes and deletes, of hubs too, one by one and in
//     batches, all rows are those of a rebuild under the same statistics, to the last
//     byte; so they are with pins and exclusions.
//  2. What a row depends on is all that makes it written: a change that says nothing
//     new writes none.

// site is a corpus that changes at random, with the rows that an updater keeps.
type site struct {
	t     *testing.T
	rng   *rand.Rand
	size  int
	posts map[string]corpus.Post
	rows  map[string]corpus.Row
	u     *updater
}

func newSite(t *testing.T, seed uint64, size, candidates int) *site {
	t.Helper()
	s := &site{t: t, rng: rand.New(rand.NewPCG(seed, 4)), size: size, posts: map[string]corpus.Post{}}
	posts := mixedPosts(seed, size)
	for _, p := range posts {
		s.posts[p.ID] = p
	}
	c := DefaultConfig()
	c.Rules.Shown, c.Rules.Raw = 4, 8 // Short lists, so that most changes concern few of them.
	c.Similar.Search.Candidates = candidates
	m := buildWith(t, posts, c)
	m.curate(pinned(size))
	s.u, s.rows = updaterOf(t, m)
	return s
}

// pinned puts a post on top of some lists and keeps another out of all.
func pinned(size int) curation.Similar {
	doc := curation.Similar{Exclude: []string{fmt.Sprintf("post-%d", size/2)}}
	for i := range 5 {
		doc.Posts = append(doc.Posts, curation.SimilarPost{ID: fmt.Sprintf("post-%d", i), Pin: []string{"post-7", fmt.Sprintf("post-%d", size+i)}})
	}
	return doc
}

// updaterOf makes all rows of a model, and the updater that keeps them.
func updaterOf(tb testing.TB, m *Model) (*updater, map[string]corpus.Row) {
	tb.Helper()
	u := newUpdater(m, &relisting{kernel: m.kernel()}, len(m.infos)*3/4)
	rows := map[string]corpus.Row{}
	err := m.all(tb.Context(), 0, nil, func(i int, row corpus.Row, least uint32) error {
		u.note(uint32(i), least, &row)
		rows[row.ID] = row
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return u, rows
}

// relisting counts the lists that were made again without a search, and those for
// which that did not do.
type relisting struct {
	*kernel
	again, short atomic.Int64
}

func (r *relisting) relist(v *view, n int, c *contenders) ([]Scored, uint32, bool) {
	list, least, ok := r.kernel.relist(v, n, c)
	if ok {
		r.again.Add(1)
	} else {
		r.short.Add(1)
	}
	return list, least, ok
}

// change makes a random change: mostly another text, at times a delete or the text of
// another post again, rarely something that no list depends on.
func (s *site) change() corpus.Change {
	i := s.rng.IntN(s.size + s.size/10)
	if s.rng.IntN(4) == 0 {
		i = 7 // A hub: pinned, and changed more often than any other.
	}
	id := fmt.Sprintf("post-%d", i)
	switch s.rng.IntN(10) {
	case 0, 1:
		return corpus.Delete(id)
	case 2:
		p := s.posts[id]
		p.ID, p.Payload = id, []byte(fmt.Sprintf(`{"n":%d}`, s.rng.IntN(1000)))
		return corpus.Put(p, corpus.PublishAll)
	case 3:
		p := s.posts[fmt.Sprintf("post-%d", s.rng.IntN(s.size))]
		p.ID = id
		return corpus.Put(p, corpus.PublishAll)
	}
	p := mixedPost(s.rng, i, s.size)
	if i == 7 {
		p.Title, p.Tags = "All", []string{"all"}
	}
	return corpus.Put(p, corpus.PublishAll)
}

// apply applies n changes of different posts.
func (s *site) apply(n int) {
	s.t.Helper()
	changes := map[string]corpus.Change{}
	for len(changes) < n {
		c := s.change()
		changes[c.ID] = c
	}
	list := slices.Collect(maps.Values(changes))
	d, err := s.u.apply(s.t.Context(), list, func(id string) (corpus.Row, bool, error) {
		row, ok := s.rows[id]
		return row, ok, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, id := range d.removed {
		delete(s.rows, id)
	}
	for _, row := range d.rows {
		s.rows[row.ID] = row
	}
	for _, c := range list {
		if delete(s.posts, c.ID); c.Post != nil {
			s.posts[c.ID] = *c.Post
		}
	}
}

// rebuilt are the rows of all posts, made from nothing under the same statistics.
func (s *site) rebuilt() map[string]corpus.Row {
	s.t.Helper()
	ids := slices.Sorted(maps.Keys(s.posts))
	var posts []corpus.Post
	for _, id := range ids {
		posts = append(posts, s.posts[id])
	}
	m := loadOf(s.t, s.u.model.frozen, posts)
	m.curate(pinned(s.size))
	_, rows := updaterOf(s.t, m)
	return rows
}

// sameRows compares rows but for what they need to be reached, which may be less.
func sameRows(tb testing.TB, want, got map[string]corpus.Row) {
	tb.Helper()
	for id, row := range got {
		if least := want[id].Least; slack(row.Least) > least { // The least of a row made anew is slack already.
			tb.Fatalf("%s can be reached with %d, its row says %d", id, least, row.Least)
		}
		w := want[id] // Row by row: a difference of all would take memory for all.
		if row.Least = w.Least; row.ID != w.ID || !sameLists(&w, &row) {
			tb.Fatalf("(-rebuilt +updated):\n%s", cmp.Diff(w, row))
		}
	}
	for id := range want {
		if _, ok := got[id]; !ok {
			tb.Fatalf("%s has no row", id)
		}
	}
}

func TestSameLists(t *testing.T) {
	row := func(score float64, reasons []string, raw float32) *corpus.Row {
		return &corpus.Row{Shown: []corpus.Neighbour{{ID: "a", Score: score, Reasons: reasons}}, Raw: []corpus.RawNeighbour{{ID: "a", Score: raw}}}
	}
	if !sameLists(row(1, nil, 1), row(1, []string{}, 1)) {
		t.Error("no reasons are not the same as none")
	}
	for _, b := range []*corpus.Row{row(2, nil, 1), row(1, []string{"x"}, 1), row(1, nil, 2)} {
		if sameLists(row(1, nil, 1), b) {
			t.Errorf("%+v is taken for another row", b)
		}
	}
}

func TestUpdatesAreRebuilds(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	var again, short int64
	for seed, tc := range []struct{ size, candidates int }{{120, 150}, {60, 150}, {8, 150}, {100, 13}} {
		s := newSite(t, uint64(seed), tc.size, tc.candidates)
		for range rounds {
			for range 15 {
				s.apply(1)
			}
			s.apply(min(1+s.rng.IntN(20), tc.size/2))
			sameRows(t, s.rebuilt(), maps.Clone(s.rows))
		}
		r := s.u.ranker.(*relisting)
		again, short = again+r.again.Load(), short+r.short.Load()
	}
	if again == 0 || short == 0 {
		t.Errorf("%d lists were made again from what was kept, for %d that did not do", again, short)
	}
}
