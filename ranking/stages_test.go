package ranking

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"alphanode/corpus"
	"alphanode/index"
)

// The kernel, proved here, with posts that came and went after the statistics were
// frozen among the others, and with budgets that leave most features out:
//  1. What the blocks add up is the plain sum of each pair.
//  2. A list is that of the candidates of greatest sum, until it has settled, each with
//     the score of the plain scorer, and its least is the sum of the last one scored.
//  3. The posts that a post reaches are those whose list has room for it, and no
//     others.
//  4. With a budget for everything lists of everything begin as the exact ones.
//  5. Neither the number of workers nor the batch decides anything, nor what is guessed
//     of several blocks.

// searching is the default configuration with other bounds.
func searching(postings, candidates int) Config {
	c := DefaultConfig()
	c.Similar.Search = SimilarSearch{Postings: postings, Candidates: candidates}
	c.Rules.Raw, c.Rules.Shown = min(c.Rules.Raw, candidates), min(c.Rules.Shown, candidates)
	return c
}

// movedModel is a model after some posts went, some came and some changed.
func movedModel(t *testing.T, seed uint64, c Config) *Model {
	t.Helper()
	posts := mixedPosts(seed, 120)
	feed := func(yield func(corpus.Change, error) bool) {
		for i := range 95 {
			if !yield(corpus.Put(posts[i], corpus.PublishAll), nil) {
				return
			}
		}
	}
	m, err := BuildModel(t.Context(), feed, c, index.NoDay)
	if err != nil {
		t.Fatal(err)
	}
	m.kernel()
	rng := rand.New(rand.NewPCG(seed, 9))
	var changes []corpus.Change
	for i := range 120 {
		p := posts[i]
		if i < 95 {
			switch rng.IntN(8) {
			case 0:
				changes = append(changes, corpus.Delete(p.ID))
				continue
			case 1:
				p.Body += mixedPosts(seed+1, 120)[i].Body
			default:
				continue
			}
		}
		changes = append(changes, corpus.Put(p, corpus.PublishAll))
	}
	u := newUpdater(m, m.kernel(), 20)
	for len(changes) > 0 {
		n := min(len(changes), 1+rng.IntN(9))
		noRow := func(string) (corpus.Row, bool, error) { return corpus.Row{}, false, nil }
		if _, err := u.apply(t.Context(), changes[:n], noRow); err != nil {
			t.Fatal(err)
		}
		changes = changes[n:]
	}
	return m
}

// plainSum makes the sum of a post for another from all that is walked for that.
type plainSum struct {
	kernel *kernel
	probe  *probe
	asked  asked
}

func newPlainSum(k *kernel) *plainSum { return &plainSum{kernel: k, probe: newProbe(k)} }

func (p *plainSum) of(v *view, b int) uint32 {
	k := p.kernel
	m := k.model
	m.ask(v, &p.asked)
	wanted, _ := p.probe.choose(&p.asked)
	sum := uint16(0)
	for i := range wanted {
		w := &wanted[i]
		l := &m.probing.Levels[w.channel]
		ids, counts := m.vectors[w.channel].row(b)
		if at := slices.Index(ids, w.feature); at >= 0 {
			sum += k.adds(w)[l.of(m.entryWeight(w.channel, b, counts[at]))]
		}
	}
	for e := range p.asked.edges {
		for _, x := range p.asked.edges[e] {
			if int(x.to) == b {
				sum += k.arrowSum(x)
			}
		}
	}
	if sum == 0 {
		return 0
	}
	date := k.askedMoment(v.dated)
	return uint32(sum) + date.near(&k.moments[k.place[b]])
}

// plainSums are the sums of all living posts for one, the greatest first.
func plainSums(m *Model, a int) []candidate {
	k := m.kernel()
	p := newPlainSum(k)
	v := m.view(a)
	var all []candidate
	for b := range m.infos {
		if b == a || m.dead[b] {
			continue
		}
		if s := p.of(&v, b); s > 0 {
			all = append(all, candidate{uint64(s)<<32 | uint64(k.moments[k.place[b]].tie), k.place[b]})
		}
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(b.key, a.key) })
	return all
}

// plainlySettled says how many candidates with these scores, in their order, are scored
// for a list of n: until half as many as before and eight more in a row were not among the best.
func plainlySettled(scores []float64, n int) int {
	last := 0
	for c := range scores {
		if c >= n+n/2 && c >= last+last/2+8 {
			return c
		}
		better := 0
		for _, s := range scores[:c] {
			if s >= scores[c] {
				better++
			}
		}
		if scores[c] > 0 && better < min(n, 10) {
			last = c + 1
		}
	}
	return len(scores)
}

// makeDense makes features of more than so many posts dense, if any.
func makeDense(k *kernel, n int) {
	if n == 0 {
		return
	}
	k.dense, k.askers = n, nil
	for place := range k.cuts {
		k.cuts[place] = noCut
	}
}

func TestKernelStages(t *testing.T) {
	for _, bounds := range [][2]int{{1, 3}, {40, 5}, {300, 12}, {2000, 30}, {2000, 31}, {64000, 80}, {1 << 20, 400}, {1 << 20, 401}} {
		t.Run(fmt.Sprint(bounds), func(t *testing.T) {
			m := movedModel(t, uint64(bounds[0]), searching(bounds[0], bounds[1]))
			k := m.kernel()
			makeDense(k, bounds[1]%2*20)
			early := 0
			for _, a := range m.living() {
				for _, n := range []int{3, min(10, bounds[1])} {
					v := m.view(a)
					want, least, all := plainList(m, &v, n, bounds[1])
					list, got := k.list(&v, n)
					if d := gocmp.Diff(want, list, cmpopts.EquateEmpty()); d != "" || got != least {
						t.Fatalf("post %d, %d: least %d, want %d (-plain +kernel): %s", a, n, got, least, d)
					}
					if !all {
						early++
					}
				}
			}
			if early == 0 && bounds[1] > 30 {
				t.Error("no list settled before its candidates were out")
			}
		})
	}
}

// plainList is the list of n in its plain form, with its least, and whether all
// candidates were scored.
func plainList(m *Model, v *view, n, candidates int) ([]Scored, uint32, bool) {
	k := m.kernel()
	sums := plainSums(m, v.self)
	few := len(sums) < candidates
	sums = sums[:min(len(sums), candidates)]
	s := m.newScorer()
	s.ask(v)
	var scores []float64
	for _, c := range sums {
		i := int(k.order[c.place])
		scores = append(scores, m.score(s.similarity(i), i))
	}
	scored := plainlySettled(scores, n)
	best, least := newTop(m, n), uint32(0)
	for _, c := range sums[:scored] {
		i := int(k.order[c.place])
		best.offer(s.similarity(i), i)
		least = uint32(c.key >> 32)
	}
	settled := scored < len(sums) || plainlySettled(append(scores, 0), n) == scored
	if !settled && few {
		least = 0
	}
	return best.sorted(), least, scored == len(sums)
}

func TestKernelReach(t *testing.T) {
	for _, bounds := range [][2]int{{1, 3}, {300, 12}, {2000, 30}, {64000, 80}} {
		t.Run(fmt.Sprint(bounds), func(t *testing.T) {
			m := movedModel(t, uint64(bounds[1]), searching(bounds[0], bounds[1]))
			k := m.kernel()
			makeDense(k, bounds[1]%20)
			least := make([]uint32, len(m.infos))
			want, sums := map[int][]int{}, map[[2]int]uint32{}
			for _, a := range m.living() {
				v := m.view(a)
				_, least[a] = k.list(&v, 3)
				for _, c := range plainSums(m, a) {
					if s := uint32(c.key >> 32); s >= least[a] {
						b := int(k.order[c.place])
						want[b], sums[[2]int{b, a}] = append(want[b], a), s
					}
				}
			}
			check := func(cuts string) {
				for _, b := range m.living() {
					var got []int
					for _, a := range k.reached(t.Context(), b, least) {
						got = append(got, int(a.post))
						if s := sums[[2]int{b, int(a.post)}]; a.reach != s {
							t.Fatalf("cuts %s: the sum of %d for %d is %d, not %d", cuts, b, a.post, a.reach, s)
						}
					}
					slices.Sort(got)
					if d := gocmp.Diff(want[b], got); d != "" {
						t.Fatalf("cuts %s: post %d (-want +got): %s", cuts, b, d)
					}
				}
			}
			check("noted by lists")
			noted := slices.Clone(k.cuts)
			for place := range k.cuts {
				k.cuts[place] = noCut
			}
			check("unknown")
			k.askers = nil
			if err := k.watch(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, a := range m.living() {
				if at := k.place[a]; k.cuts[at] != noted[at] {
					t.Errorf("post %d: the cut is %x when watched, %x of its list", a, k.cuts[at], noted[at])
				}
			}
			check("watched")
		})
	}
}

func TestKernelIsExactWithoutBounds(t *testing.T) {
	m := movedModel(t, 5, searching(1<<24, 400))
	for _, a := range m.living() {
		if d := gocmp.Diff(m.Similar(a, 20), m.Near(a, 400)[:20]); d != "" {
			t.Fatalf("post %d (-exact +kernel): %s", a, d)
		}
	}
}

func TestKernelBatches(t *testing.T) {
	m := movedModel(t, 6, searching(500, 20))
	type answer struct {
		List  []Scored
		Least uint32
	}
	for _, workers := range []int{1, 3} {
		got := map[int]answer{}
		err := m.kernel().lists(t.Context(), m.living(), 10, workers, nil, func(i int, list []Scored, least uint32) { got[i] = answer{list, least} })
		if err != nil || len(got) != len(m.living()) {
			t.Fatal(len(got), err)
		}
		for _, a := range m.living() {
			v := m.view(a)
			list, least := m.kernel().list(&v, 10)
			if d := gocmp.Diff(answer{list, least}, got[a]); d != "" {
				t.Fatalf("%d workers, post %d (-alone +batch): %s", workers, a, d)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.kernel().lists(ctx, m.living(), 10, 2, nil, func(int, []Scored, uint32) {}); err == nil {
		t.Error("a cancelled context is no error")
	}
}

// shortPosts have a few words each, of one of many subjects that differ in size.
func shortPosts(n int) []corpus.Post {
	rng := rand.New(rand.NewPCG(4, 4))
	posts := make([]corpus.Post, n)
	for i := range posts {
		subject := rng.IntN(1 + rng.IntN(300))
		body := fmt.Appendf(nil, "subject%d", subject)
		for range 8 {
			body = fmt.Appendf(body, " word%d", subject+rng.IntN(40))
		}
		posts[i] = corpus.Post{ID: fmt.Sprint("post-", i), Body: string(body)}
	}
	return posts
}

func TestKernelGuesses(t *testing.T) {
	m := buildOf(t, shortPosts(2*blockSpan+500))
	k := m.kernel()
	if k.blocks != 3 {
		t.Fatal(k.blocks, "blocks")
	}
	guessing, sure := k.newLister(), k.newLister()
	guessed := 0
	for a := range 600 {
		v := m.view(a)
		sure.adder.prepare(&v, &sure.questions[0], k.candidates)
		sure.questions[0].best.again()
		sure.sum(sure.questions[:1])
		want, ok := sure.score(&sure.questions[0], 10)
		list, least := guessing.list(&v, 10)
		if d := gocmp.Diff(want.list, list); d != "" || least != want.least || !ok {
			t.Fatalf("post %d: least %d, want %d (-sure +guessed): %s", a, least, want.least, d)
		}
		guessing.adder.prepare(&v, &guessing.questions[0], k.candidates)
		guessing.sum(guessing.questions[:1])
		short := &guessing.questions[0].best // As if the guess had left twelve.
		short.list = ordered(short.list, 12)
		if got := guessing.finish(0, 10); len(want.list) == 10 && (gocmp.Diff(want.list, got.list) != "" || got.least != want.least) {
			t.Fatalf("post %d: too high a guess shows", a)
		}
		guessing.list(&v, 10)
		if q := &guessing.questions[0]; !q.best.sure && q.best.least > sure.questions[0].best.least {
			guessed++
		}
	}
	if guessed == 0 {
		t.Error("no guess left candidates out")
	}
}

func TestKernelReachOfManyPosts(t *testing.T) {
	if testing.Short() {
		t.Skip("16,000 posts")
	}
	posts := shortPosts(2*blockSpan + 500)
	for i := range posts {
		words := strings.Fields(posts[i].Body)
		posts[i].Title = strings.Join(words[:1+i%3], " ")
		posts[i].Tags = []string{words[0], fmt.Sprint("tag", i%50)}
		posts[i].URL = fmt.Sprintf("https://example.org/%d/%d", i%40, i)
	}
	m := buildWith(t, posts, searching(4000, 60)) // A budget that leaves much out.
	k := m.kernel()
	u := newUpdater(m, k, 0)
	if err := k.lists(t.Context(), m.living(), 20, 0, nil, func(i int, _ []Scored, least uint32) { u.least[i] = least }); err != nil {
		t.Fatal(err)
	}
	plain, found := newPlainSum(k), 0
	for b := 0; b < len(m.infos); b += len(m.infos) / 5 {
		want := map[uint32]uint32{}
		for _, a := range m.living() {
			v := m.view(a)
			if s := plain.of(&v, b); a != b && s > 0 && s >= u.least[a] {
				want[uint32(a)] = s
			}
		}
		got := map[uint32]uint32{}
		for _, a := range k.reached(t.Context(), b, u.least) {
			got[a.post] = a.reach
		}
		if d := gocmp.Diff(want, got); d != "" {
			t.Errorf("post %d (-want +got): %s", b, d)
		}
		found += len(got)
	}
	if found == 0 {
		t.Error("nobody is reached")
	}
}
