package exec

import (
	"errors"
	"math"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index"
	"alphanode/index/bleveindex/layout"
	"alphanode/index/bleveindex/zapwriter"
)

// Columns are the values of the posts of one segment, in the form in which its file has
// them: they are read where they lie. They are opened once a segment, shared by all
// snapshots that hold it, and never change. Where Mapped, they must not be read once the
// segment is closed; strings are copies, and stay. Only the prior column is made here,
// when the as-of day or the weights change.
type Columns struct {
	Docs int
	// Mapped says that the columns are the memory of the segment's file.
	Mapped bool
	// Lengths are the numbers of positions, by text field of the schema and post.
	Lengths [][]uint32
	// Numbers are by number field of the schema.
	Numbers []Numbers
	// Titles holds the distinct stems of the titles, numbered within the segment; TitleIDs
	// are their numbers in the Vocabulary.
	Titles   Lists
	TitleIDs []uint32

	name    string
	seq     *zapwriter.Values
	facets  []func() (*Facet, error)
	signed  bool
	signals [6]*zapwriter.Values
	totals  totals
	size    int64
	prior   priorColumn
}

// totals are sums over all posts of a segment, deleted or not.
type totals struct {
	// length is the sum of the lengths, posts the number of posts that have the
	// field, by text field.
	length, posts []uint64
	// longest is the greatest length, by text field.
	longest []uint32
	// titleFreq is the number of posts by title term.
	titleFreq []uint32
}

// Numbers are the values of a number field.
type Numbers struct{ values *zapwriter.Values }

// At is the value of a post; NaN when absent.
func (n Numbers) At(doc uint32) float64 { return n.values.Float(doc) }

// Facet holds the values of one keyword field.
type Facet struct {
	// Keys are the folded values, Values those written, both by ordinal, in the
	// order of the keys. Counts are the numbers of posts, deleted ones among them.
	Keys, Values []string
	Counts       []uint32
	// Ords are the ordinals of each post.
	Ords Lists
}

// Lists is a list of numbers for each post, flat.
type Lists struct {
	Start []uint32 // by post, and one more
	Items []uint32
	// single is used in place of both where no post has several: by post, one more than
	// its only number, or 0; own are all numbers, each at its own place.
	single []uint16
	own    []uint32
}

// listsOf are those of a segment of so many posts.
func listsOf(o *zapwriter.Ordinals, docs int) Lists {
	l := Lists{Start: o.Starts, Items: o.Items, single: o.Singles}
	if l.Start == nil && l.single == nil {
		l.single = make([]uint16, docs) // None has any.
	}
	if l.single != nil {
		l.own = make([]uint32, o.Count)
		for i := range l.own {
			l.own[i] = uint32(i) //nolint:gosec // fewer than 2^16
		}
	}
	return l
}

// Of gives the list of one post; not to be changed.
func (l Lists) Of(doc uint32) []uint32 {
	if l.single != nil {
		if n := l.single[doc]; n > 0 {
			return l.own[n-1 : n]
		}
		return nil
	}
	return l.Items[l.Start[doc]:l.Start[doc+1]]
}

// PriorFunc computes the prior of a post, 0..1, on a day. Several goroutines call it at a time.
type PriorFunc func(index.Signals, int32) float32

// priorColumn is the prior of each post for one day and one version of the
// weights.
type priorColumn struct {
	mu      sync.Mutex
	day     int32
	version uint64
	values  []float32
}

// Prior gives the prior of each post on day, computing the column when the day or
// the version of f differs from the last call's; nil without signals.
func (c *Columns) Prior(f PriorFunc, version uint64, day int32) []float32 {
	if f == nil || !c.signed {
		return nil
	}
	c.prior.mu.Lock()
	defer c.prior.mu.Unlock()
	if c.prior.values == nil || c.prior.day != day || c.prior.version != version {
		values := c.priors(f, day)
		c.prior.values, c.prior.day, c.prior.version = values, day, version
	}
	return c.prior.values
}

// priorsAtATime is how many priors a processor computes at a time.
const priorsAtATime = 1 << 14

// priors computes the prior of each post, on all processors.
func (c *Columns) priors(f PriorFunc, day int32) []float32 {
	values := make([]float32, c.Docs)
	chunks := (c.Docs + priorsAtATime - 1) / priorsAtATime
	_ = parallel(chunks, func(bool) (func(int) error, func()) {
		return func(chunk int) error {
			for i := chunk * priorsAtATime; i < min(c.Docs, (chunk+1)*priorsAtATime); i++ {
				values[i] = f(c.signalsOf(uint32(i)), day) //nolint:gosec // documents are numbered by uint32
			}
			return nil
		}, func() {}
	}) // None fails.
	return values
}

// Vocabulary numbers terms: those of titles, across all segments of an index.
type Vocabulary struct {
	mu  sync.Mutex
	ids map[string]uint32
}

// NewVocabulary returns an empty Vocabulary.
func NewVocabulary() *Vocabulary { return &Vocabulary{ids: make(map[string]uint32)} }

// idOf gives the number of term; a new one when it has none.
func (v *Vocabulary) idOf(term []byte) uint32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	id, ok := v.ids[string(term)]
	if !ok {
		id = uint32(len(v.ids)) //nolint:gosec // fewer than 2^32 terms
		v.ids[string(term)] = id
	}
	return id
}

// Lookup gives the number of term, if it has one.
func (v *Vocabulary) Lookup(term string) (uint32, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	id, ok := v.ids[term]
	return id, ok
}

// Len is the number of terms.
func (v *Vocabulary) Len() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.ids)
}

// OpenColumns opens the columns of seg.
func OpenColumns(seg segment.Segment, schema *layout.Schema, titles *Vocabulary) (*Columns, error) {
	raw, ok, err := zapwriter.OpenRaw(seg)
	if err != nil || !ok {
		return nil, errors.Join(err, zapwriter.ErrCorrupt)
	}
	c := &Columns{Docs: int(raw.Docs), Mapped: raw.Mapped, name: raw.Name, size: raw.SectionBytes()}
	r := columnReader{raw: raw}
	c.seq = r.values(layout.SeqColumn)
	for _, f := range schema.Text {
		c.addLengths(r.values(layout.LengthColumn(f.Name)), &r)
	}
	for _, f := range schema.Number {
		c.Numbers = append(c.Numbers, Numbers{r.values(layout.NumberColumn(f.Name))})
	}
	c.signed = r.values(layout.SignedColumn).Most > 0
	for i, name := range layout.SignalColumns() {
		c.signals[i] = r.values(name)
	}
	c.openTitles(&r, titles)
	for _, f := range schema.Keyword {
		c.facets = append(c.facets, sync.OnceValues(func() (*Facet, error) { return openFacet(raw, f.Name) }))
	}
	if !raw.Mapped { // So that the rest of the segment's memory is not kept.
		for i := range c.facets {
			if _, err := c.facets[i](); err != nil {
				return nil, err
			}
			facet := c.Facet(i)
			c.facets[i] = func() (*Facet, error) { return facet, nil }
		}
	}
	return c, r.err
}

// columnReader reads columns until one fails.
type columnReader struct {
	raw *zapwriter.Raw
	err error
}

// values gives a column; an empty one after a failure.
func (r *columnReader) values(name string) *zapwriter.Values {
	v, err := r.raw.Values(name)
	if err != nil {
		r.err = errors.Join(r.err, err)
		return &zapwriter.Values{}
	}
	return v
}

func (c *Columns) addLengths(v *zapwriter.Values, r *columnReader) {
	lengths, err := v.Words(c.Docs)
	r.err = errors.Join(r.err, err)
	c.Lengths = append(c.Lengths, lengths)
	c.totals.length, c.totals.posts = append(c.totals.length, v.Sum), append(c.totals.posts, v.NotZero)
	c.totals.longest = append(c.totals.longest, uint32(v.Most)) //nolint:gosec // written from a uint32
}

// openTitles numbers the terms of titles.
func (c *Columns) openTitles(r *columnReader, titles *Vocabulary) {
	ordinals, err := r.raw.Ordinals(layout.TitleColumn)
	if err != nil {
		r.err = errors.Join(r.err, err)
		return
	}
	terms, err := r.raw.Terms(layout.TitleColumn)
	if err != nil {
		r.err = errors.Join(r.err, err)
		return
	}
	c.Titles = listsOf(ordinals, c.Docs)
	c.TitleIDs, c.totals.titleFreq = make([]uint32, 0, terms.Len()), make([]uint32, 0, terms.Len())
	for term, e := range terms.All() {
		c.TitleIDs, c.totals.titleFreq = append(c.TitleIDs, titles.idOf(term)), append(c.totals.titleFreq, e.Count)
	}
}

func openFacet(raw *zapwriter.Raw, name string) (*Facet, error) {
	ordinals, err := raw.Ordinals(name)
	if err != nil {
		return nil, err
	}
	terms, err := raw.Terms(name)
	if err != nil {
		return nil, err
	}
	n := terms.Len()
	f := &Facet{Keys: make([]string, 0, n), Values: make([]string, 0, n), Counts: make([]uint32, 0, n), Ords: listsOf(ordinals, int(raw.Docs))}
	for term, e := range terms.Range(0, n) {
		key, value := layout.SplitFacetTerm(term)
		f.Keys, f.Values, f.Counts = append(f.Keys, key), append(f.Values, value), append(f.Counts, e.Count)
	}
	return f, nil
}

// Facet gives the values of a keyword field of the schema, opened at the first call. It
// panics, with an error, where the segment is damaged there, as other reads of it do.
func (c *Columns) Facet(field int) *Facet {
	f, err := c.facets[field]()
	if err != nil {
		panic(err)
	}
	return f
}

// Seq is the sequence number of the change that a post comes from.
func (c *Columns) Seq(doc uint32) uint64 { return c.seq.Integer(doc) }

// signalsOf are the signals of a post.
func (c *Columns) signalsOf(doc uint32) index.Signals {
	var bits [6]uint32
	for i, v := range c.signals {
		bits[i] = uint32(v.Integer(doc)) //nolint:gosec // written from a uint32
	}
	return layout.SignalsOf(bits)
}

// Bytes is about the size of the columns and lists of terms, in memory or mapped.
func (c *Columns) Bytes() int64 { return c.size }

func absent(v float64) bool { return math.IsNaN(v) }
