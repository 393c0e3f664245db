package layout

import (
	"math"

	bleve "github.com/blevesearch/bleve_index_api"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex/zapwriter"
)

// Document is a post on its way into a segment. It writes itself (see Write), and
// shows no fields to scorch.
type Document struct {
	id      string
	seq     uint64
	post    *corpus.Post
	builder *Builder
}

var _ zapwriter.Document = (*Document)(nil)

// Builder makes documents of one schema. It is safe for concurrent use.
type Builder struct {
	schema  Schema
	writer  *zapwriter.Schema
	columns columnPlaces
	signals index.SignalsFunc
	scratch chan *tokenizer
	langs   languages
}

// NewBuilder returns a Builder with room for as many analyses at a time as there
// are workers. Signals may be nil.
func NewBuilder(schema Schema, signals index.SignalsFunc, workers int) *Builder {
	columns, places := writerColumns(&schema)
	return &Builder{
		schema: schema, writer: zapwriter.NewSchema(writerFields(&schema), columns...), columns: places, signals: signals,
		scratch: make(chan *tokenizer, workers),
	}
}

// writerFields are the fields of a segment: those of text, then the keywords.
func writerFields(schema *Schema) []zapwriter.Field {
	var out []zapwriter.Field
	for _, f := range schema.Text {
		out = append(out, zapwriter.Field{Name: f.Name, Options: textOptions})
	}
	for _, f := range schema.Keyword {
		out = append(out, zapwriter.Field{Name: f.Name, Options: keywordOptions})
	}
	return out
}

// Document returns the document of change, whose Post is not nil.
func (b *Builder) Document(change corpus.Change) *Document {
	return &Document{id: change.ID, seq: change.Seq, post: change.Post, builder: b}
}

// ID implements bleve.Document.
func (d *Document) ID() string { return d.id }

// Size implements bleve.Document; it feeds a statistic that is not used.
func (d *Document) Size() int { return 0 }

// VisitFields implements bleve.Document; there are none to see.
func (d *Document) VisitFields(bleve.FieldVisitor) {}

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
	schema, columns := &d.builder.schema, &d.builder.columns
	content := index.NewContent(d.post, d.builder.signals)
	b.Begin(d.id)
	b.SetInteger(columns.seq, d.seq)
	for i, f := range schema.Text {
		n := t.write(b, i, f.Passages(content), content.Lang(), schema.Plain)
		b.SetInteger(columns.lengths+i, uint64(n)) //nolint:gosec // bounded by the body limit
		if f.Name == titleField {
			for _, stem := range t.stems(content.Lang(), schema.Plain) {
				b.AddLabel(columns.title, stem)
			}
		}
	}
	for i, f := range schema.Keyword {
		for _, v := range f.Values(content) {
			if term := FacetTerm(v); term != "" {
				b.Add(len(schema.Text)+i, term, 0)
			}
		}
	}
	d.writeNumbers(b, content)
	d.post = nil
}

// titleField is the text field whose stems are kept beside its terms.
const titleField = "title"

const (
	textOptions    = bleve.IndexField | bleve.IncludeTermVectors
	keywordOptions = bleve.IndexField | bleve.SkipFreqNorm
)

func (d *Document) writeNumbers(b *zapwriter.Builder, c *index.Content) {
	columns := &d.builder.columns
	for i, f := range d.builder.schema.Number {
		v, ok := f.Number(c)
		if !ok {
			v = math.NaN()
		}
		b.SetFloat(columns.numbers+i, v)
	}
	if c.Signals == nil {
		return
	}
	b.SetInteger(columns.signed, 1)
	for i, bits := range signalBits(c.Signals) {
		b.SetInteger(columns.signals+i, uint64(bits))
	}
}

func (b *Builder) acquire() *tokenizer {
	select {
	case t := <-b.scratch:
		return t
	default:
		return newTokenizer(&b.langs)
	}
}

func (b *Builder) release(t *tokenizer) {
	select {
	case b.scratch <- t:
	default: // More analyses at a time than workers: let it go.
	}
}
