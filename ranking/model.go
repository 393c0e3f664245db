package ranking

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"alphanode/corpus"
	"alphanode/index/curation"
)

// Scored is a post with its similarity to the post asked about.
type Scored struct {
	// Post is the index of the post in its Model, 0..Len()-1.
	Post int
	// Score is the similarity times the prior; greater is closer. It is 0..1.25
	// with the default prior.
	Score float64
}

// Model is what similar posts are computed from: the posts of a corpus, and the
// statistics that were frozen when it was built. One that BuildModel returns does not change
// and is safe for concurrent use. That of an Engine follows the store: whoever reads
// it holds mu.
type Model struct {
	*frozen
	versions

	// mu is held shared while a list is made, alone while posts are put in or out.
	mu sync.RWMutex

	// records are the rows of the posts, side by side.
	records records
	// subjects are the places in the arrangement by subject of the posts that were there
	// when it was made.
	subjects []uint32
	// kernel is made when it is first needed.
	kernel func() *kernel
	rowers sync.Pool // of *rower
	// sayings are made when the first reason is worded.
	sayings func() *sayings

	// edited is what the editors chose; it may change.
	edited atomic.Pointer[editorial]
}

// BuildModel reads the feed of public posts once (deletes are skipped; of two
// changes of one id the later counts) and freezes what it learned. The day is the
// as-of day of the prior, in days since the Unix epoch. It stops with the feed's
// first error or the context's. The configuration must be valid. With
// [index.NoDay] as the day, it is the newest date of the posts.
func BuildModel(ctx context.Context, feed iter.Seq2[corpus.Change, error], c Config, day int32) (*Model, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	b := newBuilder(c, day)
	b.workers = allowed(ctx, numWorkers(0))
	if err := b.gather(ctx, feed); err != nil {
		return nil, err
	}
	return b.freeze(), nil //nolint:contextcheck // Short, and not to be left half done.
}

// newModel is a model without posts.
func newModel(f *frozen) *Model {
	m := &Model{frozen: f}
	m.byID = map[string]uint32{}
	m.holder = make([]uint32, len(f.ids))
	for s := range m.holder {
		m.holder[s] = unknown
	}
	m.net.numbers, m.net.sharers = map[uint64]uint32{}, map[uint32][]uint32{}
	for c := range m.vectors {
		m.vectors[c].idf = f.idf[c]
	}
	m.curate(curation.Similar{})
	m.kernel = sync.OnceValue(func() *kernel { return newKernel(m) })
	m.sayings = sync.OnceValue(func() *sayings { return newSayings(f) })
	return m
}

// numReserve are the posts for filling beyond twice the length of a list, in case
// some are excluded or the same.
const numReserve = 20

// recommend returns the ids of the posts of the greatest prior.
func (m *Model) recommend() []string {
	all := make([]int, len(m.infos))
	for i := range all {
		all[i] = i
	}
	slices.SortFunc(all, func(i, j int) int {
		switch {
		case m.factor[i] != m.factor[j]:
			return cmp.Compare(m.factor[j], m.factor[i])
		case m.before(i, j):
			return -1
		default:
			return 1
		}
	})
	var ids []string
	for _, i := range all[:min(len(all), 2*m.config.Rules.Shown+numReserve)] {
		ids = append(ids, m.infos[i].id)
	}
	return ids
}

// Len is the number of versions of posts, those of posts that were replaced or
// deleted since the build included.
func (m *Model) Len() int { return len(m.infos) }

// ID is the id of post i.
func (m *Model) ID(i int) string { return m.infos[i].id }

// Lookup finds the index of an id.
func (m *Model) Lookup(id string) (int, bool) {
	i, ok := m.byID[id]
	return int(i), ok
}

// before orders ties: the newer post first, then the smaller id.
func (m *Model) before(i, j int) bool {
	a, b := &m.infos[i], &m.infos[j]
	if a.signals.Day != b.signals.Day {
		return a.signals.Day > b.signals.Day
	}
	return a.id < b.id
}

// Config is the configuration that the model was built with.
func (m *Model) Config() Config { return m.config }

// Day is the as-of day of the prior, in days since the Unix epoch.
func (m *Model) Day() int32 { return m.day }
