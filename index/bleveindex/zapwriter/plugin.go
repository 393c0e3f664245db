package zapwriter

import (
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// Document is a document that writes itself into a segment.
type Document interface {
	index.Document
	// Schema is the same for all documents of an index.
	Schema() *Schema
	// Write calls b.Begin once and then adds its tokens. It runs on the goroutine
	// of the batch.
	Write(b *Builder)
}

// spareBuilders bounds how many builders a schema keeps for reuse.
const spareBuilders = 4

// Schema is the field table of an index, with builders to reuse. Safe for
// concurrent use.
type Schema struct {
	fields  []Field
	columns []Column
	// A channel and not a sync.Pool: each collection would empty the pool, and
	// the builders' memory is what makes reuse worth it.
	spare chan *Builder
}

// NewSchema returns the schema of fields and columns.
func NewSchema(fields []Field, columns ...Column) *Schema {
	return &Schema{fields: fields, columns: columns, spare: make(chan *Builder, spareBuilders)}
}

func (s *Schema) builder() *Builder {
	select {
	case b := <-s.spare:
		return b
	default:
		return NewBuilder(s.fields, s.columns...)
	}
}

func (s *Schema) release(b *Builder) {
	b.Reset()
	select {
	case s.spare <- b:
	default:
	}
}

// Plugin is scorch's zap v17 plugin with this package's writer for documents that
// are a Document and this package's merging of the segments that come from it;
// everything else it does, and segments of other documents, are stock.
type Plugin struct{ zap.ZapPlugin }

// Register makes the plugin the one that scorch takes for segments of zap v17, once
// in the life of the program. It changes nothing for documents of others.
func Register() { register() }

//nolint:gochecknoglobals // scorch's registry of plugins is global; this guards its one change
var register = sync.OnceFunc(func() { scorch.RegisterSegmentPlugin(&Plugin{}, true) })

// New implements scorch's SegmentPlugin.
func (p *Plugin) New(docs []index.Document) (segment.Segment, uint64, error) {
	return p.NewUsing(docs, nil)
}

// NewUsing implements scorch's SegmentPlugin.
func (p *Plugin) NewUsing(docs []index.Document, config map[string]any) (segment.Segment, uint64, error) {
	own := ownDocuments(docs)
	if len(own) == 0 {
		return p.ZapPlugin.NewUsing(docs, config)
	}
	schema := own[0].Schema()
	b := schema.builder()
	defer schema.release(b)
	for _, d := range own {
		d.Write(b)
	}
	return b.Segment(config)
}

// ownDocuments returns docs as Documents of one schema, or nil.
func ownDocuments(docs []index.Document) []Document {
	own := make([]Document, 0, len(docs))
	for _, d := range docs {
		o, ok := d.(Document)
		if !ok || (len(own) > 0 && o.Schema() != own[0].Schema()) {
			return nil
		}
		own = append(own, o)
	}
	return own
}
