package zapwriter

import (
	"encoding/binary"
	"fmt"

	zap "github.com/blevesearch/zapx/v17"
)

// Posting is one document of a term.
type Posting struct {
	Doc uint32
	// Freq is how often the document has the term; 0 where the field keeps none.
	Freq uint32
	// Positions are ascending; nil where the field keeps none.
	Positions []uint32
}

// Postings reads all postings of a term, by ascending document. It is meant for
// checks: package postings reads faster.
func (r *Raw) Postings(field, term string) ([]Posting, error) {
	fst, err := r.Dictionary(field)
	if err != nil || fst == nil {
		return nil, err
	}
	value, found, err := fst.Get([]byte(term))
	if err != nil || !found {
		return nil, err
	}
	var l loaded
	if err := r.load(value, r.Positional(field), &l); err != nil {
		return nil, fmt.Errorf("postings of %s:%q: %w", field, term, err)
	}
	out := make([]Posting, len(l.docs))
	c := cursor{data: l.positions}
	for i, doc := range l.docs {
		out[i] = Posting{Doc: doc, Freq: l.freqs[i]}
		if len(l.positions) == 0 {
			continue
		}
		before := uint32(0)
		for range l.freqs[i] {
			before += uint32(c.uvarint())
			out[i].Positions = append(out[i].Positions, before)
		}
	}
	return out, c.err
}

// Positional reports whether a field keeps positions.
func (r *Raw) Positional(field string) bool {
	for _, f := range r.fields {
		if f.name == field {
			return f.options.IncludeTermVectors()
		}
	}
	return false
}

// loaded are the postings of one term as they are read from a segment.
type loaded struct {
	docs, freqs []uint32
	positions   []byte // of all documents
	one         [binary.MaxVarintLen64]byte
}

// load reads the postings that a value of a dictionary leads to.
func (r *Raw) load(value uint64, positional bool, l *loaded) error {
	l.docs, l.freqs, l.positions = l.docs[:0], l.freqs[:0], nil
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		doc, position := zap.FSTValDecode1Hit(value)
		l.docs, l.freqs = append(l.docs, uint32(doc)), append(l.freqs, 1)
		if positional {
			l.positions = binary.AppendUvarint(l.one[:0], position)
		}
		return nil
	}
	c := cursor{data: r.Data, at: value}
	freqs, positions := c.uvarint(), c.uvarint()
	docs := c.bytes(c.uvarint())
	if c.err != nil {
		return c.err
	}
	var err error
	if l.docs, err = appendDocs(l.docs, docs); err != nil {
		return err
	}
	if err := r.loadFreqs(freqs, l); err != nil {
		return err
	}
	if positions != 0 {
		body, err := r.chunks(positions)
		l.positions = body
		return err
	}
	return nil
}

func (r *Raw) loadFreqs(at uint64, l *loaded) error {
	body, err := r.chunks(at)
	if err != nil {
		return err
	}
	c := cursor{data: body}
	for range l.docs {
		freq := uint32(c.uvarint() >> 1)
		if freq > 0 {
			c.uvarint() // The norm.
		}
		l.freqs = append(l.freqs, freq)
	}
	return c.err
}

// chunks gives what is in the chunks of a table: they follow each other.
func (r *Raw) chunks(at uint64) ([]byte, error) {
	c := cursor{data: r.Data, at: at}
	var end uint64
	for n := c.uvarint(); n > 0 && c.err == nil; n-- {
		end = c.uvarint()
	}
	body := c.bytes(end)
	return body, c.err
}
