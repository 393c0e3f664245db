package ranking

import (
	"cmp"
	"context"
	"slices"
)

// Posts are arranged by subject, so that those asked about together have postings and
// candidates in common, and memory is read that is in the cache. Some posts, drawn by a
// hash of their ids, are leaders; each post goes with the leader that it has most in
// common with, and each leader with the leader of leaders. No list depends on it.
const (
	// followers is how many posts one leads, on average.
	followers = 48
	// fewLeaders is how many leaders may have a feature that tells them apart.
	fewLeaders = 40
)

// subjectChannels are those whose features tell subjects.
//
//nolint:gochecknoglobals // immutable table
var subjectChannels = []channel{proseChannel, pairChannel, identifierChannel}

// arranged returns all posts by subject, then by date.
func (m *Model) arranged() []uint32 {
	posts, leaders, chiefs := m.chosen()
	leader := m.led(posts, leaders, fewLeaders)
	chief := m.led(leaders, chiefs, fewLeaders+len(chiefs)/8)
	slices.SortFunc(posts, func(a, b uint32) int {
		x, y := leader[a], leader[b]
		if x != y {
			return cmp.Or(cmp.Compare(under(chief, x), under(chief, y)), cmp.Compare(x, y))
		}
		return cmp.Or(cmp.Compare(m.dates[a].day, m.dates[b].day), cmp.Compare(m.infos[a].id, m.infos[b].id))
	})
	return posts
}

// under is the chief of a leader, if there is one.
func under(chief []uint32, leader uint32) uint32 {
	if leader == unknown {
		return unknown
	}
	return chief[leader]
}

// chosen are all posts, the leaders among them, and the leaders of leaders.
func (m *Model) chosen() (posts, leaders, chiefs []uint32) {
	for i := range m.infos {
		posts = append(posts, uint32(i))
		h := hashString(m.infos[i].id)
		if h%followers == 0 {
			leaders = append(leaders, uint32(i))
			if h/followers%followers == 0 {
				chiefs = append(chiefs, uint32(i))
			}
		}
	}
	return posts, leaders, chiefs
}

// led says, by post, by which of the leaders it is led: that of the greatest product
// with it over the features that at most so many leaders have; unknown for none.
func (m *Model) led(posts, leaders []uint32, most int) []uint32 {
	out := make([]uint32, len(m.infos))
	for i := range out {
		out[i] = unknown
	}
	var lists [numChannels]ledBy
	for _, c := range subjectChannels {
		lists[c] = m.ledBy(c, leaders, most)
	}
	workers := make([]*leading, numWorkers(0))
	for w := range workers {
		workers[w] = &leading{model: m, leaders: leaders, lists: &lists, sums: make([]float32, len(leaders))}
	}
	inParallel(context.Background(), len(posts), len(workers), func(w, n int) {
		out[posts[n]] = workers[w].of(int(posts[n]))
	})
	return out
}

// ledBy are the leaders, by their place among them, that have the features of one
// channel: those of feature f lie from start[f] to start[f+1].
type ledBy struct{ start, leaders []uint32 }

func (m *Model) ledBy(c channel, leaders []uint32, most int) ledBy {
	v := &m.vectors[c]
	next := make([]uint32, len(v.idf))
	for _, i := range leaders {
		ids, _ := v.row(int(i))
		for _, f := range ids {
			next[f]++
		}
	}
	out := ledBy{start: make([]uint32, len(v.idf)+1)}
	for f, n := range next {
		if int(n) > most {
			n = 0
		}
		next[f] = out.start[f]
		out.start[f+1] = out.start[f] + n
	}
	out.leaders = make([]uint32, out.start[len(v.idf)])
	for n, i := range leaders {
		ids, _ := v.row(int(i))
		for _, f := range ids {
			if out.start[f+1] > out.start[f] {
				out.leaders[next[f]] = uint32(n)
				next[f]++
			}
		}
	}
	return out
}

// leading finds the leaders of posts. Not safe for concurrent use.
type leading struct {
	model   *Model
	leaders []uint32
	lists   *[numChannels]ledBy
	sums    []float32
	touched []uint32
}

// of is the leader of a post.
func (l *leading) of(post int) uint32 {
	l.touched = l.touched[:0]
	for _, c := range subjectChannels {
		l.add(c, post)
	}
	best, most := uint32(unknown), float32(0)
	inv := l.model.vectors[proseChannel].inv
	for _, n := range l.touched {
		leader := l.leaders[n]
		if s := l.sums[n] * inv[leader]; s > most || s == most && leader < best {
			best, most = leader, s
		}
		l.sums[n] = 0
	}
	return best
}

func (l *leading) add(c channel, post int) {
	v, lists := &l.model.vectors[c], &l.lists[c]
	ids, counts := v.row(post)
	for k, f := range ids {
		w := v.idf[f] * v.idf[f] * roots[counts[k]]
		for _, n := range lists.leaders[lists.start[f]:lists.start[f+1]] {
			if l.sums[n] == 0 {
				l.touched = append(l.touched, n)
			}
			l.sums[n] += w
		}
	}
}
