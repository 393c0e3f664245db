package zapwriter

import (
	"fmt"
	"sort"

	index "github.com/blevesearch/bleve_index_api"
)

// IDField is the name of the field that holds the document's id.
const IDField = "_id"

// Field is one field of the segments that a Builder writes.
type Field struct {
	Name string
	// Options: IncludeTermVectors keeps positions, DocValues keeps the terms of
	// each document, SkipFreqNorm keeps neither frequencies nor lengths, StoreField
	// lets the field be given to Store.
	Options index.FieldIndexingOptions
}

// Builder collects the tokens of a batch of documents and writes them as one
// segment. It may be reused after Reset; it is not safe for concurrent use.
type Builder struct {
	fields []*fieldBuilder // in segment order: _id, then by name
	order  []int           // caller's field number -> place in fields
	ids    []string
	stored []storedValue
}

// storedValue is one value that is kept with a document.
type storedValue struct {
	doc   uint32
	field uint16
	value []byte
}

// NewBuilder returns a builder for fields; a field's number is its place in the
// list. The id field is added by the builder.
func NewBuilder(fields []Field) *Builder {
	b := &Builder{order: make([]int, len(fields))}
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
}

// Docs is the number of documents since the last Reset.
func (b *Builder) Docs() int { return len(b.ids) }

// Begin starts the next document; all tokens that follow belong to it.
func (b *Builder) Begin(id string) {
	b.ids = append(b.ids, id)
	for _, f := range b.fields {
		f.begin()
	}
	b.fields[0].add(id, 0)
	b.fields[0].setLength(1)
}

// Add adds one occurrence of term at position (from 1) to the current document.
// Positions of one document and field must not decrease; the same term at the same
// position counts once.
func (b *Builder) Add(field int, term string, position uint32) {
	b.fields[b.order[field]].add(term, position)
}

// SetLength says how long the field of the current document is; it is kept with
// each posting as its norm. Without it the length is the number of tokens.
func (b *Builder) SetLength(field int, n int) {
	b.fields[b.order[field]].setLength(uint32(n))
}

// Store keeps value with the current document. Fields of one document must come in
// the order of their names; value must not change before Segment.
func (b *Builder) Store(field int, value []byte) {
	b.stored = append(b.stored, storedValue{
		doc: uint32(len(b.ids) - 1), field: uint16(b.order[field]), value: value,
	})
}

// fieldBuilder holds one field's tokens, in order of arrival.
type fieldBuilder struct {
	Field
	terms termTable
	// tokens: the term and position of each; starts[d] is where document d begins.
	term     []uint32
	position []uint32
	starts   []uint32
	lengths  []uint32 // 0: the number of tokens
	// last is the place in position after the latest token of each term.
	last []uint32
}

func newFieldBuilder(f Field) *fieldBuilder {
	return &fieldBuilder{Field: f, terms: newTermTable()}
}

func (f *fieldBuilder) reset() {
	f.terms.reset()
	f.term, f.position = f.term[:0], f.position[:0]
	f.starts, f.lengths, f.last = f.starts[:0], f.lengths[:0], f.last[:0]
}

func (f *fieldBuilder) begin() {
	f.starts = append(f.starts, uint32(len(f.term)))
	f.lengths = append(f.lengths, 0)
}

func (f *fieldBuilder) add(term string, position uint32) {
	n := f.terms.intern(term)
	if f.Options.IncludeTermVectors() {
		if f.repeats(n, position) {
			return
		}
		f.position = append(f.position, position)
		f.last[n] = uint32(len(f.position))
	}
	f.term = append(f.term, n)
}

// repeats reports whether the term stands at the position of the current document
// already.
func (f *fieldBuilder) repeats(term, position uint32) bool {
	if int(term) == len(f.last) {
		f.last = append(f.last, 0)
	}
	at := f.last[term]
	return at > f.starts[len(f.starts)-1] && f.position[at-1] == position
}

func (f *fieldBuilder) setLength(n uint32) { f.lengths[len(f.lengths)-1] = n }

// length is the norm of document d.
func (f *fieldBuilder) length(d uint32) uint32 {
	if n := f.lengths[d]; n > 0 {
		return n
	}
	return f.end(d) - f.starts[d]
}

func (f *fieldBuilder) end(d uint32) uint32 {
	if int(d)+1 < len(f.starts) {
		return f.starts[d+1]
	}
	return uint32(len(f.term))
}

// check finds what would make an unreadable segment.
func (b *Builder) check() error {
	for _, f := range b.fields {
		if !f.Options.IncludeDocValues() {
			continue
		}
		for t := range f.terms.len() {
			term := f.terms.term(uint32(t))
			for i := range len(term) {
				if term[i] == index.DocValueTermSeparator {
					return fmt.Errorf("field %s: term %q holds the separator byte 0xff", f.Name, term)
				}
			}
		}
	}
	return nil
}
