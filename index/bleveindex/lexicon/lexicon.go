// Package lexicon answers: which terms are there, which begin with this, and which
// are a typing mistake away from it.
//
// A Lexicon is the sorted list of the terms of one field of one segment, with what
// the dictionary says of each, in the form in which it is written to the segment's
// file: blocks of terms, each term as what it does not share with the one before
// ("front coding"; Witten, Moffat and Bell, "Managing Gigabytes", 1999, section 4.1). It is
// read where it lies, without being decoded first.
package lexicon

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"sort"
)

// ErrCorrupt is wrapped by errors about bytes that are no lexicon.
var ErrCorrupt = errors.New("lexicon is corrupt")

// Lexicon is an immutable set of terms with an [Entry] each. Safe for concurrent
// use. It reads the bytes that it was opened on, which must stay as they are; the
// strings that it gives are copies. Bytes that are no lexicon may make it panic,
// never read beyond them: whoever opens them compares a checksum first.
type Lexicon struct {
	terms  int
	blocks []byte // where each block begins in data, four bytes each
	data   []byte
	// samples are the beginnings of the first terms of some blocks: see Sampled.
	samples []uint64
}

// Entry is what is kept of a term.
type Entry struct {
	Count uint32 // of documents
	// low and high are the halves of a value: no more room than is needed.
	low, high uint32
}

// NewEntry returns the entry of a term with a document frequency, at least 1, and any
// value.
func NewEntry(count uint32, value uint64) Entry {
	return Entry{Count: count, low: uint32(value), high: uint32(value >> 32)} //nolint:gosec // the lower half
}

// Value is the value that the entry was made with.
func (e Entry) Value() uint64 { return uint64(e.high)<<32 | uint64(e.low) }

// Open returns the lexicon in section, which a Builder wrote and which is not copied.
// An empty section has no terms.
func Open(section []byte) (*Lexicon, error) {
	if len(section) == 0 {
		return &Lexicon{}, nil
	}
	if len(section) < headSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrCorrupt, len(section))
	}
	terms := binary.LittleEndian.Uint32(section)
	blocks := (uint64(terms) + blockTerms - 1) / blockTerms
	if uint64(len(section)) < headSize+4*blocks {
		return nil, fmt.Errorf("%w: %d terms in %d bytes", ErrCorrupt, terms, len(section))
	}
	return &Lexicon{terms: int(terms), blocks: section[headSize : headSize+4*blocks], data: section[headSize+4*blocks:]}, nil
}

// New returns the lexicon of terms, which come in byte order, each once. A term
// needs to be good until the next one only.
func New(terms iter.Seq2[[]byte, Entry]) *Lexicon {
	var b Builder
	for term, e := range terms {
		b.Add(term, e.Count, e.Value())
	}
	l, err := Open(b.AppendTo(nil))
	if err != nil {
		panic(err) // Unreachable: it was just written.
	}
	return l
}

// Len is the number of terms.
func (l *Lexicon) Len() int { return l.terms }

// block gives the bytes from block i on.
func (l *Lexicon) block(i int) []byte { return l.data[binary.LittleEndian.Uint32(l.blocks[4*i:]):] }

// head is the first term of block i, not copied.
func (l *Lexicon) head(i int) []byte {
	data := l.block(i)
	n, size := uvarint(data)
	return data[size:][:n]
}

// in is the number of terms in block i.
func (l *Lexicon) in(i int) int { return min(blockTerms, l.terms-i*blockTerms) }

// At gives term i, 0 <= i < Len, in byte order, and what is kept of it.
func (l *Lexicon) At(i int) (string, Entry) {
	d := decoder{data: l.block(i / blockTerms)}
	for range i%blockTerms + 1 {
		d.next()
	}
	return string(d.term), d.entry
}

// Term is term i.
func (l *Lexicon) Term(i int) string {
	term, _ := l.At(i)
	return term
}

// Find returns the place of term and what is kept of it.
func (l *Lexicon) Find(term string) (int, Entry, bool) {
	i, d := l.lower(term)
	return i, d.entry, i < l.terms && string(d.term) == term
}

// lower gives the place of the first term that is not before term, and the decoder
// that has read it, unless there is none.
func (l *Lexicon) lower(term string) (int, decoder) {
	count := len(l.blocks) / 4
	from, to := l.near(term, count)
	b := from + sort.Search(to-from, func(i int) bool { return string(l.head(from+i)) > term }) - 1
	if b < 0 {
		if l.terms == 0 {
			return 0, decoder{}
		}
		b = 0
	}
	d := decoder{data: l.block(b)}
	for i := range l.in(b) {
		if d.next(); string(d.term) >= term {
			return b*blockTerms + i, d
		}
	}
	if b+1 == count {
		return l.terms, d
	}
	d = decoder{data: l.block(b + 1)}
	d.next()
	return (b + 1) * blockTerms, d
}

// Prefix returns the range of the terms that begin with prefix, to exclusive.
func (l *Lexicon) Prefix(prefix string) (from, to int) {
	if prefix == "" {
		return 0, l.terms
	}
	from, _ = l.lower(prefix)
	end := After(prefix)
	if end == "" {
		return from, l.terms
	}
	to, _ = l.lower(end)
	return from, to
}

// After is the least string after all that begin with prefix; "" where there is none.
func After(prefix string) string {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return string(b[:i+1])
		}
	}
	return ""
}

// Range gives the terms from place from, before place to, in byte order.
func (l *Lexicon) Range(from, to int) iter.Seq2[string, Entry] {
	return func(yield func(string, Entry) bool) {
		var run [blockTerms]Entry
		var ends [blockTerms]int
		var text []byte
		for at := from; at < to; {
			b := at / blockTerms
			last := min(to, (b+1)*blockTerms)
			d := decoder{data: l.block(b)}
			text = text[:0]
			for i := range last - b*blockTerms {
				d.next()
				text = append(text, d.term...)
				run[i], ends[i] = d.entry, len(text)
			}
			terms := string(text) // One allocation for all.
			for ; at < last; at++ {
				i, start := at%blockTerms, 0
				if i > 0 {
					start = ends[i-1]
				}
				if !yield(terms[start:ends[i]], run[i]) {
					return
				}
			}
		}
	}
}

// All gives all terms as bytes that are good until the next one.
func (l *Lexicon) All() iter.Seq2[[]byte, Entry] {
	return func(yield func([]byte, Entry) bool) {
		for c := l.Cursor(); c.Next(); {
			if !yield(c.Term(), c.Entry()) {
				return
			}
		}
	}
}

// Cursor walks all terms in byte order.
func (l *Lexicon) Cursor() *Cursor { return &Cursor{lex: l} }

// Cursor is a place in a Lexicon. Not safe for concurrent use.
type Cursor struct {
	lex *Lexicon
	at  int
	decoder
}

// Next goes to the next term; false behind the last.
func (c *Cursor) Next() bool {
	if c.at == c.lex.terms {
		return false
	}
	if c.at%blockTerms == 0 {
		c.decoder = decoder{data: c.lex.block(c.at / blockTerms), term: c.term[:0]}
	}
	c.next()
	c.at++
	return true
}

// Term is the term, good until Next.
func (c *Cursor) Term() []byte { return c.term }

// Entry is what is kept of the term.
func (c *Cursor) Entry() Entry { return c.entry }
