package layout

import (
	"sync"

	bleve "github.com/blevesearch/bleve_index_api"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex/zapwriter"
)

// Document is a post on its way into a segment. It writes itself (see Write), and
// shows no fields to scorch, unless its Builder is a stock one: then it is analysed
// when its fields are first visited, which scorch does on its analysis workers.
type Document struct {
	id      string
	seq     uint64
	post    *corpus.Post
	builder *Builder
	once    sync.Once
	fields  []field
}

var _ zapwriter.Document = (*Document)(nil)

// Builder makes documents of one schema. It is safe for concurrent use.
type Builder struct {
	// Stock leaves the writing of segments to the stock writer: slower, and what
	// the own writer is compared with. Set before the first Document.
	Stock bool

	schema  Schema
	writer  *zapwriter.Schema
	signals index.SignalsFunc
	scratch chan *tokenizer
}

// NewBuilder returns a Builder with room for as many analyses at a time as there
// are workers. Signals may be nil.
func NewBuilder(schema Schema, signals index.SignalsFunc, workers int) *Builder {
	return &Builder{
		schema: schema, writer: zapwriter.NewSchema(writerFields(&schema)), signals: signals,
		scratch: make(chan *tokenizer, workers),
	}
}

// writerFields are the fields of a segment: those of text, then the keywords, then
// the row.
func writerFields(schema *Schema) []zapwriter.Field {
	var out []zapwriter.Field
	for _, f := range schema.Text {
		out = append(out, zapwriter.Field{Name: f.Name, Options: textOptions})
	}
	for _, f := range schema.Keyword {
		out = append(out, zapwriter.Field{Name: f.Name, Options: keywordOptions})
	}
	return append(out, zapwriter.Field{Name: RowField, Options: bleve.StoreField})
}

// Document returns the document of change, whose Post is not nil.
func (b *Builder) Document(change corpus.Change) *Document {
	return &Document{id: change.ID, seq: change.Seq, post: change.Post, builder: b}
}

// ID implements bleve.Document.
func (d *Document) ID() string { return d.id }

// Size implements bleve.Document; it feeds a statistic that is not used.
func (d *Document) Size() int { return 0 }

// VisitFields implements bleve.Document.
func (d *Document) VisitFields(visit bleve.FieldVisitor) {
	if !d.builder.Stock {
		return
	}
	d.once.Do(d.analyse)
	for i := range d.fields {
		visit(&d.fields[i])
	}
}

// VisitComposite implements bleve.Document; there are no composite fields.
func (d *Document) VisitComposite(bleve.CompositeFieldVisitor) {}

// HasComposite implements bleve.Document.
func (d *Document) HasComposite() bool { return false }

// NumPlainTextBytes implements bleve.Document.
func (d *Document) NumPlainTextBytes() uint64 { return 0 }

// AddIDField implements bleve.Document; the id is always among the fields.
func (d *Document) AddIDField() {}

// StoredFieldsBytes implements bleve.Document.
func (d *Document) StoredFieldsBytes() uint64 { return 0 }

// Indexed implements bleve.Document.
func (d *Document) Indexed() bool { return true }

// Schema implements zapwriter.Document.
func (d *Document) Schema() *zapwriter.Schema { return d.builder.writer }

// Write implements zapwriter.Document.
func (d *Document) Write(b *zapwriter.Builder) {
	t := d.builder.acquire()
	defer d.builder.release(t)
	schema := &d.builder.schema
	content := index.NewContent(d.post, d.builder.signals)
	row := d.newRow()
	b.Begin(d.id)
	for i, f := range schema.Text {
		n := t.write(b, i, f.Passages(content), content.Lang(), schema.Plain)
		row.Lengths[i] = uint32(n) //nolint:gosec // bounded by the body limit
		if f.Name == titleField {
			row.Title = t.stems()
		}
	}
	for i, f := range schema.Keyword {
		for _, v := range f.Values(content) {
			if term := FacetTerm(v); term != "" {
				b.Add(len(schema.Text)+i, term, 0)
			}
		}
	}
	fillNumbers(&row, schema, content)
	b.Store(len(schema.Text)+len(schema.Keyword), AppendRow(nil, &row))
	d.post = nil
}

func (d *Document) newRow() Row {
	schema := &d.builder.schema
	return Row{Seq: d.seq, Lengths: make([]uint32, len(schema.Text)), Numbers: make([]float64, len(schema.Number))}
}

// titleField is the text field whose stems the row keeps.
const titleField = "title"

// analyse makes all fields. Every document has every field, empty or not: then
// all segments have the same fields, and merges copy postings as bytes.
func (d *Document) analyse() {
	t := d.builder.acquire()
	defer d.builder.release(t)
	schema := &d.builder.schema
	content := index.NewContent(d.post, d.builder.signals)
	row := d.newRow()
	d.fields = make([]field, 0, 2+len(schema.Text)+len(schema.Keyword))
	d.fields = append(d.fields, idField(d.id))
	for i, f := range schema.Text {
		terms, length := t.text(f.Passages(content), content.Lang(), schema.Plain)
		row.Lengths[i] = uint32(length) //nolint:gosec // bounded by the body limit
		d.fields = append(d.fields, field{name: f.Name, options: textOptions, length: length, terms: terms})
		if f.Name == titleField {
			row.Title = t.stems()
		}
	}
	for _, f := range schema.Keyword {
		d.fields = append(d.fields, keywordField(f, content))
	}
	fillNumbers(&row, schema, content)
	d.fields = append(d.fields, field{name: RowField, options: bleve.StoreField, value: AppendRow(nil, &row)})
	d.post = nil
}

const (
	idOptions      = bleve.IndexField | bleve.StoreField
	textOptions    = bleve.IndexField | bleve.IncludeTermVectors
	keywordOptions = bleve.IndexField | bleve.SkipFreqNorm
)

func idField(id string) field {
	tf := &bleve.TokenFreq{}
	tf.SetFrequency(1)
	return field{name: IDField, options: idOptions, value: []byte(id), length: 1, terms: bleve.TokenFrequencies{id: tf}}
}

// keywordField has frequency 0 for all terms: the segment then keeps no norms.
func keywordField(f index.Field, c *index.Content) field {
	out := field{name: f.Name, options: keywordOptions, length: 1}
	for _, v := range f.Values(c) {
		term := FacetTerm(v)
		if term == "" {
			continue
		}
		if out.terms == nil {
			out.terms = make(bleve.TokenFrequencies)
		}
		out.terms[term] = &bleve.TokenFreq{}
	}
	return out
}

func fillNumbers(row *Row, schema *Schema, c *index.Content) {
	for i, f := range schema.Number {
		v, ok := f.Number(c)
		if !ok {
			v = nan
		}
		row.Numbers[i] = v
	}
	if c.Signals != nil {
		row.Signals, row.HasSignals = *c.Signals, true
	}
}

func (b *Builder) acquire() *tokenizer {
	select {
	case t := <-b.scratch:
		return t
	default:
		return newTokenizer()
	}
}

func (b *Builder) release(t *tokenizer) {
	select {
	case b.scratch <- t:
	default: // More analyses at a time than workers: let it go.
	}
}
