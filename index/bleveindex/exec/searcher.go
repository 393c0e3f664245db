package exec

import (
	"context"
	"errors"
	"fmt"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index"
)

// searcher is the state of one search. It serves one goroutine.
type searcher struct {
	*Snapshot
	ctx   context.Context //nolint:containedctx // lives as long as one call
	dicts [][]segment.TermDictionary
	list  segment.PostingsList
	it    segment.PostingsIterator
	tally tally
	// dfa is the last automaton that was built, and what for: it takes a millisecond.
	dfa         segment.Automaton
	dfaOf       string
	dfaDistance int
	// scratch and inverse serve the fast form; scratch is nil in the plain one.
	scratch *scratch
	inverse [][]float64
	boosts  []boost
	// factors of the request on the weights of the text fields; nil for none.
	factors []float64
	// alone says that the search keeps to its goroutine, and waits for other searches; seen is
	// how many there were when it did.
	alone bool
	seen  int64
	// once says that lists are needed once, to be added up, and are not kept on their own.
	once bool
}

func newSearcher(ctx context.Context, s *Snapshot) *searcher {
	return &searcher{Snapshot: s, ctx: ctx}
}

// begin gives the state of a new search, in the working memory of the fast form where the
// snapshot takes it.
func (s *Snapshot) begin(ctx context.Context) *searcher {
	if !s.isFast() {
		return newSearcher(ctx, s)
	}
	scratch := s.config.Fast.acquire()
	scratch.searcher = searcher{Snapshot: s, ctx: ctx, scratch: scratch}
	scratch.searcher.enterFast()
	return &scratch.searcher
}

// late is the error of a search that is to end: cancelled, or past its deadline.
func (s *searcher) late() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if s.config.Now == nil {
		return nil
	}
	if deadline, ok := s.ctx.Deadline(); ok && s.config.Now().After(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// dictionary opens the dictionary of a text field, once a search: it holds a
// reader that is not safe for concurrent use.
func (s *searcher) dictionary(seg, field int) (segment.TermDictionary, error) {
	if s.dicts == nil {
		s.dicts = make([][]segment.TermDictionary, len(s.segments))
	}
	if s.dicts[seg] == nil {
		s.dicts[seg] = make([]segment.TermDictionary, len(s.config.Schema.Text))
	}
	if d := s.dicts[seg][field]; d != nil {
		return d, nil
	}
	name := s.config.Schema.Text[field].Name
	d, err := s.segments[seg].seg.Dictionary(name)
	if err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", name, err)
	}
	s.dicts[seg][field] = d
	return d, nil
}

// postings opens the postings of a term, deleted posts among them. They are good
// until the next call.
func (s *searcher) postings(seg, field int, term string, positions bool) (segment.PostingsIterator, error) {
	dict, err := s.dictionary(seg, field)
	if err != nil {
		return nil, err
	}
	if s.list, err = dict.PostingsList([]byte(term), nil, s.list); err != nil {
		return nil, fmt.Errorf("postings of %q: %w", term, err)
	}
	s.it = s.list.Iterator(true, false, positions, s.it)
	return s.it, nil
}

// each calls f with the live posts that have term in a field, ascending.
func (s *searcher) each(seg, field int, term string, f func(doc uint32, tf float64)) error {
	it, err := s.postings(seg, field, term, false)
	if err != nil {
		return err
	}
	live := s.segments[seg].live
	for n := 0; ; n++ {
		if n&0xfff == 0xfff {
			if err := s.late(); err != nil {
				return err
			}
		}
		p, err := it.Next()
		if err != nil {
			return fmt.Errorf("postings of %q: %w", term, err)
		}
		if p == nil {
			return nil
		}
		if doc := uint32(p.Number()); live.contains(doc) { //nolint:gosec // documents are numbered by uint32
			f(doc, float64(p.Frequency()))
		}
	}
}

// liveCount is the number of live posts that have term in a field.
func (s *searcher) liveCount(seg, field int, term string) (int, error) {
	dict, err := s.dictionary(seg, field)
	if err != nil {
		return 0, err
	}
	if s.list, err = dict.PostingsList([]byte(term), s.segments[seg].deleted, s.list); err != nil {
		return 0, fmt.Errorf("postings of %q: %w", term, err)
	}
	return int(s.list.Count()), nil //nolint:gosec // below the segment's size
}

// fields calls f with each text field that a word or phrase is looked for in.
func (s *searcher) fields(only int, f func(field int) error) error {
	for i, field := range s.config.Schema.Text {
		if only != anyField && i != only || only == anyField && s.config.Scoring.Weight[field.Name] <= 0 {
			continue
		}
		if err := f(i); err != nil {
			return err
		}
	}
	return nil
}

// weight is that of a text field in this search.
func (s *searcher) weight(field int) float64 {
	w := s.ownWeight(field)
	if s.factors != nil {
		w *= s.factors[field]
	}
	return w
}

// ownWeight is the weight of a text field, whatever the search; a field that is asked for by
// name counts even where it otherwise does not.
func (s *searcher) ownWeight(field int) float64 {
	if w := s.config.Scoring.Weight[s.config.Schema.Text[field].Name]; w > 0 {
		return w
	}
	return 1
}

// normalised is a frequency in a field of a post, weighted and normalised by
// length: the summand of BM25F.
func (s *searcher) normalised(seg, field int, doc uint32, tf float64) float64 {
	return s.weight(field) * tf / s.norm(seg, field, doc)
}

func (s *searcher) norm(seg, field int, doc uint32) float64 {
	b := s.config.Scoring.B[s.config.Schema.Text[field].Name]
	length := float64(s.segments[seg].columns.Lengths[field][doc])
	return 1 - b + b*length/s.averageLength[field]
}

// expired reports whether err is the search's own deadline, which is no failure.
func (s *searcher) expired(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) && errors.Is(s.late(), context.DeadlineExceeded)
}

func (s *searcher) levels() *[index.NumLevels]float64 { return &s.config.Scoring.LevelWeight }

// tally adds up frequencies of one field, by post. Its arrays are kept between
// uses and are zero in between.
type tally struct {
	exact, stem, other, least []float64
	touched                   []uint32
	seen                      bitset
}

// reset makes room for a segment of n posts.
func (t *tally) reset(n int) {
	if len(t.exact) < n {
		t.exact, t.stem = make([]float64, n), make([]float64, n)
		t.other, t.least = make([]float64, n), make([]float64, n)
		t.seen = newBitset(n)
	}
}

func (t *tally) touch(doc uint32) {
	if !t.seen.contains(doc) {
		t.seen.add(doc)
		t.touched = append(t.touched, doc)
	}
}

// drain calls f with the posts that were touched, in order of their first touch,
// and clears the tally.
func (t *tally) drain(f func(doc uint32)) {
	for _, doc := range t.touched {
		f(doc)
		t.exact[doc], t.stem[doc], t.other[doc] = 0, 0, 0
		t.seen.remove(doc)
	}
	t.touched = slices.Delete(t.touched, 0, len(t.touched))
}
