package index

import (
	"context"
	"fmt"
	"time"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index/curation"
	"alphanode/index/query"
)

// Index is a search index derived from a corpus.Store.
//
// All methods are safe for concurrent use. An error never leaves the index half
// written: a batch is applied whole or not at all.
type Index interface {
	// Apply writes one batch of changes that covers the sequence numbers of r.
	// Batches may be applied concurrently and in any order as long as no id is in
	// two batches in flight. Changes with a nil Post are deletes. When Apply
	// returns, a Search that starts later sees the batch.
	Apply(ctx context.Context, r Range, changes []corpus.Change) error
	// Search answers one request from one snapshot. On a deadline it returns what
	// it has, marked Partial.
	Search(ctx context.Context, req Request) (*Result, error)
	// Seq is the end of the gapless prefix of applied ranges: every change up to
	// and including it is searchable.
	Seq(ctx context.Context) (uint64, error)
	Close() error
}

// Range is a run of sequence numbers, both ends included. An empty range has
// From > To.
type Range struct{ From, To uint64 }

// Options configures an engine. The zero value of a field means its default.
type Options struct {
	// Signals computes the stored signals of a post; called at Apply.
	Signals SignalsFunc
	// Prior gives p in 0..1 for the signals on the as-of day (days since the Unix
	// epoch); it fills one column per segment.
	Prior func(s Signals, day int32) float32
	// PriorBeta bounds the prior: score = relevance * (1 + beta (2p - 1)).
	// Default 0.15. Negative switches the prior off.
	PriorBeta float64
	// Now is the clock that gives the as-of day and tells deadlines. It must be safe for
	// concurrent use.
	Now func() time.Time
	// Scoring holds the BM25F parameters; see DefaultScoring.
	Scoring *Scoring
	// Plain selects the plain field table (title and body, lower-case words; no
	// stems, stop words, prior, prefixes or typos but those asked for) used only to
	// compare engines.
	Plain bool
	// PostingsBudget is the memory for decoded postings, in bytes: least recently
	// used ones go first. 0 means 512 MiB; a negative budget keeps none. Columns and
	// lexicons, whose size follows from the posts, are not among them.
	PostingsBudget int64
	// CursorLife is how long a snapshot is held after the last page that was asked of it; 0
	// means 5 minutes. Cursors is how many snapshots are held at most; 0 means 8.
	CursorLife time.Duration
	Cursors    int
	// Reference answers searches by the plain form, slow and simple, that the fast
	// one must equal. It is for tests and measurements.
	Reference bool
}

// SignalsFunc computes the signals of a post whose body is parsed already.
type SignalsFunc func(p *corpus.Post, parsed body.Doc) Signals

// Signals are the numbers about a post that the prior is made of. Stored with the
// post in the index, so that a new day or new weights do not reindex.
type Signals struct {
	// Quality, Depth, Clarity are 0..100, given or derived.
	Quality, Depth, Clarity float32
	// Freshness is the given freshness 0..100, or 100 when absent.
	Freshness float32
	// Day is the day (since the Unix epoch, UTC) that age counts from; NoDay
	// when the post has no date.
	Day int32
	// HalfLifeDays is the half-life of freshness; 0 means evergreen.
	HalfLifeDays int32
}

// NoDay marks a post without any date.
const NoDay int32 = -1 << 31

// Request is one search. The zero value lists all posts, newest first.
type Request struct {
	Query  query.Query  // what a person typed, parsed by query.Parse
	Filter query.Filter // the strict filter, parsed by query.ParseFilter
	Facets []FacetRequest
	// Sort replaces relevance; empty sorts by score, or newest first for an empty query.
	Sort []SortKey
	// From hits are skipped, Size returned; negative ones are 0. Size 0 gives totals and
	// facets only.
	From, Size int
	// Typing makes the last word a prefix.
	Typing bool
	// Typos says when words are taken for mistyped ones.
	Typos TypoMode
	// Explain asks for an explanation tree with each hit.
	Explain bool
	// Curation gives synonyms and stop words; nil is none.
	Curation *curation.Set
	// Boosts multiply the scores of the posts that match their filters, at most MaxBoosts of
	// them; all together by 1/MaxBoost to MaxBoost.
	Boosts []curation.FilterBoost
	// Weights multiply the weights of text fields, by name, by MinWeight to MaxWeight; fields
	// that are not named stay as they are.
	Weights map[string]float64
	// Rules are the names of the editors' rules that made something of the request; Applied
	// repeats them.
	Rules []string
	// Pins are posts that are shown at places of the list, whether they match or not, if the
	// filter lets them through: at most MaxPins. They do not hold where Sort is given.
	Pins []curation.Pin
	// After makes the page go on from where another ended; From must be 0.
	After *After
	// Snapshot, when it is not empty, names the snapshot to be searched, as a Result named it.
	// When it is not held any more the newest is searched, and Applied.Cursor is "moved".
	Snapshot string
	// Hold asks that the snapshot is held for the next page.
	Hold bool
	// Totals says whether all posts that match are to be counted.
	Totals Totals
}

// Bounds of a request.
const (
	MaxBoosts = 64
	MaxBoost  = 100.0
	MaxPins   = 100
	MinWeight = 0.1
	MaxWeight = 10.0
)

// After is where a list goes on.
type After struct {
	// Shown is the number of hits before, pinned ones among them.
	Shown int
	// Place is that of the last hit that was not pinned; nil when there was none.
	Place *Place
}

// Place is where a hit stands in the order of a request. Numbers that a post does not have
// are NaN.
type Place struct {
	// Sort are the values of the request's sort keys, 0 or NaN for the score and the id.
	Sort             []float64
	Score, Published float64
	ID               string
}

// TypoMode says when a word also matches words that it may be a mistyping of.
type TypoMode uint8

// The modes.
const (
	// TyposAuto looks for mistakes where a word is rare: fewer than 5 posts match it,
	// its stem and its prefixes.
	TyposAuto TypoMode = iota
	// TyposAlways looks for them in every word that is long enough. In the plain form
	// ([Options.Plain]) these are all words one mistake away that begin alike.
	TyposAlways
	TyposNever
)

// Totals says what Result.Total is to be.
type Totals uint8

// The kinds of totals.
const (
	// TotalsExact counts all posts that match.
	TotalsExact Totals = iota
	// TotalsAtLeast lets a search pass over posts that cannot be among its hits, without
	// counting them: the total is then no more than the exact one, and not marked exact. The
	// hits are the same. A search with facets or pins, or that goes on after another, counts
	// all the same.
	TotalsAtLeast
)

// FieldError says that a field that does not exist, or not for that use, was asked
// for.
type FieldError struct {
	Field string
	Use   string // "values", "ranges", "facets", "sort", "boost" or "weight"
}

// Error names the field and the use.
func (e *FieldError) Error() string {
	return fmt.Sprintf("field %q does not exist or has no %s", e.Field, e.Use)
}

// FacetRequest asks for the counts of one facet field.
type FacetRequest struct {
	Field  string // JSON name or keyword alias
	Limit  int    // 0 means 10; at most 1000
	Prefix string // only values that begin with this, or have a word that does; folded
}

// SortKey is one sort criterion: a numeric or date field, or "_score", "id".
type SortKey struct {
	Field string
	Desc  bool
}

// Result answers a Request.
type Result struct {
	// Total is the number of posts that match, pinned ones among them; at least so many match
	// where it is not exact.
	Total      int
	TotalExact bool
	Partial    bool
	Hits       []Hit
	// Facets has one entry for each FacetRequest, by JSON name; values ordered by
	// count descending, then value ascending. A facet's counts ignore that facet's
	// own filter.
	Facets  map[string][]FacetCount
	Applied Applied
	// Words are the query's words with what each matched, for highlights.
	Words []Word
	// Seq is the sequence up to which the snapshot is complete.
	Seq uint64
	// AsOfDay is the day the prior was computed for.
	AsOfDay int32
	// Last is the place of the last hit that is not pinned; nil when there is none.
	Last *Place
	// Snapshot names the snapshot that was searched.
	Snapshot string
}

// Hit is one matching post.
type Hit struct {
	ID      string
	Seq     uint64 // the sequence number of the change that was indexed
	Score   float64
	Explain *Explanation
	// Position is the place that the post is pinned to, from 1; 0 for other hits. Pinned hits
	// have no score.
	Position int
}

// FacetCount is one value of a facet with the number of matching posts.
type FacetCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Applied says what the engine did to the query beyond its words.
type Applied struct {
	Typos    []Rewrite `json:"typos,omitempty"`
	Synonyms []Rewrite `json:"synonyms,omitempty"`
	Prefixes []Rewrite `json:"prefixes,omitempty"`
	// Dropped are words that did not count, stop words for instance, each once.
	Dropped []string `json:"dropped,omitempty"`
	// Rules are the names of the editors' rules that held; Pins the posts that are pinned.
	Rules []string `json:"rules,omitempty"`
	Pins  []string `json:"pins,omitempty"`
	// Boosts are the boosts that held, as filter^factor.
	Boosts []string `json:"boosts,omitempty"`
	// Cursor is "moved" when a cursor's snapshot was gone.
	Cursor string `json:"cursor,omitempty"`
}

// Rewrite is a word of the query and what it also matched.
type Rewrite struct {
	Word string   `json:"word"`
	As   []string `json:"as"`
}

// Word is one query word with the index terms it matched.
type Word struct {
	Text string
	// Variants may be shared with other results, and are not to be changed.
	Variants []Variant
}

// Stats are figures about an index, for status pages and metrics.
type Stats struct {
	Posts    int    // searchable posts
	Segments int    // segments of the current snapshot
	Seq      uint64 // end of the gapless prefix
	Disk     int64  // bytes on disk; 0 in memory
	// Columns is the size of the columns and lists of terms, mapped ones among them, in bytes.
	Columns int64
}

// Variant is one index term a word matched, and on which level.
type Variant struct {
	Term  string
	Level Level
}

// Level is how a word matched; see LevelWeight.
type Level uint8

// The levels, best first.
const (
	Exact Level = iota
	Stem
	Prefix
	Synonym
	Typo
)

// String names the level in lower case.
func (l Level) String() string {
	return [...]string{"exact", "stem", "prefix", "synonym", "typo"}[l]
}
