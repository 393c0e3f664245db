package exec

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"alphanode/index"
	"alphanode/index/bleveindex/postings"
)

// Claims about merged postings, of words of random postings in several fields, with and
// without stems, rare and frequent:
//  1. They are the union of the postings, and find gives the place of each post.
//  2. No post is worth more than its bound, or less than a step below; no bound is above that
//     of its block or span; also when average lengths change, stretched as stretch says.
//  3. The weighted frequency of a post, found from its place, is the one that was added
//     up window by window, to the last bit; also from compact lists.
//  4. Deleted posts are not counted.

const mergedPosts = 10_000

// mergedFixture is a segment without words.
func mergedFixture(rng *rand.Rand, fields int) *searcher {
	config := &Config{Scoring: index.DefaultScoring()}
	config.Schema.Text = index.TextFields()[:fields]
	columns := &Columns{Docs: mergedPosts}
	s := &searcher{Snapshot: &Snapshot{config: config, memo: &memo{}}, scratch: &scratch{}}
	for range fields {
		lengths := make([]uint32, mergedPosts)
		for i := range lengths {
			lengths[i] = rng.Uint32N(1 + 1<<rng.IntN(15)) // Some beyond the tables.
		}
		columns.Lengths = append(columns.Lengths, lengths)
		columns.totals.longest = append(columns.totals.longest, slices.Max(lengths))
		s.averageLength = append(s.averageLength, 1+400*rng.Float64())
	}
	s.segments = []*Segment{{columns: columns, live: fullBitset(mergedPosts)}}
	s.makeTables()
	s.inverse = s.memo.inverse
	return s
}

// randomList has about a share of the posts.
func randomList(rng *rand.Rand, share float64) *postings.List {
	var docs, freqs []uint32
	for doc := range uint32(mergedPosts) {
		if rng.Float64() < share {
			docs, freqs = append(docs, doc), append(freqs, 1+rng.Uint32N(1+1<<rng.IntN(10)))
		}
	}
	return postings.NewList(docs, freqs)
}

func randomFields(rng *rand.Rand, s *searcher) []fieldLists {
	share := []float64{0.0005, 0.01, 0.2, 0.9}[rng.IntN(4)]
	var out []fieldLists
	for field := range s.config.Schema.Text {
		f := fieldLists{field: field, weight: s.ownWeight(field)}
		list := func() []cursor {
			return []cursor{{list: randomList(rng, share*rng.Float64()), level: 0.2 + 0.8*rng.Float64()}}
		}
		switch rng.IntN(3) {
		case 0:
			f.linear = slices.Concat(list(), list())
		case 1:
			f.exact, f.stems, f.others = list(), slices.Concat(list(), list()), list()
		default:
			f.linear = list()
		}
		out = append(out, f)
	}
	return out
}

func unionOf(fields []fieldLists) []uint32 {
	docs := make(map[uint32]bool)
	for i := range fields {
		fields[i].each(func(c *cursor) {
			for _, doc := range c.list.Docs {
				docs[doc] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(docs))
}

func TestMerged(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 5))
		s := mergedFixture(rng, 1+rng.IntN(3))
		fields := randomFields(rng, s)
		m := s.merge(0, fields)
		if want := unionOf(fields); !slices.Equal(m.docs, want) {
			t.Fatalf("seed %d: %d posts, want %d", seed, len(m.docs), len(want))
		}
		if len(m.docs) == 0 {
			continue
		}
		checkPlaces(t, rng, m)
		_, x := s.addUp(0, fields)
		x = slices.Clone(x)
		checkBounds(t, s, m, x)
		checkExact(t, s, m, fields, x)
		checkLive(t, rng, m)
		for range 5 {
			after := mergedFixtureWith(rng, s)
			_, x := after.addUp(0, fields)
			checkBounds(t, after, m, x)
		}
	}
}

// mergedFixtureWith is s with other average lengths.
func mergedFixtureWith(rng *rand.Rand, s *searcher) *searcher {
	changed := *s.Snapshot
	changed.memo, changed.averageLength = &memo{}, nil
	for _, a := range s.averageLength {
		changed.averageLength = append(changed.averageLength, a*(0.5+1.5*rng.Float64()))
	}
	out := &searcher{Snapshot: &changed, scratch: &scratch{}}
	out.makeTables()
	out.inverse = out.memo.inverse
	return out
}

func checkPlaces(t *testing.T, rng *rand.Rand, m *merged) {
	t.Helper()
	if (m.set != nil) != (len(m.docs)*frequent >= mergedPosts) {
		t.Fatalf("%d posts have a set: %t", len(m.docs), m.set != nil)
	}
	for doc := range uint32(mergedPosts) {
		place, found := slices.BinarySearch(m.docs, doc)
		from := 0
		if place > 0 {
			from = rng.IntN(place)
		}
		if at, ok := m.find(doc, from); ok != found || ok && at != place || at < from {
			t.Fatalf("post %d is at %d %t, want %d %t", doc, at, ok, place, found)
		}
	}
}

// checkBounds compares the bounds with what posts are worth in s, whose average lengths may
// be others than those that m was made with.
func checkBounds(t *testing.T, s *searcher, m *merged, x []float64) {
	t.Helper()
	most, least := m.stretch(s.averageLength)
	docs := m.docs
	if docs == nil {
		m.set.each(func(doc uint32) { docs = append(docs, doc) })
	}
	for i, v := range x {
		worth, q := v/(v+s.config.Scoring.K1), float64(m.bounds[i])
		if q < 1 || m.step*q*most < worth*slack || m.step*(q-1)*least*slack > worth {
			t.Fatalf("place %d is worth %v, bound %v of %v, stretch %v %v", i, worth, q, m.step, most, least)
		}
		if m.blocks[i>>blockBits] < m.bounds[i] {
			t.Fatalf("block of place %d has %d, the post %d", i, m.blocks[i>>blockBits], m.bounds[i])
		}
		if m.spans != nil && m.spans[docs[i]>>spanBits] < m.bounds[i] {
			t.Fatalf("span of post %d has %d, the post %d", docs[i], m.spans[docs[i]>>spanBits], m.bounds[i])
		}
	}
}

func checkExact(t *testing.T, s *searcher, m *merged, fields []fieldLists, x []float64) {
	t.Helper()
	b := &boundedRun{fastRun: &fastRun{searcher: s, window: windowRun{searcher: s, scratch: s.scratch}}}
	w := &fastWord{segments: [][]fieldLists{fields}, fetched: []bool{true}, merged: []*merged{m}}
	compact := compactFields(fields, mergedPosts)
	for i, doc := range m.docs {
		got, err := b.exact(w, doc, i)
		if err != nil || got != x[i] {
			t.Fatalf("post %d is worth %v, %v, want %v", doc, got, err, x[i])
		}
		if got, err = b.addUpOne(w, doc, i); err != nil || got != x[i] {
			t.Fatalf("post %d adds up to %v, %v, want %v", doc, got, err, x[i])
		}
		if got := b.exactCompact(compact, doc, i); got != x[i] {
			t.Fatalf("by compact lists post %d is worth %v, want %v", doc, got, x[i])
		}
	}
}

func checkLive(t *testing.T, rng *rand.Rand, m *merged) {
	t.Helper()
	deleted := roaring.New()
	for range rng.IntN(2) * mergedPosts / 3 {
		deleted.Add(rng.Uint32N(mergedPosts))
	}
	segment := NewSegment(nil, deleted, &Columns{Docs: mergedPosts}, nil, nil, nil)
	want := 0
	for _, doc := range m.docs {
		if !deleted.Contains(doc) {
			want++
		}
	}
	if got := m.live(segment); got != want {
		t.Fatalf("%d posts are live, want %d", got, want)
	}
}
