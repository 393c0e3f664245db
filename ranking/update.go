package ranking

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"

	"alphanode/corpus"
)

// updater keeps a model and the rows made from it in step with a store, within one
// generation. A change of a post concerns its own row, and those of the posts whose lists
// it reached or now reaches; these are made anew, whole. Not safe for concurrent use;
// it takes the model's lock while it changes it, so that readers of the model need only
// hold that.
type updater struct {
	model  *Model
	ranker ranker
	// least is, by post, what another must reach to be in its list; too little is safe.
	least []uint32
	// short are the posts whose rows fell back to what is recommended.
	short map[uint32]bool
	kept  *keptLists
}

// delta is what a change makes of the rows.
type delta struct {
	rows    []corpus.Row
	removed []string
	// looked is how many rows were made or looked at.
	looked int
}

// newUpdater keeps what the lists of so many posts were made from.
func newUpdater(m *Model, r ranker, keep int) *updater {
	return &updater{model: m, ranker: r, least: make([]uint32, len(m.infos)), short: map[uint32]bool{}, kept: newKeptLists(r, len(m.infos), keep)}
}

// note remembers what the row of post i depends on beside its list.
func (u *updater) note(i, least uint32, row *corpus.Row) {
	u.least[i] = least
	if isShort(row, u.model.config.Rules.Shown) {
		u.short[i] = true
	} else {
		delete(u.short, i)
	}
}

// edited notes rows that editors changed.
func (u *updater) edited(rows []corpus.Row) {
	for k := range rows {
		if i, ok := u.model.byID[rows[k].ID]; ok {
			u.note(i, u.least[i], &rows[k])
		}
	}
}

// isShort is true for a row that may have fallen back to what is recommended.
func isShort(row *corpus.Row, shown int) bool {
	if len(row.Shown) < shown {
		return true
	}
	return slices.ContainsFunc(row.Shown, func(n corpus.Neighbour) bool {
		return n.Fill && !slices.ContainsFunc(row.Raw, func(r corpus.RawNeighbour) bool { return r.ID == n.ID })
	})
}

// step is one batch of changes on its way through the model.
type step struct {
	puts     []placement
	deletes  []string
	old      []uint32 // versions that go
	new      []uint32 // versions that come
	sharers  []uint32 // posts that may gain or lose the links to their address
	affected map[uint32]bool
}

// apply brings the changes, at most one of each post, into the model and returns
// the rows that they change. The old row of a post is asked for by its id, false
// when there is none. After an error the model may have moved on without the rows:
// the updater is of no more use.
func (u *updater) apply(ctx context.Context, changes []corpus.Change, oldRow func(id string) (corpus.Row, bool, error)) (d delta, err error) {
	s := u.prepare(ctx, changes)
	if len(s.puts)+len(s.deletes) == 0 {
		return delta{}, ctx.Err()
	}
	u.reach(ctx, s, slices.Concat(s.old, s.sharers), u.kept.leave)
	if err := ctx.Err(); err != nil { // What was found may not be all.
		return delta{}, err
	}
	u.commit(s)
	u.reach(ctx, s, slices.Concat(s.new, s.sharers), u.kept.enter)
	u.relations(s, changes)
	return u.rows(ctx, s, oldRow)
}

// prepare places what was written and finds what it replaces; what changes nothing
// that a row depends on is left out.
func (u *updater) prepare(ctx context.Context, changes []corpus.Change) *step {
	m := u.model
	s := &step{affected: map[uint32]bool{}}
	var posts []*corpus.Post
	for _, c := range changes {
		old, known := m.byID[c.ID]
		switch {
		case c.Post != nil:
			posts = append(posts, c.Post)
		case known:
			s.deletes, s.old = append(s.deletes, c.ID), append(s.old, old)
		}
	}
	for _, x := range m.placeMany(ctx, posts) {
		old, known := m.byID[x.info.id]
		if known && m.same(int(old), &x) {
			continue
		}
		s.puts = append(s.puts, x)
		if known {
			s.old = append(s.old, old)
		}
	}
	u.share(s)
	return s
}

// placeMany is placeAll on all CPUs. When ctx is done, it returns nothing.
func (f *frozen) placeMany(ctx context.Context, posts []*corpus.Post) []placement {
	const atATime = 16
	if len(posts) <= atATime {
		return f.placeAll(posts)
	}
	out := make([]placement, len(posts))
	batches := (len(posts) + atATime - 1) / atATime
	inParallel(ctx, batches, runtime.GOMAXPROCS(0), func(_, n int) {
		to := min((n+1)*atATime, len(posts))
		copy(out[n*atATime:to], f.placeAll(posts[n*atATime:to]))
	})
	if ctx.Err() != nil {
		return nil
	}
	return out
}

// same is true when the version i of a post is the placed one.
func (m *Model) same(i int, x *placement) bool {
	if !reflect.DeepEqual(m.infos[i], x.info) || !m.addressed(i, x) {
		return false
	}
	for c := range x.vectors {
		ids, counts := m.vectors[c].row(i)
		if !slices.Equal(ids, x.vectors[c].ids) || !slices.Equal(counts, x.vectors[c].counts) {
			return false
		}
	}
	to, weights := m.names.from(i)
	return m.titleSum[i] == x.titleSum && slices.Equal(to, x.names.to) && slices.Equal(weights, x.names.weight)
}

// addressed is true when version i has the addresses of x.
func (m *Model) addressed(i int, x *placement) bool {
	number := func(hash uint64) uint32 {
		if n, ok := m.net.lookup(hash); ok {
			return n
		}
		return unknown
	}
	to, _ := m.net.targets.from(i)
	return m.net.key[i] == number(x.key) && slices.EqualFunc(to, x.targets, func(n uint32, hash uint64) bool { return n == number(hash) })
}

// share finds the posts that have their address in common with what comes or goes:
// the one of the smallest id, which may gain or lose the links to it.
func (u *updater) share(s *step) {
	m := u.model
	gone := map[uint32]bool{}
	keys := map[uint32]bool{}
	for _, i := range s.old {
		gone[i] = true
		keys[m.net.key[i]] = true
	}
	for i := range s.puts {
		if key, ok := m.net.lookup(s.puts[i].key); ok {
			keys[key] = true
		}
	}
	delete(keys, unknown)
	for key := range keys {
		others := m.net.sharers[key]
		if len(others) == 0 {
			others = []uint32{m.net.owner[key]}
		}
		if i := m.first(others, func(i uint32) bool { return i == unknown || gone[i] }); i != unknown {
			s.sharers = append(s.sharers, i)
		}
	}
}

// reach adds the posts whose lists some posts reach as these go or come, and these
// themselves. Where what a list is made from is kept, tell changes that, and is false when
// the list may be another one.
func (u *updater) reach(ctx context.Context, s *step, from []uint32, tell func(a uint32, b int, reach uint32) bool) {
	give := yieldingOf(ctx)
	for _, b := range from {
		give.yield(ctx, 0)
		u.kept.forget(b)
		s.affected[b] = true
		for _, a := range u.ranker.reached(ctx, int(b), u.least) {
			if !tell(a.post, int(b), a.reach) {
				s.affected[a.post] = true
			}
		}
	}
}

// commit changes the model.
func (u *updater) commit(s *step) {
	m := u.model
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range s.old {
		u.ranker.remove(int(i))
		m.kill(i)
		delete(u.short, i)
	}
	for k := range s.puts {
		i := m.append(&s.puts[k], m.slots)
		m.arrive(i)
		u.ranker.add(int(i))
		u.least = append(u.least, 0)
		u.kept.add()
		s.new = append(s.new, i)
	}
}

// relations adds the posts whose rows show a changed one for another reason than
// its score: editors put it there, or it fills up.
func (u *updater) relations(s *step, changes []corpus.Change) {
	m := u.model
	edited := m.edited.Load()
	for _, c := range changes {
		for _, id := range edited.pinnedBy[c.ID] {
			if i, ok := m.byID[id]; ok {
				s.affected[i] = true
			}
		}
		if slices.Contains(m.recommended, c.ID) {
			for i := range u.short {
				s.affected[i] = true
			}
		}
	}
}

// rows makes the rows of the affected posts anew and returns those that differ.
func (u *updater) rows(ctx context.Context, s *step, oldRow func(id string) (corpus.Row, bool, error)) (delta, error) {
	m := u.model
	changed := map[string]bool{}
	for _, id := range s.deletes {
		changed[id] = true
	}
	for _, i := range slices.Concat(s.new, s.sharers) {
		changed[m.infos[i].id] = true
	}
	var posts []int
	for i := range s.affected {
		if !m.dead[i] {
			posts = append(posts, int(i))
		}
	}
	slices.Sort(posts)
	d := delta{removed: s.deletes, looked: len(posts)}
	rows, errs := make([]made, len(posts)), make([]error, len(posts))
	inParallel(ctx, len(posts), runtime.GOMAXPROCS(0), func(_, k int) { rows[k], errs[k] = u.row(posts[k], changed, oldRow) })
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return d, err
	}
	for k := range rows {
		i := uint32(posts[k])
		u.note(i, min(rows[k].least, u.kept.floor(i)), &rows[k].row)
		if rows[k].write {
			d.rows = append(d.rows, rows[k].row)
		}
	}
	u.kept.bound()
	return d, nil
}

// made is a row as it is now.
type made struct {
	row   corpus.Row
	least uint32
	write bool // it is not what is stored
}

// row makes the row of post i anew. Where its ranked list is the old one, and has
// none of the changed posts, so is the row; it is written again only when what a
// post must reach has fallen below what the old row says.
func (u *updater) row(i int, changed map[string]bool, oldRow func(id string) (corpus.Row, bool, error)) (made, error) {
	m := u.model
	v := m.view(i)
	ranked, least := u.kept.list(&v, m.config.Rules.Raw)
	old, known, err := oldRow(v.info.id)
	if err != nil {
		return made{}, err
	}
	free := !changed[v.info.id] && !u.short[uint32(i)] && len(m.edited.Load().pins[v.info.id]) == 0
	if known && free && m.unchanged(old.Raw, ranked, changed) {
		lower := least < old.Least
		if lower {
			old.Least = slack(least)
		}
		return made{old, least, lower}, nil
	}
	r := m.borrow(m.config.Rules.Shown)
	defer m.rowers.Put(r)
	var row corpus.Row
	if known && free {
		row = r.renewed(&v, ranked, keptOf(&old, changed))
	} else {
		row = r.shown(&v, ranked)
	}
	row.Least = slack(least)
	return made{row, least, true}, nil
}

// keptOf finds in an old row the neighbours that did not change. What a row says about
// one depends on the two posts and on what is frozen alone.
func keptOf(old *corpus.Row, changed map[string]bool) func(id string, score float64, fill bool) *corpus.Neighbour {
	return func(id string, score float64, fill bool) *corpus.Neighbour {
		if changed[id] {
			return nil
		}
		for k := range old.Shown {
			if n := &old.Shown[k]; n.ID == id && n.Score == score && n.Fill == fill {
				return n
			}
		}
		return nil
	}
}

// slack is a little less: what is stored need not be written again whenever a post
// leaves a list.
func slack(least uint32) uint32 { return least - least/16 }

// unchanged is true when a ranked list is that of an old row and names none of the
// changed posts.
func (m *Model) unchanged(old []corpus.RawNeighbour, now []Scored, changed map[string]bool) bool {
	return slices.EqualFunc(old, now, func(a corpus.RawNeighbour, b Scored) bool {
		return a.ID == m.infos[b.Post].id && a.Score == float32(b.Score) && !changed[a.ID]
	})
}
