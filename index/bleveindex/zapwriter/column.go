package zapwriter

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Column is a value, or a list of labels, that each document has.
type Column struct {
	// Name is unlike that of any field.
	Name string
	Kind ColumnKind
}

// ColumnKind says what a column holds.
type ColumnKind uint8

const (
	// Integers are whole numbers, from 0.
	Integers ColumnKind = iota
	// Floats are the bits of a float64.
	Floats
	// Labels are lists of strings.
	Labels
)

// encoding is how a section is written. The writer takes the first of those of its
// kind that fits, so that the same content has the same bytes.
type encoding uint8

const (
	termBlocks encoding = iota // a lexicon

	// Of values. The first number is that which all are, or which they begin from.
	constant   // nothing
	words      // uint32
	offsets    // uint32, from the first number on
	longs      // uint64
	shortFloat // float32
	longFloat  // float64

	// Of ordinals. The first number is how many ordinals there are.
	singles // uint16: 1 more than the only ordinal of a document, or 0
	lists   // uint32: where the list of each document begins, and one more; then ordinals
)

// maxSingles is below what number of ordinals they fit singles.
const maxSingles = 1<<16 - 1

// columnBuilder holds one column of the documents so far.
type columnBuilder struct {
	Column
	values []uint64
	labels termTable
	starts []uint32
	items  []uint32 // numbers in labels
}

func (c *columnBuilder) reset() {
	c.values, c.starts, c.items = c.values[:0], c.starts[:0], c.items[:0]
	c.labels.reset()
}

func (c *columnBuilder) begin() {
	if c.Kind == Labels {
		c.starts = append(c.starts, uint32(len(c.items)))
		return
	}
	c.values = append(c.values, 0)
}

// SetInteger sets the value of a column of Integers for the current document; 0 when
// it is not set.
func (b *Builder) SetInteger(column int, v uint64) {
	values := b.columns[column].values
	values[len(values)-1] = v
}

// SetFloat sets the value of a column of Floats for the current document. All values
// that are not a number are the same.
func (b *Builder) SetFloat(column int, v float64) {
	b.SetInteger(column, floatBits(v))
}

// AddLabel adds to the list of the current document in a column of Labels.
func (b *Builder) AddLabel(column int, label string) {
	c := b.columns[column]
	c.items = append(c.items, c.labels.intern(label, c.labels.sight(label)))
}

// column writes the sections of a column.
func (w *writer) column(c *columnBuilder) {
	if c.Kind != Labels {
		w.values(c.Column, c.values)
		return
	}
	w.order = c.labels.sorted(w.order)
	place := resize(w.next, c.labels.len())
	for i, n := range w.order {
		place[n] = uint32(i)
	}
	counts := make([]uint32, len(w.order))
	for i, n := range c.items {
		c.items[i] = place[n]
		counts[place[n]]++
	}
	w.next = place
	w.lexicon.Reset()
	for i, n := range w.order {
		w.lexicon.Add(c.labels.term(n), counts[i], 0)
	}
	w.terms(c.Name)
	w.ordinals(c.Name, len(w.order), append(c.starts, uint32(len(c.items))), c.items)
}

// terms writes the terms that are in the lexicon.
func (w *writer) terms(name string) {
	if w.lexicon.Len() > 0 {
		w.section(termsSection+name, termBlocks, [sectionNumbers]uint64{}, w.lexicon.AppendTo)
	}
}

// ordinals writes a list of numbers below count for each document: those of document d
// are items from starts[d] on. Nothing where no document has any.
func (w *writer) ordinals(name string, count int, starts, items []uint32) {
	if len(items) == 0 {
		return
	}
	numbers := [sectionNumbers]uint64{uint64(count)}
	if count < maxSingles && atMostOne(starts) {
		w.section(ordinalsSection+name, singles, numbers, func(dst []byte) []byte {
			for d := range starts[:len(starts)-1] {
				one := uint16(0)
				if starts[d] < starts[d+1] {
					one = uint16(items[starts[d]] + 1)
				}
				dst = binary.LittleEndian.AppendUint16(dst, one)
			}
			return dst
		})
		return
	}
	w.section(ordinalsSection+name, lists, numbers, func(dst []byte) []byte {
		return appendWords(appendWords(dst, starts), items)
	})
}

func atMostOne(starts []uint32) bool {
	for d := range starts[:len(starts)-1] {
		if starts[d+1] > starts[d]+1 {
			return false
		}
	}
	return true
}

func appendWords(dst []byte, words []uint32) []byte {
	dst = slices.Grow(dst, 4*len(words))
	for _, v := range words {
		dst = binary.LittleEndian.AppendUint32(dst, v)
	}
	return dst
}

// values writes a column of numbers. Of integers the section's numbers are the
// first, their sum, how many are not 0, and the greatest.
func (w *writer) values(c Column, values []uint64) {
	if len(values) == 0 {
		return
	}
	how, numbers := encodingOf(c.Kind, values)
	w.section(valuesSection+c.Name, how, numbers, func(dst []byte) []byte { return appendValues(dst, how, numbers[0], values) })
}

func appendValues(dst []byte, how encoding, base uint64, values []uint64) []byte {
	if how == constant {
		return dst
	}
	for _, v := range values {
		switch how {
		case words, offsets:
			dst = binary.LittleEndian.AppendUint32(dst, uint32(v-base))
		case shortFloat:
			dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(math.Float64frombits(v))))
		default:
			dst = binary.LittleEndian.AppendUint64(dst, v)
		}
	}
	return dst
}

// encodingOf chooses how values, at least one, are written, and sums them up.
func encodingOf(kind ColumnKind, values []uint64) (encoding, [sectionNumbers]uint64) {
	least, most := slices.Min(values), slices.Max(values)
	if kind == Floats {
		switch {
		case least == most:
			return constant, [sectionNumbers]uint64{least}
		case allShort(values):
			return shortFloat, [sectionNumbers]uint64{}
		default:
			return longFloat, [sectionNumbers]uint64{}
		}
	}
	numbers := [sectionNumbers]uint64{0, 0, 0, most}
	for _, v := range values {
		numbers[1] += v
		numbers[2] += min(v, 1)
	}
	switch {
	case least == most:
		numbers[0] = least
		return constant, numbers
	case most <= math.MaxUint32:
		return words, numbers
	case most-least <= math.MaxUint32:
		numbers[0] = least
		return offsets, numbers
	default:
		return longs, numbers
	}
}

// allShort reports whether all floats are as exact with 32 bits.
func allShort(values []uint64) bool {
	for _, v := range values {
		f := math.Float64frombits(v)
		if float64(float32(f)) != f && !math.IsNaN(f) {
			return false
		}
	}
	return true
}

// Values are a column of numbers, one a document. Immutable.
type Values struct {
	base  uint64
	short []uint32
	long  []uint64
	f32   []float32
	f64   []float64
	// Sum, NotZero and Most are, of Integers, the sum of all, how many are not 0, and the
	// greatest.
	Sum, NotZero, Most uint64
}

// Integer is the value of a document, of Integers. It is not checked that there is
// such a document.
func (v *Values) Integer(doc uint32) uint64 {
	switch {
	case v.short != nil:
		return v.base + uint64(v.short[doc])
	case v.long != nil:
		return v.long[doc]
	default:
		return v.base
	}
}

// Float is the value of a document, of Floats.
func (v *Values) Float(doc uint32) float64 {
	switch {
	case v.f32 != nil:
		return float64(v.f32[doc])
	case v.f64 != nil:
		return v.f64[doc]
	default:
		return math.Float64frombits(v.base)
	}
}

// Words gives Integers below 2^32 by document, for the given number of documents; they
// may be those of the segment's memory.
func (v *Values) Words(docs int) ([]uint32, error) {
	switch {
	case v.short != nil && v.base == 0:
		return v.short, nil
	case v.short == nil && v.long == nil && v.base <= math.MaxUint32:
		out := make([]uint32, docs)
		for i := range out {
			if v.base == 0 {
				break // Nothing is written, so that no memory is taken.
			}
			out[i] = uint32(v.base)
		}
		return out, nil
	default:
		return nil, fmt.Errorf("%w: numbers up to %d", ErrCorrupt, v.Most)
	}
}

// Values gives a column of Integers or Floats. It reads the segment's memory where
// that is mapped.
func (r *Raw) Values(name string) (*Values, error) {
	s, data, err := r.owned(valuesSection + name)
	if err != nil {
		return nil, err
	}
	out := &Values{base: s.numbers[0], Sum: s.numbers[1], NotZero: s.numbers[2], Most: s.numbers[3]}
	size := 8
	switch s.encoding {
	case constant:
		size = 0
	case words, offsets:
		out.short, size = View[uint32](data), 4
	case longs:
		out.long = View[uint64](data)
	case shortFloat:
		out.f32, size = View[float32](data), 4
	case longFloat:
		out.f64 = View[float64](data)
	default:
		return nil, fmt.Errorf("column %s: %w: encoding %d", name, ErrCorrupt, s.encoding)
	}
	if len(data) != size*int(r.Docs) {
		return nil, fmt.Errorf("column %s: %w: %d bytes for %d documents", name, ErrCorrupt, len(data), r.Docs)
	}
	return out, nil
}

// Ordinals are lists of numbers, one list a document: those of document d are
// Items[Starts[d]:Starts[d+1]]; or, where Singles is not nil, it is the only number of
// d, plus 1, or 0. All are nil where no document has any. They may be those of the
// segment's memory, and do not change.
type Ordinals struct {
	Starts, Items []uint32
	Singles       []uint16
	// Count is how many numbers there are: all are below it.
	Count int
}

// Ordinals gives the places in Terms of the terms of each document: for fields without
// frequencies, ascending, and columns of Labels, in the order in which they were added.
func (r *Raw) Ordinals(name string) (*Ordinals, error) {
	s, data, err := r.owned(ordinalsSection + name)
	if err != nil || data == nil {
		return &Ordinals{}, err
	}
	out, docs := &Ordinals{Count: int(s.numbers[0])}, int(r.Docs)
	switch {
	case s.encoding == singles && len(data) == 2*docs:
		out.Singles = View[uint16](data)
	case s.encoding == lists && len(data) >= 4*(docs+1):
		numbers := View[uint32](data)
		out.Starts, out.Items = numbers[:docs+1], numbers[docs+1:]
	default:
		return nil, fmt.Errorf("ordinals of %s: %w: %d bytes for %d documents", name, ErrCorrupt, len(data), docs)
	}
	return out, nil
}

// of gives the numbers of a document; one is the single number where that is how they
// are kept.
func (o *Ordinals) of(doc int, one *[1]uint32) ([]uint32, error) {
	switch {
	case o.Singles != nil:
		if n := o.Singles[doc]; n > 0 {
			one[0] = uint32(n - 1)
			return one[:], nil
		}
	case o.Starts != nil:
		from, to := o.Starts[doc], o.Starts[doc+1]
		if from > to || to > uint32(len(o.Items)) {
			return nil, fmt.Errorf("%w: list from %d to %d of %d", ErrCorrupt, from, to, len(o.Items))
		}
		return o.Items[from:to], nil
	}
	return nil, nil
}
