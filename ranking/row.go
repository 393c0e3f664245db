package ranking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"alphanode/corpus"
	"alphanode/index"
)

// Reasons that do not come from a likeness.
const (
	pinnedReason = "chosen by the editors"
	fillReason   = "nothing closer was found"
)

// Explain says why post j has its score for post i: a tree whose root is the
// score. Its leaves are the parts, each with its share of the similarity.
func (m *Model) Explain(i, j int) *index.Explanation {
	v := m.view(i)
	s := m.newScorer()
	s.ask(&v)
	n := numbers{factor: m.factor[j]}
	for p := range numParts {
		n.parts[p] = s.part(p, j)
	}
	return n.tree()
}

// Row is the list of post i as it is shown: rules applied, with reasons.
func (m *Model) Row(i int) corpus.Row {
	v := m.view(i)
	r := m.borrow(m.config.Rules.Shown)
	defer m.rowers.Put(r)
	ranked, least := m.ranker().list(&v, r.length())
	row := r.shown(&v, ranked)
	row.Least = slack(least)
	return row
}

// RowTo is Row for a post that is not part of the model.
func (m *Model) RowTo(p *corpus.Post) corpus.Row { return m.rowTo(p, m.config.Rules.Shown) }

// rowTo makes a row with so many neighbours shown.
func (m *Model) rowTo(p *corpus.Post, shown int) corpus.Row {
	v := m.foreign(p)
	return m.row(&v, shown)
}

// readRow is rowTo of a model that may change.
func (m *Model) readRow(p *corpus.Post, shown int) corpus.Row {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.rowTo(p, shown)
}

func (m *Model) row(v *view, shown int) corpus.Row {
	r := m.borrow(shown)
	defer m.rowers.Put(r)
	return r.row(v)
}

// borrow returns a rower to be put back: its tables are as large as the
// vocabulary.
func (m *Model) borrow(shown int) *rower {
	r, ok := m.rowers.Get().(*rower)
	if !ok {
		r = m.newRower()
	}
	r.list.rules.Shown = shown
	return r
}

// rower makes rows. Not safe for concurrent use.
type rower struct {
	model    *Model
	scorer   *scorer
	list     *shortlist
	reasoner *reasoner
}

func (m *Model) newRower() *rower {
	s := m.newScorer()
	return &rower{model: m, scorer: s, list: m.newShortlist(), reasoner: newReasoner(s)}
}

func (r *rower) row(v *view) corpus.Row {
	return r.shown(v, r.search(v, r.length()))
}

// search ranks the posts for one that need not be of the model.
func (r *rower) search(v *view, k int) []Scored {
	list, _ := r.model.ranker().list(v, k)
	return list
}

// length is how many neighbours the rules choose from.
func (r *rower) length() int { return max(r.model.config.Rules.Raw, r.list.rules.Shown) }

// shown makes the row out of a ranking.
func (r *rower) shown(v *view, ranked []Scored) corpus.Row { return r.renewed(v, ranked, nil) }

// renewed is shown, with what an earlier row says about neighbours for whom nothing
// changed: kept returns it, nil where it may be something else now.
func (r *rower) renewed(v *view, ranked []Scored, kept func(id string, score float64, fill bool) *corpus.Neighbour) corpus.Row {
	row := corpus.Row{ID: v.info.id, Raw: make([]corpus.RawNeighbour, len(ranked))}
	for k, s := range ranked {
		row.Raw[k] = corpus.RawNeighbour{ID: r.model.infos[s.Post].id, Score: float32(s.Score)}
	}
	asked := false
	for _, s := range r.list.choose(v, ranked) {
		if kept != nil {
			if n := kept(r.model.infos[s.post].id, s.score, s.fill); n != nil {
				again := *n
				again.Pick = s.pick
				row.Shown = append(row.Shown, again)
				continue
			}
		}
		if !asked {
			r.scorer.ask(v)
			asked = true
		}
		row.Shown = append(row.Shown, r.neighbour(v, s))
	}
	return row
}

func (r *rower) neighbour(v *view, s shown) corpus.Neighbour {
	n, reasons := r.reasoner.explain(v, s.post)
	switch {
	case s.pinned:
		reasons = append([]string{pinnedReason}, reasons...)
		reasons = reasons[:min(len(reasons), maxReasons)]
	case s.fill:
		reasons = []string{fillReason}
	}
	return corpus.Neighbour{
		ID: r.model.infos[s.post].id, Score: r.model.score(n.similarity(), s.post), Reasons: reasons, Fill: s.fill, Pick: s.pick, Explain: n.encode(),
	}
}

// All computes the rows of all posts with so many workers (0: one a CPU) and
// hands them to f one at a time, in the order of the posts. All pairs are compared,
// up to the number of posts that the configuration allows; beyond, as [Model.Near]
// does. It stops with f's first error or the context's. The rows do not depend on the number of workers.
func (m *Model) All(ctx context.Context, workers int, f func(corpus.Row) error) error {
	return m.all(ctx, workers, nil, func(_ int, row corpus.Row, _ uint32) error { return f(row) })
}

// all tells f also the index of the post and what it takes to be in its list; the
// row says a little less.
func (m *Model) all(ctx context.Context, workers int, progress func(done int), f func(i int, row corpus.Row, least uint32) error) error {
	return m.allOf(ctx, m.living(), workers, progress, f)
}

// portion is some rows with what it takes to be in their lists.
type portion struct {
	posts []int
	rows  []corpus.Row
	least []uint32
}

// allOf does so for some posts, in their order. The next rows are made while f is busy
// with those before.
func (m *Model) allOf(ctx context.Context, posts []int, workers int, progress func(done int), f func(i int, row corpus.Row, least uint32) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	made, failed := make(chan portion), make(chan error, 1)
	go func() {
		defer close(made)
		failed <- m.portions(ctx, posts, numWorkers(workers), progress, made)
	}()
	for p := range made {
		for k, i := range p.posts {
			if err := f(i, p.rows[k], p.least[k]); err != nil {
				cancel()
				for range made { // The model is no longer read when this ends.
				}
				return err
			}
		}
	}
	return <-failed
}

// portions makes the rows of posts and sends them in their order.
func (m *Model) portions(ctx context.Context, posts []int, workers int, progress func(done int), made chan<- portion) error {
	k := m.ranker()
	at := make([]uint32, len(m.infos)) // by post: its place among those that are asked for together
	for from := 0; from < len(posts); {
		part := posts[from:min(from+k.atATime(), len(posts))]
		for n, i := range part {
			at[i] = uint32(n)
		}
		if err := m.some(ctx, k, part, at, workers, progressFrom(progress, from), made); err != nil {
			return err
		}
		from += len(part)
	}
	return nil
}

// inOrderOfID are the indices of the posts that are there in the order of their ids.
func (m *Model) inOrderOfID() []int {
	posts := m.living()
	slices.SortFunc(posts, func(a, b int) int { return strings.Compare(m.infos[a].id, m.infos[b].id) })
	return posts
}

// living are the indices of the posts that are there.
func (m *Model) living() []int {
	posts := make([]int, 0, len(m.infos))
	for i := range m.infos {
		if !m.dead[i] {
			posts = append(posts, i)
		}
	}
	return posts
}

func progressFrom(progress func(done int), from int) func(done int) {
	if progress == nil {
		return nil
	}
	return func(done int) { progress(from + done) }
}

// some makes the rows of some posts.
func (m *Model) some(ctx context.Context, k ranker, posts []int, at []uint32, workers int, progress func(done int), made chan<- portion) error {
	ranked, least := make([][]Scored, len(posts)), make([]uint32, len(posts))
	err := k.lists(ctx, posts, m.config.Rules.Raw, workers, progress, func(i int, list []Scored, n uint32) {
		ranked[at[i]], least[at[i]] = list, n
	})
	if err != nil {
		return fmt.Errorf("comparing the posts: %w", err)
	}
	rowers := make([]*rower, workers)
	for w := range rowers {
		rowers[w] = m.borrow(m.config.Rules.Shown)
		defer m.rowers.Put(rowers[w])
	}
	for from := 0; from < len(posts); from += rowsAtATime {
		to := min(from+rowsAtATime, len(posts))
		p := portion{posts: posts[from:to], rows: make([]corpus.Row, to-from), least: least[from:to]}
		inParallel(ctx, to-from, workers, func(w, n int) {
			v := m.view(p.posts[n])
			p.rows[n] = rowers[w].shown(&v, ranked[from+n])
			p.rows[n].Least = slack(p.least[n])
			ranked[from+n] = nil
		})
		select {
		case made <- p:
		case <-ctx.Done():
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("making the lists: %w", err)
		}
	}
	return nil
}

// rowsAtATime is the number of rows that are made before they are handed over.
const rowsAtATime = 4096
