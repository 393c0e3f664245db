package layout

import (
	bleve "github.com/blevesearch/bleve_index_api"
)

// field is one field of a document, already analysed.
type field struct {
	name    string
	options bleve.FieldIndexingOptions
	value   []byte
	length  int
	terms   bleve.TokenFrequencies
}

var _ bleve.Field = (*field)(nil)

// Name implements bleve.Field.
func (f *field) Name() string { return f.name }

// Value implements bleve.Field.
func (f *field) Value() []byte { return f.value }

// ArrayPositions implements bleve.Field.
func (f *field) ArrayPositions() []uint64 { return nil }

// EncodedFieldType implements bleve.Field.
func (f *field) EncodedFieldType() byte { return 't' }

// Analyze implements bleve.Field; the document has analysed all fields before.
func (f *field) Analyze() {}

// Options implements bleve.Field.
func (f *field) Options() bleve.FieldIndexingOptions { return f.options }

// AnalyzedLength implements bleve.Field. The segment keeps it beside each
// frequency; it must not be 0 where there are terms, or a merge loses terms that
// occur once.
func (f *field) AnalyzedLength() int { return f.length }

// AnalyzedTokenFrequencies implements bleve.Field.
func (f *field) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.terms }

// NumPlainTextBytes implements bleve.Field.
func (f *field) NumPlainTextBytes() uint64 { return 0 }
