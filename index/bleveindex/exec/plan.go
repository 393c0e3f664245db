package exec

import (
	"alphanode/index"
	"alphanode/index/query"
)

// plan is a request with its words resolved to index terms.
type plan struct {
	optional, required, excluded []node
	// all says that nothing was asked for, and every post matches.
	all bool
	// nothing says that words were asked for and none is left to look for.
	nothing bool
	filter  query.Filter

	words   []*word // for Result.Words
	applied index.Applied
}

// node is a part of a plan: it matches posts, and may score them.
type node interface {
	// match evaluates the node on all segments.
	match(s *searcher) (*matches, error)
	// explain gives the node's part of one post's relevance; nil when it has none.
	explain(s *searcher, seg int, doc uint32) (*index.Explanation, error)
}

// matches are the posts that a node matches, by segment.
type matches struct {
	segments []segmentMatch
}

// segmentMatch are posts of one segment, ascending, with the relevance that the
// node gives each; score is nil when the node only selects.
type segmentMatch struct {
	docs  []uint32
	score []float64
}

func (m *matches) count() int {
	n := 0
	for i := range m.segments {
		n += len(m.segments[i].docs)
	}
	return n
}

// weigh turns the normalised frequencies of all posts into scores.
func (m *matches) weigh(s *searcher, weight float64) {
	for seg := range m.segments {
		for i, x := range m.segments[seg].score {
			m.segments[seg].score[i] = weight * s.saturate(x)
		}
	}
}

// anyField says that a word or phrase is looked for in all text fields.
const anyField = -1

// word is one term of the query with everything that it may match.
//
// Its frequency in a field of a post is
//
//	exact tf(term) + stem max(0, tf(stems) - tf(term)) + sum over others of level tf(other)
//
// where tf(stems) counts the positions whose stem is one of the word's; the exact
// ones are among them when the word is not its own stem.
type word struct {
	text   string // as typed
	term   string // folded
	weight float64
	field  int // place in the schema's text fields, or anyField
	// stems are the distinct stems in the languages of the index.
	stems []string
	// exactOnly leaves out stems: a word between quotes.
	exactOnly bool
	others    []variant
	// prefixes are the variants among others that the word stands for as a prefix, in
	// the fast form; nil when there are none.
	prefixes *prefixSet

	// Set by match.
	df  int
	idf float64
}

// variant is a further way to match a word. With several terms, as the parts of an
// identifier, its frequency is the least of theirs.
type variant struct {
	terms []string
	level index.Level
	// synonym is set where the variant is one that an editor gave; terms are its terms.
	synonym *synonym
}

// inflected reports whether some stem differs from the word: then positions of the
// word itself are counted among those of its stems.
func (w *word) inflected() bool {
	for _, s := range w.stems {
		if s != w.term {
			return true
		}
	}
	return false
}

// frequency combines what was counted in one field of one post.
func (w *word) frequency(levels *[index.NumLevels]float64, exact, stem, other float64) float64 {
	if w.inflected() {
		stem -= exact
	}
	return levels[index.Exact]*exact + levels[index.Stem]*max(0, stem) + other
}

// phrase is a run of terms at given distances, as they are written.
type phrase struct {
	text   string
	terms  []phraseTerm
	field  int
	weight float64

	df  int
	idf float64
}

type phraseTerm struct {
	term   string
	offset uint32 // from the first term
}

// group matches posts that match one (or all) of its nodes; scores add up.
type group struct {
	nodes []node
	all   bool
}

// selection matches posts by a filter, without a score.
type selection struct{ filter query.Filter }
