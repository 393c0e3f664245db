package exec

import (
	"fmt"
	"math"
	"slices"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index"
	"alphanode/index/bleveindex/layout"
)

// Columns are the decoded values of one segment. They are made once a segment,
// shared by all snapshots that hold it, never change, and refer to no memory of
// the segment: they are freed by the garbage collector. Only the prior column is
// replaced, when the as-of day or the weights change.
type Columns struct {
	Docs int
	// Seq is the sequence number of the change that each post comes from.
	Seq []uint64
	// Lengths are the numbers of positions, by text field of the schema and post.
	Lengths [][]uint32
	// Numbers are by number field of the schema and post; NaN when absent.
	Numbers [][]float64
	// Facets are by keyword field of the schema.
	Facets []Facet
	// Signals is nil when the segment was written without.
	Signals []index.Signals
	// Titles holds the distinct stems of the titles.
	Titles Lists

	totals totals
	prior  priorColumn
}

// totals are sums over all posts of a segment, deleted or not.
type totals struct {
	// length is the sum of the lengths, posts the number of posts that have the
	// field, by text field.
	length, posts []uint64
	// longest is the greatest length, by text field.
	longest []uint32
	// langs is the number of posts by ordinal of the language.
	langs []int
	// titleFreq is the number of posts by title term, of those in titleTerms.
	titleTerms, titleFreq []uint32
}

// Facet holds the values of one keyword field.
type Facet struct {
	// Keys are the folded values, Values those written, both by ordinal, in the
	// order of the keys.
	Keys, Values []string
	// Ords are the ordinals of each post.
	Ords Lists
}

// Lists is a list of numbers for each post, flat.
type Lists struct {
	Start []uint32 // by post, and one more
	Items []uint32
}

// Of gives the list of one post; not to be changed.
func (l Lists) Of(doc uint32) []uint32 { return l.Items[l.Start[doc]:l.Start[doc+1]] }

// PriorFunc computes the prior of a post, 0..1, on a day.
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
	if f == nil || c.Signals == nil {
		return nil
	}
	c.prior.mu.Lock()
	defer c.prior.mu.Unlock()
	if c.prior.values == nil || c.prior.day != day || c.prior.version != version {
		values := make([]float32, c.Docs)
		for i := range values {
			values[i] = f(c.Signals[i], day)
		}
		c.prior.values, c.prior.day, c.prior.version = values, day, version
	}
	return c.prior.values
}

// Vocabulary numbers terms: those of titles, across all segments of an index.
type Vocabulary struct {
	mu  sync.Mutex
	ids map[string]uint32
}

// NewVocabulary returns an empty Vocabulary.
func NewVocabulary() *Vocabulary { return &Vocabulary{ids: make(map[string]uint32)} }

// ID gives the number of term; a new one when it has none.
func (v *Vocabulary) ID(term string) uint32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	id, ok := v.ids[term]
	if !ok {
		id = uint32(len(v.ids)) //nolint:gosec // fewer than 2^32 terms
		v.ids[term] = id
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

// DecodeColumns reads the columns of seg.
func DecodeColumns(seg segment.Segment, schema *layout.Schema, titles *Vocabulary) (*Columns, error) {
	n := int(seg.Count()) //nolint:gosec // fits: documents are numbered by uint32
	c := &Columns{Docs: n, Seq: make([]uint64, n), Titles: Lists{Start: make([]uint32, n+1)}}
	for range schema.Text {
		c.Lengths = append(c.Lengths, make([]uint32, n))
	}
	for range schema.Number {
		c.Numbers = append(c.Numbers, make([]float64, n))
	}
	if err := c.decodeRows(seg, schema, titles); err != nil {
		return nil, err
	}
	for _, f := range schema.Keyword {
		facet, err := decodeFacet(seg, f.Name, n)
		if err != nil {
			return nil, fmt.Errorf("facet %s: %w", f.Name, err)
		}
		c.Facets = append(c.Facets, facet)
	}
	c.sum(schema)
	return c, nil
}

func (c *Columns) sum(schema *layout.Schema) {
	for _, lengths := range c.Lengths {
		var sum, posts uint64
		longest := uint32(0)
		for _, n := range lengths {
			longest = max(longest, n)
			sum += uint64(n)
			posts += uint64(min(n, 1))
		}
		c.totals.length, c.totals.posts = append(c.totals.length, sum), append(c.totals.posts, posts)
		c.totals.longest = append(c.totals.longest, longest)
	}
	langs := &c.Facets[schema.KeywordIndex("lang")]
	c.totals.langs = make([]int, len(langs.Values))
	for _, ord := range langs.Ords.Items {
		c.totals.langs[ord]++
	}
	sorted := slices.Sorted(slices.Values(c.Titles.Items))
	for i, id := range sorted {
		if i == 0 || id != sorted[i-1] {
			c.totals.titleTerms, c.totals.titleFreq = append(c.totals.titleTerms, id), append(c.totals.titleFreq, 0)
		}
		c.totals.titleFreq[len(c.totals.titleFreq)-1]++
	}
}

func (c *Columns) decodeRows(seg segment.Segment, schema *layout.Schema, titles *Vocabulary) error {
	row := layout.Row{Lengths: make([]uint32, len(schema.Text)), Numbers: make([]float64, len(schema.Number))}
	for doc := range c.Docs {
		found := false
		var failed error
		err := seg.VisitStoredFields(uint64(doc), func(name string, _ byte, value []byte, _ []uint64) bool { //nolint:gosec // not negative
			if name == layout.RowField {
				row.Title = row.Title[:0]
				found, failed = true, layout.DecodeRow(value, &row)
			}
			return true
		})
		if err == nil {
			err = failed
		}
		if err == nil && !found {
			err = layout.ErrRow
		}
		if err != nil {
			return fmt.Errorf("post %d of a segment: %w", doc, err)
		}
		c.set(doc, &row, titles)
	}
	return nil
}

func (c *Columns) set(doc int, row *layout.Row, titles *Vocabulary) {
	c.Seq[doc] = row.Seq
	for i, n := range row.Lengths {
		c.Lengths[i][doc] = n
	}
	for i, v := range row.Numbers {
		c.Numbers[i][doc] = v
	}
	if row.HasSignals {
		if c.Signals == nil {
			c.Signals = make([]index.Signals, c.Docs)
		}
		c.Signals[doc] = row.Signals
	}
	for _, t := range row.Title {
		c.Titles.Items = append(c.Titles.Items, titles.ID(t))
	}
	c.Titles.Start[doc+1] = uint32(len(c.Titles.Items)) //nolint:gosec // fewer than 2^32
}

// decodeFacet inverts the postings of a keyword field.
func decodeFacet(seg segment.Segment, name string, docs int) (Facet, error) {
	dict, err := seg.Dictionary(name)
	if err != nil {
		return Facet{}, err
	}
	var facet Facet
	var pairs []uint64 // post in the upper half, ordinal in the lower
	var list segment.PostingsList
	var it segment.PostingsIterator
	terms := dict.AutomatonIterator(nil, nil, nil)
	for entry, err := terms.Next(); entry != nil || err != nil; entry, err = terms.Next() {
		if err != nil {
			return Facet{}, err
		}
		ord := uint64(len(facet.Values))
		key, value := layout.SplitFacetTerm(entry.Term)
		facet.Keys, facet.Values = append(facet.Keys, key), append(facet.Values, value)
		if list, err = dict.PostingsList([]byte(entry.Term), nil, list); err != nil {
			return Facet{}, err
		}
		it = list.Iterator(false, false, false, it)
		for p, err := it.Next(); p != nil || err != nil; p, err = it.Next() {
			if err != nil {
				return Facet{}, err
			}
			pairs = append(pairs, p.Number()<<32|ord)
		}
	}
	slices.Sort(pairs)
	facet.Ords = listsOf(pairs, docs)
	return facet, nil
}

func listsOf(pairs []uint64, docs int) Lists {
	l := Lists{Start: make([]uint32, docs+1), Items: make([]uint32, len(pairs))}
	for i, p := range pairs {
		l.Items[i] = uint32(p) //nolint:gosec // the lower half
		l.Start[p>>32+1]++
	}
	for d := range docs {
		l.Start[d+1] += l.Start[d]
	}
	return l
}

// Bytes is about the memory that the columns take.
func (c *Columns) Bytes() int64 {
	n := int64(c.Docs)
	total := n*8 + n*4*int64(len(c.Lengths)) + n*8*int64(len(c.Numbers)) + int64(len(c.Signals))*24
	total += int64(len(c.Titles.Items))*4 + n*4
	for _, f := range c.Facets {
		total += n*4 + int64(len(f.Ords.Items))*4
		for i := range f.Values {
			total += int64(len(f.Keys[i])+len(f.Values[i])) + 32
		}
	}
	return total
}

func absent(v float64) bool { return math.IsNaN(v) }
