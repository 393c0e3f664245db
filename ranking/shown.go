package ranking

import (
	"slices"

	"alphanode/corpus"
)

// shown is one place of a list as the rules left it.
type shown struct {
	post   int
	score  float64
	fill   bool
	pinned bool
	pick   corpus.Pick
}

// shortlist applies the rules to ranked candidates, best first. The order of
// events: exclusions, pins, near-duplicates, authors and series, diversity; then those
// that the bounds displaced, then fill; at the end the order by difficulty and
// the picks.
type shortlist struct {
	model *Model
	asked *view
	rules Rules
	// edited is what the editors chose, the same for the whole list.
	edited *editorial

	list    []shown
	taken   map[int]bool
	authors map[string]int
	series  map[string]int
	// candidates are those above the floor, varied are those of them that are shown.
	candidates []contender
	left       []int
	varied     []weightedProse
	permitted  []Scored
	dense      []float32 // by feature: the prose of the one that is compared
	present    [presentWords]uint64
	hits       []uint32
}

// weightedProse is the prose of a post that is shown, its entries weighed.
type weightedProse struct {
	ids     []uint32
	weights []float32
	inv     float32
}

// contender is a post that may be shown, with its likeness to the likest of the
// first so many that are.
type contender struct {
	Scored
	likeness float64
	compared int
}

func (m *Model) newShortlist() *shortlist {
	return &shortlist{
		model: m, rules: m.config.Rules, taken: map[int]bool{}, authors: map[string]int{}, series: map[string]int{},
	}
}

// choose returns the list that is shown; valid until the next call.
func (s *shortlist) choose(v *view, ranked []Scored) []shown {
	s.asked, s.edited = v, s.model.edited.Load()
	s.list = s.list[:0]
	clear(s.taken)
	clear(s.authors)
	clear(s.series)
	s.candidates, s.varied = s.candidates[:0], s.varied[:0]
	s.pin(ranked)
	ranked = s.allowed(ranked)
	similar := s.aboveFloor(ranked)
	for _, c := range ranked[:similar] {
		s.candidates = append(s.candidates, contender{Scored: c})
	}
	s.diverse(true)
	s.diverse(false)
	for _, c := range ranked[similar:] {
		s.add(shown{post: c.Post, score: c.Score, fill: true})
	}
	for _, id := range s.model.recommended {
		if s.full() {
			break
		}
		if i, ok := s.model.Lookup(id); ok && !s.same(&s.asked.info, i) {
			s.add(shown{post: i, fill: true})
		}
	}
	s.easyFirst()
	s.mark()
	return s.list
}

func (s *shortlist) full() bool { return len(s.list) >= s.rules.Shown }

// add shows a post unless the list is full, or has it or the same text already.
func (s *shortlist) add(c shown) bool {
	if s.full() || s.taken[c.post] || s.duplicate(c.post) || s.edited.excluded(s.asked.info.id, s.model.infos[c.post].id) || c.post == s.asked.self {
		return false
	}
	s.list = append(s.list, c)
	s.taken[c.post] = true
	info := &s.model.infos[c.post]
	for _, a := range info.authors {
		s.authors[a]++
	}
	s.series[info.series]++
	return true
}

func (s *shortlist) pin(ranked []Scored) {
	for _, id := range s.edited.pins[s.asked.info.id] {
		i, ok := s.model.Lookup(id)
		if !ok || s.full() || s.taken[i] || i == s.asked.self {
			continue
		}
		c := shown{post: i, pinned: true}
		for _, r := range ranked {
			if r.Post == i {
				c.score = r.Score
			}
		}
		s.add(c)
	}
}

// allowed leaves out what is excluded, shown already or the same text as the
// post asked about.
func (s *shortlist) allowed(ranked []Scored) []Scored {
	s.permitted = s.permitted[:0]
	for _, c := range ranked {
		if !s.taken[c.Post] && !s.edited.excluded(s.asked.info.id, s.model.infos[c.Post].id) && !s.same(&s.asked.info, c.Post) {
			s.permitted = append(s.permitted, c)
		}
	}
	return s.permitted
}

func (s *shortlist) aboveFloor(ranked []Scored) int {
	n := 0
	for n < len(ranked) && ranked[n].Score >= s.rules.Floor {
		n++
	}
	return n
}

// same is true for two posts of nearly the same text.
func (s *shortlist) same(a *info, post int) bool {
	return a.signature.resembles(&s.model.infos[post].signature, s.rules.NearDuplicate)
}

func (s *shortlist) duplicate(post int) bool {
	for _, c := range s.list {
		if s.same(&s.model.infos[c.post], post) {
			return true
		}
	}
	return false
}

// diverse fills the list by maximal marginal relevance (Carbonell and Goldstein,
// 1998): the next is the one whose score, as a share of the best, less its likeness
// to what is shown, is greatest. Bounded keeps to the numbers by author and series.
func (s *shortlist) diverse(bounded bool) {
	s.left = s.left[:0]
	for n, c := range s.candidates {
		if !s.taken[c.Post] {
			s.left = append(s.left, n)
		}
	}
	for !s.full() && len(s.left) > 0 {
		k := s.next(s.left[:min(2*s.rules.Shown, len(s.left))])
		c := s.candidates[s.left[k]].Scored
		s.left = slices.Delete(s.left, k, k+1)
		if bounded && s.crowded(c.Post) {
			continue
		}
		if s.add(shown{post: c.Post, score: c.Score}) {
			s.vary(c.Post)
		}
	}
}

// next is the place of the best among those left. Likeness only grows as more are
// shown, so that who leads by what is known of it, and has been compared with all, is
// the best.
func (s *shortlist) next(left []int) int {
	d, best := s.rules.Diversity, s.candidates[0].Score
	for {
		at, most := 0, 0.0
		for k, n := range left {
			c := &s.candidates[n]
			if value := (1-d)*c.Score/best - d*c.likeness; k == 0 || value > most {
				at, most = k, value
			}
		}
		c := &s.candidates[left[at]]
		if d == 0 || c.compared == len(s.varied) {
			return at
		}
		s.compare(c)
	}
}

// crowded is true when the author or the series has its places.
func (s *shortlist) crowded(post int) bool {
	info := &s.model.infos[post]
	if s.rules.PerSeries > 0 && info.series != "" && s.series[info.series] >= s.rules.PerSeries {
		return true
	}
	for _, a := range info.authors {
		if s.rules.PerAuthor > 0 && s.authors[a] >= s.rules.PerAuthor {
			return true
		}
	}
	return false
}

// compare updates the likeness of a candidate to what is shown: the cosine of their
// prose.
func (s *shortlist) compare(c *contender) {
	v := &s.model.vectors[proseChannel]
	if s.dense == nil {
		s.dense = make([]float32, len(v.idf))
	}
	ids, counts, inv := s.model.prose(c.Post)
	for k, id := range ids {
		s.dense[id] = inv * v.idf[id] * roots[counts[k]]
		s.present[id/64%presentWords] |= 1 << (id % 64)
	}
	for k := c.compared; k < len(s.varied); k++ {
		c.likeness = max(c.likeness, s.likeness(&s.varied[k]))
	}
	for _, id := range ids {
		s.dense[id] = 0
		s.present[id/64%presentWords] = 0
	}
	c.compared = len(s.varied)
}

// vary notes a post that is shown, for the others to be compared with.
func (s *shortlist) vary(post int) {
	n := len(s.varied)
	if n == cap(s.varied) {
		s.varied = append(s.varied, weightedProse{})
	}
	s.varied = s.varied[:n+1]
	v := &s.varied[n]
	var counts []uint8
	v.ids, counts, v.inv = s.model.prose(post)
	v.weights = v.weights[:0]
	idf := s.model.vectors[proseChannel].idf
	for k, id := range v.ids {
		v.weights = append(v.weights, idf[id]*roots[counts[k]])
	}
}

// likeness is the cosine of the prose of a post that is shown and of the one in dense.
// It does not branch where it looks for what they have in common: that cannot be
// predicted.
func (s *shortlist) likeness(v *weightedProse) float64 {
	if len(s.hits) < len(v.ids)+1 {
		s.hits = make([]uint32, 2*len(v.ids)+1)
	}
	n := uint(0)
	for k, id := range v.ids {
		s.hits[n] = uint32(k)
		n += uint(s.present[id/64%presentWords] >> (id % 64) & 1)
	}
	sum := float32(0)
	for _, k := range s.hits[:n] {
		sum += float32(s.dense[v.ids[k]] * v.weights[k])
	}
	return float64(sum * v.inv)
}
