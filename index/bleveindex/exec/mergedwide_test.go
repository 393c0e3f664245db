package exec

import (
	"math/rand/v2"
	"slices"
	"testing"

	"alphanode/index/bleveindex/postings"
)

// Claims: frequencies are those that were packed, in any width; a word that is added up without
// lists, of fields with and without stems, is worth for each post what it is by lists, to the last
// bit, also found from its place in compact lists; and working memory is zero after it.

func TestPackFrequencies(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 43))
	widths := make(map[uint8]int)
	for range 200 {
		n, most := 1+rng.IntN(3000), []uint32{2, 3, 5, 12, 100, 1000}[rng.IntN(6)]
		var want []uint32
		var freqs []uint8
		var many []uint32
		for range n {
			f := 1 + rng.Uint32N(most)
			if rng.IntN(50) == 0 {
				f = 1 + rng.Uint32N(1000)
			}
			want = append(want, f)
			if f >= postings.ManyFreq {
				f, many = postings.ManyFreq, append(many, f)
			}
			freqs = append(freqs, uint8(f))
		}
		got := packFrequencies(freqs, many)
		widths[got.width]++
		for i, f := range want {
			if got.at(i) != f {
				t.Fatalf("frequency %d is %d, want %d (%d bits)", i, got.at(i), f, got.width)
			}
		}
		if got.size() > int64(n+tooMany*len(many)+1) {
			t.Errorf("%d frequencies take %d bytes", n, got.size())
		}
	}
	if len(widths) != 3 {
		t.Errorf("widths %v", widths)
	}
}

// wideMerged adds up fields without lists of what their last list has.
func wideMerged(s *searcher, fields []fieldLists) *merged {
	s.scratch.wide.reset(mergedPosts)
	m := wideMerge{searcher: s, worth: s.scratch.wide.worth[:mergedPosts], found: newBitset(mergedPosts)}
	for _, f := range fields {
		inflected := f.exact != nil
		if !inflected {
			f.others, f.linear = f.linear, nil
		}
		last := f.others[len(f.others)-1]
		f.others = f.others[:len(f.others)-1]
		for i, doc := range last.list.Docs {
			s.scratch.wide.sum.Set[doc>>6] |= 1 << (doc & 63)
			s.scratch.wide.sum.Counts[doc] += last.list.Freq(i)
		}
		m.add(&f, inflected, last.level)
	}
	return m.merged()
}

func TestMergeWide(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 47))
		s := mergedFixture(rng, 1+rng.IntN(3))
		fields := randomFields(rng, s)
		want := unionOf(fields)
		_, x := s.addUp(0, fields)
		x = slices.Clone(x)
		m := wideMerged(s, fields)
		if m == nil {
			if len(want) > 0 {
				t.Fatalf("seed %d: nothing, want %d posts", seed, len(want))
			}
			continue
		}
		checkWide(t, s, m, want, x)
		checkBounds(t, s, m, x)
		for _, n := range s.scratch.wide.worth {
			if n != 0 {
				t.Fatal("working memory is not zero")
			}
		}
	}
}

func checkWide(t *testing.T, s *searcher, m *merged, want []uint32, x []float64) {
	t.Helper()
	if m.len() != len(want) {
		t.Fatalf("%d posts, want %d", m.len(), len(want))
	}
	b := &boundedRun{fastRun: &fastRun{searcher: s, window: windowRun{searcher: s, scratch: s.scratch}}}
	w := &fastWord{merged: []*merged{m}}
	for i, doc := range want {
		if at, found := m.find(doc, 0); !found || at != i {
			t.Fatalf("post %d is at %d %t, want %d", doc, at, found, i)
		}
		if got, err := b.exact(w, doc, i); err != nil || got != x[i] {
			t.Fatalf("post %d is worth %v, %v, want %v", doc, got, err, x[i])
		}
		if got, err := b.addUpOne(w, doc, i); err != nil || got != x[i] {
			t.Fatalf("post %d adds up to %v, %v, want %v", doc, got, err, x[i])
		}
	}
}
