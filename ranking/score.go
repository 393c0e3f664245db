package ranking

import (
	"context"
	"fmt"
	"math"
)

// scorer holds one post asked about in tables by feature, so that any candidate
// is scored by walking over its own entries. It is the plain form: [blocks] give
// the same numbers faster for all candidates at once. Not safe for concurrent use.
type scorer struct {
	model  *Model
	asked  asked
	tables [numProducts][]uint32
	// present has a bit for the low bits of each feature in a table: a test of most
	// entries that stays in the cache.
	present [numProducts][presentWords]uint64
}

func (m *Model) newScorer() *scorer { return &scorer{model: m} }

// presentWords makes 4096 bits.
const presentWords = 64

// ask loads the post asked about.
func (s *scorer) ask(v *view) {
	for p := range s.tables {
		for _, t := range s.asked.terms[p] {
			s.tables[p][t.feature] = 0
		}
	}
	s.model.ask(v, &s.asked)
	for p := range s.tables {
		if s.tables[p] == nil && len(s.asked.terms[p]) > 0 {
			s.tables[p] = make([]uint32, len(s.model.vectors[products[p].candidate].idf))
		}
		s.present[p] = [presentWords]uint64{}
		for _, t := range s.asked.terms[p] {
			s.tables[p][t.feature] = t.weight
			s.present[p][t.feature/64%presentWords] |= 1 << (t.feature % 64)
		}
	}
}

// part is the value of one part for candidate i, in units of 1/oneScore.
func (s *scorer) part(p part, i int) uint32 {
	if p == datesPart {
		return s.asked.date.near(&s.model.dates[i])
	}
	if p >= numProducts {
		for _, a := range s.asked.edges[p-numProducts] {
			if int(a.to) == i {
				return a.weight
			}
		}
		return 0
	}
	if len(s.asked.terms[p]) == 0 {
		return 0
	}
	table, present, sum := s.tables[p], &s.present[p], uint32(0)
	scale := s.model.candidateScale(p, i)
	ids, counts := s.model.vectors[products[p].candidate].row(i)
	for k, id := range ids {
		if present[id/64%presentWords]>>(id%64)&1 == 0 {
			continue
		}
		if w := table[id]; w > 0 {
			sum += w * uint32(s.model.candidateWeight(p, i, scale, id, counts[k]))
		}
	}
	return sum
}

// similarity is the sum of all parts, in units of 1/oneScore.
func (s *scorer) similarity(i int) uint32 {
	sum := uint32(0)
	for p := range numParts {
		sum += s.part(p, i)
	}
	return sum
}

// score is the similarity with the prior.
func (m *Model) score(similarity uint32, i int) float64 {
	return scoreOf(similarity, m.factor[i])
}

func scoreOf(similarity uint32, factor float64) float64 {
	return float64(similarity) / oneScore * factor
}

// Similar returns the k posts most similar to post i, exactly: every other post
// is scored, one after the other, which makes it the plain form that [Model.Exact] and
// [Model.Near] are held against. Ties go to the newer post, then to the smaller id.
// Posts that share nothing with i are left out. Rules and floor are not applied; see
// [Model.Row].
func (m *Model) Similar(i, k int) []Scored {
	v := m.view(i)
	return m.plain(&v, k)
}

// Near is Similar at a cost that hardly grows with the corpus: posts with little in
// common with i in its rarest features are not looked at (docs/ranking.md says how many
// that concerns). Their scores are those of Similar.
func (m *Model) Near(i, k int) []Scored {
	v := m.view(i)
	return m.near(&v, k)
}

// Lists is [Model.Near] for many posts, with so many workers (0: one a CPU). The answer
// does not depend on their number. It stops early only with the context's error.
func (m *Model) Lists(ctx context.Context, posts []int, k, workers int) ([][]Scored, error) {
	out := make([][]Scored, len(posts))
	at := make(map[int]int, len(posts))
	for n, i := range posts {
		at[i] = n
	}
	err := m.ranker().lists(ctx, posts, k, numWorkers(workers), nil, func(i int, list []Scored, _ uint32) { out[at[i]] = list })
	if err != nil {
		return nil, fmt.Errorf("listing similar posts: %w", err)
	}
	return out, nil
}

func (m *Model) near(v *view, k int) []Scored {
	list, _ := m.ranker().list(v, k)
	return list
}

func (m *Model) plain(v *view, k int) []Scored {
	s := m.newScorer()
	s.ask(v)
	best := newTop(m, k)
	for i := range m.infos {
		if i != v.self {
			best.offer(s.similarity(i), i)
		}
	}
	return best.sorted()
}

// top keeps the best k candidates of one post.
type top struct {
	model *Model
	k     int
	heap  []Scored // the worst first
	floor float64  // no score below it enters
}

func newTop(m *Model, k int) *top { return &top{model: m, k: k, floor: math.Inf(-1)} }

// worse orders candidates from the worst to the best.
func (t *top) worse(a, b Scored) bool {
	if a.Score != b.Score {
		return a.Score < b.Score
	}
	return t.model.before(b.Post, a.Post)
}

func (t *top) offer(similarity uint32, i int) {
	if similarity > 0 {
		t.add(Scored{Post: i, Score: t.model.score(similarity, i)})
	}
}

// add takes in a post whose similarity is not 0.
func (t *top) add(s Scored) {
	if s.Score < t.floor || t.k == 0 {
		return
	}
	if len(t.heap) < t.k {
		t.heap = append(t.heap, s)
		t.up(len(t.heap) - 1)
	} else if t.worse(t.heap[0], s) {
		t.heap[0] = s
		t.down(0, len(t.heap))
	}
	if len(t.heap) == t.k {
		t.floor = t.heap[0].Score
	}
}

func (t *top) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !t.worse(t.heap[i], t.heap[parent]) {
			return
		}
		t.heap[i], t.heap[parent] = t.heap[parent], t.heap[i]
		i = parent
	}
}

func (t *top) down(i, n int) {
	for {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && t.worse(t.heap[child+1], t.heap[child]) {
			child++
		}
		if !t.worse(t.heap[child], t.heap[i]) {
			return
		}
		t.heap[i], t.heap[child] = t.heap[child], t.heap[i]
		i = child
	}
}

// sorted empties the heap into a list, the best first.
func (t *top) sorted() []Scored {
	out := t.heap
	for n := len(out) - 1; n > 0; n-- {
		out[0], out[n] = out[n], out[0]
		t.down(0, n)
	}
	t.heap = nil
	return out
}
