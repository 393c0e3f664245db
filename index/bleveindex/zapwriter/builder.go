package zapwriter

import (
	"sort"

	index "github.com/blevesearch/bleve_index_api"
)

// IDField is the name of the field that holds the document's id.
const IDField = "_id"

// Field is one field of the segments that a Builder writes.
type Field struct {
	Name string
	// Options: IncludeTermVectors keeps positions, SkipFreqNorm keeps no frequencies,
	// StoreField lets the field be given to Store. There are no doc values.
	Options index.FieldIndexingOptions
}

// Builder collects the tokens of a batch of documents and writes them as one
// segment. It may be reused after Reset; it is not safe for concurrent use.
type Builder struct {
	fields  []*fieldBuilder // in segment order: _id, then by name
	order   []int           // caller's field number -> place in fields
	ids     []string
	columns []*columnBuilder
	stored  []storedValue
	writer  writer
}

// storedValue is one value that is kept with a document.
type storedValue struct {
	doc   uint32
	field uint16
	value []byte
}

// NewBuilder returns a builder for fields and columns; the number of each is its
// place among its like. The id field is added by the builder.
func NewBuilder(fields []Field, columns ...Column) *Builder {
	b := &Builder{order: make([]int, len(fields))}
	for _, c := range columns {
		b.columns = append(b.columns, &columnBuilder{Column: c, labels: newTermTable()})
	}
	b.fields = append(b.fields, newFieldBuilder(Field{Name: IDField, Options: index.IndexField | index.StoreField}))
	places := make([]int, len(fields))
	for i := range places {
		places[i] = i
	}
	sort.Slice(places, func(i, j int) bool { return fields[places[i]].Name < fields[places[j]].Name })
	for _, place := range places {
		b.order[place] = len(b.fields)
		b.fields = append(b.fields, newFieldBuilder(fields[place]))
	}
	return b
}

// Reset forgets all documents and keeps the memory.
func (b *Builder) Reset() {
	b.ids = b.ids[:0]
	clear(b.stored)
	b.stored = b.stored[:0]
	for _, f := range b.fields {
		f.reset()
	}
	for _, c := range b.columns {
		c.reset()
	}
}

// Docs is the number of documents since the last Reset.
func (b *Builder) Docs() int { return len(b.ids) }

// Begin starts the next document; all tokens that follow belong to it.
func (b *Builder) Begin(id string) {
	b.ids = append(b.ids, id)
	for _, f := range b.fields {
		f.begin()
	}
	for _, c := range b.columns {
		c.begin()
	}
	b.fields[0].add(id, 0)
}

// Add adds one occurrence of term at position (from 1) to the current document, and
// returns the number of the term, which is good until Reset. Positions of one
// document and field must not decrease; the same term at the same position counts
// once.
func (b *Builder) Add(field int, term string, position uint32) uint32 {
	return b.fields[b.order[field]].add(term, position)
}

// Sight looks at a term that is to be added to a field before the next Reset. Looks that follow
// each other wait for memory together, so that a text is looked through before it is added.
func (b *Builder) Sight(field int, term string) Sight {
	return b.fields[b.order[field]].terms.sight(term)
}

// AddSighted is Add of a term that was sighted.
func (b *Builder) AddSighted(field int, term string, s Sight, position uint32) uint32 {
	return b.fields[b.order[field]].addSighted(term, s, position)
}

// AddAgain is Add of the term of number n.
func (b *Builder) AddAgain(field int, n, position uint32) {
	b.fields[b.order[field]].addNumber(n, position)
}

// Note gives what SetNote noted with the term of number n of a field; 0 when nothing
// was.
func (b *Builder) Note(field int, n uint32) uint64 {
	return b.fields[b.order[field]].chains.of[n].note
}

// SetNote notes something with the term of number n of a field.
func (b *Builder) SetNote(field int, n uint32, note uint64) {
	b.fields[b.order[field]].chains.of[n].note = note
}

// Store keeps value with the current document. Fields of one document must come in
// the order of their names; value must not change before Segment.
func (b *Builder) Store(field int, value []byte) {
	b.stored = append(b.stored, storedValue{
		doc: uint32(len(b.ids) - 1), field: uint16(b.order[field]), value: value,
	})
}

// fieldBuilder holds one field's tokens.
type fieldBuilder struct {
	Field
	terms  termTable
	chains chains
	docs   uint32 // begun so far
}

func newFieldBuilder(f Field) *fieldBuilder {
	return &fieldBuilder{Field: f, terms: newTermTable()}
}

func (f *fieldBuilder) reset() {
	f.terms.reset()
	f.chains.reset()
	f.docs = 0
}

func (f *fieldBuilder) begin() { f.docs++ }

func (f *fieldBuilder) add(term string, position uint32) uint32 {
	return f.addSighted(term, f.terms.sight(term), position)
}

func (f *fieldBuilder) addSighted(term string, s Sight, position uint32) uint32 {
	n := f.terms.intern(term, s)
	f.addNumber(n, position)
	return n
}

func (f *fieldBuilder) addNumber(n, position uint32) {
	doc, positional := f.docs-1, f.Options.IncludeTermVectors()
	if !positional {
		position = 0
	}
	if int(n) == len(f.chains.of) {
		f.chains.start(doc, position)
		return
	}
	if k := &f.chains.of[n]; k.doc == doc && (positional && k.position == position || f.Options.SkipFreqNorm()) {
		return // It counts once.
	}
	f.chains.add(n, doc, position)
}

// specs are the fields in segment order.
func (b *Builder) specs() []Field {
	out := make([]Field, len(b.fields))
	for i, f := range b.fields {
		out[i] = f.Field
	}
	return out
}
