package postings

import (
	"errors"
	"fmt"
	"iter"

	"github.com/blevesearch/vellum"
)

// Entry is what a dictionary says about a term.
type Entry struct {
	// Count is the number of documents that have it, deleted ones among them.
	Count uint32
	// Value is the dictionary's value.
	Value uint64
}

// Terms are the terms of a field from start, before end, in byte order. Nil does not
// bound. A term is good until the next one. The walk ends at the first failure,
// which goes to *failed.
func (r *Reader) Terms(field string, start, end []byte, failed *error) iter.Seq2[[]byte, Entry] {
	return func(yield func([]byte, Entry) bool) {
		fst := r.fsts[field]
		if fst == nil {
			return
		}
		it, err := fst.Iterator(start, end)
		for err == nil {
			term, value := it.Current()
			n, failure := r.count(value)
			if failure != nil {
				*failed = fmt.Errorf("%s:%q: %w", field, term, failure)
				return
			}
			if !yield(term, Entry{n, value}) {
				return
			}
			err = it.Next()
		}
		if !errors.Is(err, vellum.ErrIteratorDone) {
			*failed = fmt.Errorf("terms of %s: %w", field, err)
		}
	}
}
