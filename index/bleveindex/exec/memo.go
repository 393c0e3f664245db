package exec

import (
	"maps"
	"math"
	"sync"
)

// memo is what a snapshot remembers between searches of the fast form. Safe for
// concurrent use.
type memo struct {
	mu          sync.Mutex
	frequencies map[string]int
	prefixes    prefixSets
	near        map[string]map[string]int

	tables sync.Once
	// bounded says that the scoring has bounds: see merged.
	bounded bool
	// inverse is 1 / norm by text field and length, for lengths below inverseSize.
	inverse [][]float64
	// titleIDF is by number of the title term; titleWeights are what bounds are made with.
	titleIDF     []float64
	titleWeights *titleWeights
	// facets are the counts of all values over all posts, by field.
	facets map[string][]foldedCount
}

const (
	// maxMemo is how many document frequencies are remembered, maxTermSets of how many words
	// their neighbours.
	maxMemo     = 4096
	maxTermSets = 256
	// inverseSize is the length up to which norms are tabulated.
	inverseSize = 1 << 13
)

func (m *memo) frequency(key string) (int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, ok := m.frequencies[key]
	return n, ok
}

func (m *memo) keepFrequency(key string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.frequencies == nil || len(m.frequencies) >= maxMemo {
		m.frequencies = make(map[string]int)
	}
	m.frequencies[key] = n
}

func (m *memo) prefix(key string) (*prefixSet, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.prefixes.get(key)
}

func (m *memo) keepPrefix(key string, set *prefixSet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.prefixes.put(key, set)
}

// neighbours gives a copy.
func (m *memo) neighbours(key string) (map[string]int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	terms, ok := m.near[key]
	return maps.Clone(terms), ok
}

func (m *memo) keepNeighbours(key string, terms map[string]int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.near == nil || len(m.near) >= maxTermSets {
		m.near = make(map[string]map[string]int)
	}
	m.near[key] = maps.Clone(terms)
}

// makeTables computes the tables of the snapshot's statistics.
func (s *Snapshot) makeTables() {
	scoring := &s.config.Scoring
	s.memo.bounded = scoring.K1 > 0
	for i, f := range s.config.Schema.Text {
		b := scoring.B[f.Name]
		s.memo.bounded = s.memo.bounded && b >= 0 && b <= 1 && scoring.Weight[f.Name] >= 0
		longest := uint32(0)
		for _, seg := range s.segments {
			longest = max(longest, seg.columns.totals.longest[i])
		}
		table := make([]float64, min(int(longest)+1, inverseSize))
		for n := range table {
			table[n] = 1 / (1 - b + b*float64(n)/s.averageLength[i])
		}
		s.memo.inverse = append(s.memo.inverse, table)
	}
	if s.config.Fast != nil {
		s.memo.titleWeights = s.config.Fast.titleWeights(s.live, s.titleFreq)
	}
	var known [1 << 10]float64
	s.memo.titleIDF = make([]float64, len(s.titleFreq))
	for id, df := range s.titleFreq {
		if int(df) >= len(known) {
			s.memo.titleIDF[id] = idf(s.live, int(df))
			continue
		}
		if df > 0 && known[df] == 0 {
			known[df] = math.Log(1 + float64(s.live)/float64(df))
		}
		s.memo.titleIDF[id] = known[df]
	}
}

func (m *memo) facet(field string) ([]foldedCount, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all, ok := m.facets[field]
	return all, ok
}

func (m *memo) keepFacet(field string, all []foldedCount) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.facets == nil {
		m.facets = make(map[string][]foldedCount)
	}
	m.facets[field] = all
}
