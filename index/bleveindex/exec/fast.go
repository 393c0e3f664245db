package exec

import (
	"fmt"
	"sync"
	"sync/atomic"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index/bleveindex/layout"
	"alphanode/index/bleveindex/lexicon"
	"alphanode/index/bleveindex/postings"
)

// Fast is what the fast form of an index keeps between searches and snapshots: the
// decoded postings, the values of all facets, and working memory. Safe for
// concurrent use.
type Fast struct {
	lists    *postings.Cache
	keywords []*valueTable // by keyword field
	numbers  []*valueTable // by number field
	scratch  chan *scratch
	prefixes prefixBook
	builders chan struct{} // of tables of neighbours, at work
	wanted   atomic.Bool   // such tables were asked for
	weights  lastWeights
	searches searches
	// room is how much of the budget the sets of one facet may take.
	room int64
}

// scratches is for how many searches a processor working memory is kept: they take
// turns, and each needs its own.
const scratches = 8

// NewFast returns the fast form for indexes of schema, with budget bytes of decoded
// postings: 0 is [postings.DefaultBudget], a negative one keeps nothing. Workers is
// how many processors there are.
func NewFast(schema *layout.Schema, budget int64, workers int) *Fast {
	if budget == 0 {
		budget = postings.DefaultBudget
	}
	f := &Fast{lists: postings.NewCache(budget), room: budget / facetRooms, scratch: make(chan *scratch, scratches*workers), builders: make(chan struct{}, 1)}
	for range schema.Keyword {
		f.keywords = append(f.keywords, newValueTable())
	}
	for range schema.Number {
		f.numbers = append(f.numbers, newValueTable())
	}
	return f
}

// facetRooms is which part of the budget the sets of one facet of one segment may take.
const facetRooms = 16

// Used is the memory of the decoded postings, in bytes.
func (f *Fast) Used() int64 { return f.lists.Used() }

// Drop forgets the postings of a segment that is gone, or was opened anew.
func (f *Fast) Drop(s *Shared) { f.lists.Drop(s.reader) }

// Prepare begins to make the tables of neighbours of a segment, in the background. Unless
// at once, only if such tables were asked for before: a bulk load makes and merges many
// segments that nobody searches.
func (f *Fast) Prepare(s *Shared, schema *layout.Schema, atOnce bool) {
	if s.columns.Docs <= soonBuilt || !atOnce && !f.wanted.Load() {
		return
	}
	for i, field := range schema.Text {
		_, _ = s.begin(f, i, field.Name) // Whoever needs it meets the failure.
	}
}

// Forget forgets all else about a segment that is gone for good.
func (f *Fast) Forget(s *Shared) { f.prefixes.forget(s.derived) }

func (f *Fast) acquire() *scratch {
	select {
	case s := <-f.scratch:
		return s
	default:
		return &scratch{}
	}
}

func (f *Fast) release(s *scratch) {
	s.forget()
	select {
	case f.scratch <- s:
	default: // Very many searches at a time: let it go.
	}
}

// Shared is what the fast form derives from one segment, on first use, for all
// snapshots that hold it. It refers to the segment, and is used only while a
// snapshot keeps that open. Safe for concurrent use.
type Shared struct {
	segment segment.Segment
	reader  *postings.Reader
	*derived
}

// derived is the part of Shared that does not refer to the segment: it goes on when
// the same segment, in memory until then, is opened from disk.
type derived struct {
	columns  *Columns
	near     []lazyNear // by text field
	keywords []lazyOrdinals
	numbers  []lazyOrdinals
	titles   func() *titlePosts

	titleBounds titleBounds

	mu      sync.Mutex
	filters map[string]bitset
	counts  map[string]counted
	places  map[string][]uint32 // in a lexicon, of the neighbours of a word
}

// NewShared prepares the segment whose columns are given. Before is what was derived
// from the same segment in memory; nil when there is none.
func NewShared(seg segment.Segment, columns *Columns, schema *layout.Schema, before *Shared) (*Shared, error) {
	names := make([]string, len(schema.Text))
	for i, f := range schema.Text {
		names[i] = f.Name
	}
	reader, err := postings.NewReader(seg, names)
	if err != nil {
		return nil, err
	}
	out := &Shared{segment: seg, reader: reader}
	if before != nil {
		out.derived = before.derived
		return out, nil
	}
	out.derived = &derived{
		columns: columns, near: make([]lazyNear, len(schema.Text)),
		keywords: make([]lazyOrdinals, len(schema.Keyword)), numbers: make([]lazyOrdinals, len(schema.Number)),
		titles:  sync.OnceValue(func() *titlePosts { return invertTitles(columns) }),
		filters: make(map[string]bitset), counts: make(map[string]counted), places: make(map[string][]uint32),
	}
	return out, nil
}

// lazyNear is the table of neighbours of the terms of a field as they are written.
type lazyNear struct {
	mu       sync.Mutex
	table    *lexicon.Neighbours
	building bool
}

// soonBuilt is up to how many posts of a segment a table of neighbours is made while its
// first user waits. That of a larger one is made in the background.
const soonBuilt = 200

// nearTable gives the table of neighbours of a text field; nil when it is not ready yet.
func (s *Shared) nearTable(f *Fast, field int, name string) (*lexicon.Neighbours, error) {
	f.wanted.Store(true)
	return s.begin(f, field, name)
}

// begin gives the table of a text field, or sees to it that it is made.
func (s *Shared) begin(f *Fast, field int, name string) (*lexicon.Neighbours, error) {
	l := &s.near[field]
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.table != nil || l.building {
		return l.table, nil
	}
	if s.columns.Docs <= soonBuilt {
		table, err := s.makeNear(name)
		l.table = table
		return table, err
	}
	l.building = true
	s.segment.AddRef() // The search may end, and the segment go away, before we do.
	go func() {
		defer s.segment.DecRef() //nolint:errcheck // drops a reference
		f.builders <- struct{}{} // One at a time.
		defer func() { <-f.builders }()
		table, err := s.makeNear(name)
		if err != nil {
			return // Searches go on without, and meet the failure themselves.
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.table = table
	}()
	return nil, nil //nolint:nilnil // documented: not ready
}

// makeNear leaves out the stems, which come first.
func (s *Shared) makeNear(name string) (table *lexicon.Neighbours, err error) {
	defer func() {
		if r := recover(); r != nil { // The reader slices by offsets that it finds in the file.
			err = fmt.Errorf("neighbours in %s: %v", name, r)
		}
	}()
	lex, err := s.reader.Lexicon(name)
	if err != nil {
		return nil, fmt.Errorf("neighbours in %s: %w", name, err)
	}
	_, stems := lex.Prefix(layout.StemMark)
	return lex.Neighbours(stems), nil
}

// maxFilters is how many filters a segment remembers.
const maxFilters = 64

func (s *Shared) filter(key string) bitset {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.filters[key]
}

func (s *Shared) keepFilter(key string, b bitset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.filters) >= maxFilters {
		clear(s.filters)
	}
	s.filters[key] = b
}

// titlePosts are the posts by title term.
type titlePosts struct {
	place map[uint32]uint32 // in Columns.TitleIDs, by number in the Vocabulary
	posts Lists             // by place
}

// of gives the posts whose titles have a term, by its number in the Vocabulary.
func (t *titlePosts) of(id uint32) []uint32 {
	if i, ok := t.place[id]; ok {
		return t.posts.Of(i)
	}
	return nil
}

// invertTitles lists the posts by title term.
func invertTitles(c *Columns) *titlePosts {
	n := len(c.TitleIDs)
	t := &titlePosts{place: make(map[uint32]uint32, n), posts: Lists{Start: make([]uint32, n+1)}}
	next := make([]uint32, n)
	for i, id := range c.TitleIDs {
		t.place[id] = uint32(i) //nolint:gosec // fewer than 2^32
		next[i] = t.posts.Start[i]
		t.posts.Start[i+1] = t.posts.Start[i] + c.totals.titleFreq[i]
	}
	t.posts.Items = make([]uint32, t.posts.Start[n])
	for doc := range uint32(c.Docs) { //nolint:gosec // documents are numbered by uint32
		for _, i := range c.Titles.Of(doc) {
			t.posts.Items[next[i]] = doc
			next[i]++
		}
	}
	return t
}
