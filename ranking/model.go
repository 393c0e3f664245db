package ranking

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"alphanode/corpus"
	"alphanode/index"
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

// Model is what similar posts are computed from: the vectors, names and links of
// a corpus, with its document frequencies frozen (a generation). It is immutable
// and safe for concurrent use.
type Model struct {
	config  Config
	day     int32
	weights [numParts]float64

	infos  []info
	byID   map[string]uint32
	factor []float64 // the prior's factor of each post
	// maxFactor is the greatest factor.
	maxFactor float64
	dates     []dated
	sameDay   map[int32]uint32 // posts published on a day
	vectors   [numChannels]vectors
	// saturation of a post's prose when it covers a title, when its title is covered.
	averageLength     float64
	coveredK, coversK []float32
	titleSum          []float32 // idf of the terms of the title

	pairs   *pairs // those that are kept
	written [numSpaces]forms
	spelled *space
	labels  [numSpaces]*space
	// termHash orders terms whatever their numbers.
	termHash []uint64
	titled   naming  // the names of posts
	entity   *finder // the names of entities

	names, namedBy, links, linkedBy edges
	byKey                           map[uint32]uint32 // posts by their address

	// catalogue is made when it is first needed.
	catalogue func() *catalogue
	rowers    sync.Pool // of *rower

	// tellingIDF is the weight from which a feature is a reason.
	tellingIDF float32

	// edited is what the editors chose; it may change.
	edited atomic.Pointer[editorial]
	// recommended fills lists: posts of the greatest prior.
	recommended []int
}

// vectors are the rows of one channel with what their entries weigh.
type vectors struct {
	rows
	idf []float32 // by feature; 0 for one that fewer than two posts have
	inv []float32 // by post: one over the length of the weighted row, 0 for an empty one
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
	if err := b.gather(ctx, feed); err != nil {
		return nil, err
	}
	return b.freeze(), nil
}

// freeze turns what was gathered into a model; the builder is used up.
func (b *builder) freeze() *Model {
	b.bury()
	if b.day == index.NoDay {
		b.day = b.newest()
	}
	n := len(b.infos)
	m := &Model{
		config: b.config, day: b.day, weights: b.config.Similar.weights(), infos: b.infos,
		written: b.written, spelled: b.spelled, labels: b.spaces, termHash: b.termHash, byKey: b.addressed(),
		byID: make(map[string]uint32, n),
	}
	for i := range b.infos {
		m.byID[b.infos[i].id] = uint32(i)
	}
	m.titled, m.names = b.mentions()
	m.namedBy = m.names.reversed(n)
	m.links = b.links()
	m.linkedBy = m.links.reversed(n)
	m.entity = b.addMentions()
	b.prunePairs()
	m.pairs = b.pairs
	for c := range b.channels {
		m.vectors[c] = b.vectors(channel(c))
	}
	m.weighTitles()
	m.saturate()
	m.priors()
	m.datePosts()
	m.tellingIDF = telling(n)
	m.curate(curation.Similar{})
	m.catalogue = sync.OnceValue(m.newCatalogue)
	return m
}

// newest is the newest date of a post, 0 when none has one.
func (b *builder) newest() int32 {
	day := int32(0)
	for i := range b.infos {
		day = max(day, b.infos[i].signals.Day)
	}
	return day
}

// rareFeature is the number of posts that a feature must have to count: one
// that a single post has says nothing about two.
const rareFeature = 2

// vectors drops the features that say nothing and works out the weights of the
// others.
func (b *builder) vectors(c channel) vectors {
	n := len(b.infos)
	v := vectors{rows: b.channels[c], idf: make([]float32, b.numFeatures(channelSpaces[c])), inv: make([]float32, n)}
	if c == titleChannel {
		return v // Weighed by the frequencies of the prose.
	}
	for id, df := range b.df[c] {
		if df >= rareFeature {
			v.idf[id] = idf(n, df)
		}
	}
	for i := range n {
		v.keep(i, func(id uint32) bool { return v.idf[id] > 0 })
		ids, counts := v.row(i)
		v.inv[i] = v.inverse(ids, counts)
	}
	return v
}

func (b *builder) numFeatures(s spaceID) int {
	if s == pairSpace {
		return len(b.pairs.terms)
	}
	return b.spaces[s].len()
}

// idf is ln(1 + (N - df + 0.5)/(df + 0.5)), the form of BM25 that is never
// negative.
func idf(n int, df uint32) float32 {
	return float32(math.Log1p((float64(n) - float64(df) + 0.5) / (float64(df) + 0.5)))
}

// inverse is one over the Euclidean length of a row of weights sqrt(count) idf.
func (v *vectors) inverse(ids []uint32, counts []uint8) float32 {
	sum := 0.0
	for k, id := range ids {
		w := float64(v.idf[id])
		sum += float64(counts[k]) * w * w
	}
	if sum == 0 {
		return 0
	}
	return float32(1 / math.Sqrt(sum))
}

// weighTitles sums the idf of the terms of each title. A term that no second
// post has counts in full: it cannot be covered.
func (m *Model) weighTitles() {
	n := len(m.infos)
	idfs := m.vectors[titleChannel].idf
	single := idf(n, 1)
	for id := range idfs {
		idfs[id] = single
		if x := m.vectors[proseChannel].idf[id]; x > 0 {
			idfs[id] = x
		}
	}
	m.titleSum = make([]float32, n)
	for i := range n {
		ids, _ := m.vectors[titleChannel].row(i)
		m.titleSum[i] = m.titleIDF(ids)
	}
}

func (m *Model) titleIDF(ids []uint32) float32 {
	sum := float32(0)
	for _, id := range ids {
		sum += m.vectors[titleChannel].idf[id]
	}
	return sum
}

// saturate works out K = k1 (1 - b + b length/average) of each post.
func (m *Model) saturate() {
	n := len(m.infos)
	lengths, sum := make([]float64, n), 0.0
	for i := range n {
		_, counts := m.vectors[proseChannel].row(i)
		lengths[i] = total(counts)
		sum += lengths[i]
	}
	m.averageLength = max(sum/float64(max(n, 1)), 1)
	m.coveredK, m.coversK = make([]float32, n), make([]float32, n)
	for i, l := range lengths {
		m.coveredK[i] = m.saturation(l, coveredB)
		m.coversK[i] = m.saturation(l, coversB)
	}
}

// The parameters of saturation, as in BM25: k1, and b where the candidate's text
// covers the title asked about, and the reverse.
const (
	saturationK1 = 0.9
	coveredB     = 0.75
	coversB      = 0.4
	// coversSmoothing keeps short titles from being covered too easily.
	coversSmoothing = 5
)

func (m *Model) saturation(length, b float64) float32 {
	return float32(saturationK1 * (1 - b + b*length/m.averageLength))
}

func total(counts []uint8) float64 {
	n := 0
	for _, c := range counts {
		n += int(c)
	}
	return float64(n)
}

// priors works out the factor 1 + beta (2p - 1) of each post.
func (m *Model) priors() {
	p := Prior(m.config)
	m.factor = make([]float64, len(m.infos))
	for i := range m.infos {
		m.factor[i] = 1 + m.config.SimilarBeta*(2*float64(p(m.infos[i].signals, m.day))-1)
		m.maxFactor = max(m.maxFactor, m.factor[i])
		m.recommended = append(m.recommended, i)
	}
	slices.SortFunc(m.recommended, func(i, j int) int {
		switch {
		case m.factor[i] != m.factor[j]:
			return cmp.Compare(m.factor[j], m.factor[i])
		case m.before(i, j):
			return -1
		default:
			return 1
		}
	})
	m.recommended = slices.Clone(m.recommended[:min(len(m.recommended), 2*m.config.Rules.Shown+numReserve)])
}

// numReserve are the posts for filling beyond twice the length of a list, in case
// some are excluded or the same.
const numReserve = 20

// Len is the number of posts.
func (m *Model) Len() int { return len(m.infos) }

// ID is the id of post i.
func (m *Model) ID(i int) string { return m.infos[i].id }

// Title is the title of post i.
func (m *Model) Title(i int) string { return m.infos[i].title }

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
