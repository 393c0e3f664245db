package exec

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"alphanode/index"
	"alphanode/index/bleveindex/lexicon"
)

// What a word being typed stands for is kept from one snapshot to the next: how many
// live posts of each segment have each term that begins with it. Of a new snapshot
// only the segments that are new, or lost posts, are counted again.

// prefixBook keeps the beginnings of words that were asked for lately. Safe for
// concurrent use.
type prefixBook struct {
	mu      sync.Mutex
	entries map[string]*prefixEntry
	clock   uint64
}

// maxPrefixes is how many beginnings are kept, maxPrefixCounts how many terms of them.
const (
	maxPrefixes     = 2048
	maxPrefixCounts = 1 << 19
)

// entry gives the entry of a key, making room for a new one.
func (b *prefixBook) entry(key string) *prefixEntry {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.entries == nil {
		b.entries = make(map[string]*prefixEntry)
	}
	b.clock++
	e := b.entries[key]
	if e == nil {
		b.makeRoom()
		e = &prefixEntry{parts: make(map[*derived]*prefixPart), terms: make(map[string]*prefixTerm)}
		b.entries[key] = e
	}
	e.used = b.clock
	return e
}

// makeRoom drops the half that was not asked for for longest.
func (b *prefixBook) makeRoom() {
	terms := 0
	for _, e := range b.entries {
		terms += e.size
	}
	if len(b.entries) < maxPrefixes && terms < maxPrefixCounts {
		return
	}
	used := make([]uint64, 0, len(b.entries))
	for _, e := range b.entries {
		used = append(used, e.used)
	}
	slices.Sort(used)
	for key, e := range b.entries {
		if e.used <= used[len(used)/2] {
			delete(b.entries, key)
		}
	}
}

// forget takes away what a segment gave, so that nothing keeps it alive.
func (b *prefixBook) forget(d *derived) {
	b.mu.Lock()
	entries := make([]*prefixEntry, 0, len(b.entries))
	for _, e := range b.entries {
		entries = append(entries, e)
	}
	b.mu.Unlock()
	for _, e := range entries {
		e.mu.Lock()
		e.remove(d)
		e.mu.Unlock()
	}
}

// prefixEntry is one beginning of a word, with the stems of the word and the
// languages.
type prefixEntry struct {
	used uint64 // guarded by the book
	size int    // number of terms when last answered; guarded by the book

	mu    sync.Mutex
	parts map[*derived]*prefixPart
	// terms are all that occur in a segment that was seen, even if no live post has
	// them.
	terms   map[string]*prefixTerm
	changed bool
	set     *prefixSet
}

type prefixTerm struct {
	live    int
	known   bool // covered is known
	covered bool // the word matches it on a better level
}

// prefixPart is what a segment gives.
type prefixPart struct {
	gone   int // posts deleted when it was counted
	fields []partField
}

// partField are the terms of one field and the number of live posts of each.
type partField struct {
	field int
	// names are the terms until they are added to an entry, terms from then on: what is
	// kept does not refer to the segment, which may be gone.
	names []string
	terms []*prefixTerm
	live  []uint32
}

// prefixSet is the answer: the terms that a word stands for as a prefix. Immutable.
type prefixSet struct {
	// terms are the most frequent ones, most frequent first; variants the same, and
	// sorted the same in byte order.
	terms, sorted []string
	variants      []variant
	name          string // identifies the set to the cache of postings
	postings      int    // of the terms, when the set was made
	// covered has, where the set is complete, the terms with that beginning that are
	// not in it; nil where it is not complete.
	covered map[string]bool
	prefix  string

	once  sync.Once
	whole []index.Variant

	titles      sync.Mutex // guards what follows
	titleTerms  []uint32   // the numbers of those of terms that titles have, of the first titlesKnown
	titlesKnown int
}

// listed is what a word stands for that has no other variants than those of the set: made
// once, and clipped.
func (s *prefixSet) listed(w *word) []index.Variant {
	s.once.Do(func() { s.whole = slices.Clip(w.list()) })
	return s.whole
}

// fastPrefixSet is prefixes by way of the book.
func (p *planner) fastPrefixSet(w *word) (*prefixSet, error) {
	key := fmt.Sprintf("%d\x00%s\x00%t\x00%s\x01%s", w.field, w.term, w.exactOnly, strings.Join(w.stems, "\x00"), strings.Join(p.langs, "\x00"))
	if set, ok := p.s.memo.prefix(key); ok {
		return set, nil
	}
	e := p.s.config.Fast.prefixes.entry(key)
	set, size, err := e.update(p, w, key)
	if err != nil {
		return nil, err
	}
	p.s.config.Fast.prefixes.resize(e, size)
	p.s.memo.keepPrefix(key, set)
	return set, nil
}

func (b *prefixBook) resize(e *prefixEntry, size int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e.size = size
}

// update brings the entry up to the snapshot of p.
func (e *prefixEntry) update(p *planner, w *word, key string) (*prefixSet, int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.refresh(p.s, w); err != nil {
		return nil, 0, err
	}
	if e.changed || e.set == nil {
		e.set, e.changed = e.answer(p, w, key), false
	}
	return e.set, len(e.terms), nil
}

func (e *prefixEntry) refresh(s *searcher, w *word) error {
	here := make(map[*derived]bool, len(s.segments))
	for _, segment := range s.segments {
		here[segment.shared.derived] = true
	}
	parts, err := e.newParts(s, w)
	if err != nil {
		return err
	}
	for seg, part := range parts {
		if part == nil {
			continue
		}
		d := s.segments[seg].shared.derived
		if !e.replace(d, part) {
			e.remove(d)
			e.add(d, part)
		}
	}
	for d := range e.parts {
		if !here[d] {
			e.remove(d)
		}
	}
	return nil
}

// newParts counts the terms of the segments that are new or lost posts; nil for others.
func (e *prefixEntry) newParts(s *searcher, w *word) ([]*prefixPart, error) {
	parts := make([]*prefixPart, len(s.segments))
	fresh := func(seg int) bool {
		segment := s.segments[seg]
		part := e.parts[segment.shared.derived]
		return part != nil && segment.ordered && part.gone == len(segment.gone)
	}
	each := s.inTurn
	if len(e.parts) == 0 && len(w.term) <= shortPrefix {
		each = s.spread
	}
	err := each(func(s *searcher, seg int) (err error) {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if fresh(seg) {
			return nil
		}
		if parts[seg], err = s.prefixPart(seg, w); err == nil && !s.segments[seg].ordered {
			parts[seg].gone = -1
		}
		return err
	})
	return parts, err
}

// shortPrefix is up to how many bytes the beginning of a word is one of very many terms.
const shortPrefix = 2

// replace puts part in the place of what the segment gave before, where both have
// the same terms: most writes change none of their counts.
func (e *prefixEntry) replace(d *derived, part *prefixPart) bool {
	old := e.parts[d]
	if old == nil || !slices.EqualFunc(old.fields, part.fields, partField.sameTerms) {
		return false
	}
	e.parts[d] = part
	for i := range part.fields {
		f, before := &part.fields[i], old.fields[i].live
		for j, n := range f.live {
			if n != before[j] {
				old.fields[i].terms[j].live += int(n) - int(before[j])
				e.changed = true
			}
		}
		f.terms, f.names = old.fields[i].terms, nil
	}
	return true
}

// sameTerms reports whether both have the same terms: those of one field of one segment
// with one beginning never change.
func (f partField) sameTerms(o partField) bool {
	return f.field == o.field && len(f.live) == len(o.live)
}

func (e *prefixEntry) remove(d *derived) {
	part := e.parts[d]
	if part == nil {
		return
	}
	delete(e.parts, d)
	e.changed = e.changed || len(part.fields) > 0
	for i := range part.fields {
		f := &part.fields[i]
		for j, n := range f.live {
			f.terms[j].live -= int(n)
		}
	}
}

func (e *prefixEntry) add(d *derived, part *prefixPart) {
	e.parts[d] = part
	e.changed = e.changed || len(part.fields) > 0
	for i := range part.fields {
		f := &part.fields[i]
		f.terms = make([]*prefixTerm, len(f.live))
		for j, n := range f.live {
			t := e.terms[f.names[j]]
			if t == nil {
				t = &prefixTerm{}
				e.terms[strings.Clone(f.names[j])] = t // Does not keep its neighbours alive.
			}
			t.live += int(n)
			f.terms[j] = t
		}
		f.names = nil
	}
}

// prefixPart counts the terms of one segment.
func (s *searcher) prefixPart(seg int, w *word) (*prefixPart, error) {
	part := &prefixPart{gone: len(s.segments[seg].gone)}
	err := s.fields(w.field, func(field int) error {
		lex, err := s.segments[seg].shared.reader.Lexicon(s.fieldName(field))
		if err != nil {
			return err
		}
		from, to := lex.Prefix(w.term)
		f := partField{field: field, names: make([]string, 0, to-from), live: make([]uint32, 0, to-from)}
		for term, e := range lex.Range(from, to) {
			n, err := s.liveOf(seg, field, term, e)
			if err != nil {
				return fmt.Errorf("postings of %q: %w", term, err)
			}
			f.names = append(f.names, term)
			f.live = append(f.live, uint32(n)) //nolint:gosec // below the segment's size
		}
		if len(f.live) > 0 {
			part.fields = append(part.fields, f)
		}
		return nil
	})
	return part, err
}

// answer chooses the most frequent terms. A set that leaves out nothing but what the
// word matches on a better level is complete: its name does not depend on which
// terms there are, so that what is computed for a segment stays good.
func (e *prefixEntry) answer(p *planner, w *word, key string) *prefixSet {
	set := &prefixSet{prefix: w.term}
	limit := maxPrefixTerms
	if p.s.config.Schema.Plain {
		limit = len(e.terms)
	}
	counted := make([]countedTerm, 0, len(e.terms))
	for term, t := range e.terms {
		if t.live > 0 {
			counted = append(counted, countedTerm{term, t.live})
		}
	}
	complete := len(e.terms) <= max(limit, maxPrefixTerms)
	if complete {
		set.covered, set.name = make(map[string]bool), "\x07"+shortHash(key)
		for term, t := range e.terms {
			if e.covers(p, w, term, t) {
				set.covered[term] = true
			}
		}
	}
	set.terms = e.mostFrequent(p, w, counted, limit)
	for _, term := range set.terms {
		set.postings += e.terms[term].live
	}
	set.sorted = slices.Sorted(slices.Values(set.terms))
	if !complete {
		set.name = "\x02" + shortHash(strings.Join(set.sorted, "\x00"))
	}
	set.variants = make([]variant, len(set.terms))
	for i := range set.terms {
		set.variants[i] = variant{terms: set.terms[i : i+1 : i+1], level: index.Prefix}
	}
	return set
}

// mostFrequent are the limit most frequent terms that are not covered. Of many more, those
// that are too rare are put aside before the others are sorted.
func (e *prefixEntry) mostFrequent(p *planner, w *word, counted []countedTerm, limit int) []string {
	out := make([]string, 0, min(limit, len(counted)))
	for rest := counted; len(out) < limit && len(rest) > 0; {
		n := split(rest, limit)
		sortByFrequency(rest[:n])
		for _, t := range rest[:n] {
			if len(out) == limit {
				break
			}
			if !e.covers(p, w, t.term, e.terms[t.term]) {
				out = append(out, t.term)
			}
		}
		rest = rest[n:]
	}
	return out
}

// split puts terms in front that are more frequent than all others, and gives their number:
// at least limit, or all.
func split(terms []countedTerm, limit int) int {
	const classes = 1 << 10
	if len(terms) <= 2*limit {
		return len(terms)
	}
	var sizes [classes]int // by frequency, the last for all that are greater
	for _, t := range terms {
		sizes[min(t.count, classes-1)]++
	}
	least, n := classes-1, sizes[classes-1]
	for ; n < limit && least > 0; n += sizes[least] {
		least--
	}
	at := 0
	for i, t := range terms {
		if t.count >= least {
			terms[at], terms[i] = t, terms[at]
			at++
		}
	}
	return at
}

func (e *prefixEntry) covers(p *planner, w *word, term string, t *prefixTerm) bool {
	if !t.known {
		t.known, t.covered = true, p.covered(w, term)
	}
	return t.covered
}

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return string(sum[:16])
}

// members walks the terms of the set that a field of a segment has, and may have
// others that no live post has.
func (s *searcher) members(seg, field int, set *prefixSet, failed *error) iter.Seq2[string, lexicon.Entry] {
	return func(yield func(string, lexicon.Entry) bool) {
		lex, err := s.segments[seg].shared.reader.Lexicon(s.fieldName(field))
		if err != nil {
			*failed = err
			return
		}
		next := 0
		for term, e := range lex.Range(lex.Prefix(set.prefix)) {
			if set.covered != nil {
				if !set.covered[term] && !yield(term, e) {
					return
				}
				continue
			}
			for next < len(set.sorted) && set.sorted[next] < term {
				next++
			}
			if next == len(set.sorted) || set.sorted[next] == term && !yield(term, e) {
				return
			}
		}
	}
}
