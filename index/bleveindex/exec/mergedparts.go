package exec

import (
	"slices"

	"alphanode/index/bleveindex/postings"
)

// wordParts is what a word or phrase stands for in each segment where it was asked for: kept
// together, so that a search looks it up once, whatever the number of segments. Immutable.
type wordParts struct {
	// of is the snapshot that merged, by its segments, df and postings are for.
	of           *name
	merged       []*merged // nil without postings
	df, postings int
	// parts are those of its segments, and of others that were known before.
	parts []wordPart
}

// wordPart is what a word stands for in one segment, nil for nothing.
type wordPart struct {
	reader *postings.Reader
	merged *merged
}

// part gives what is known of a segment, and whether anything is. There may be no p.
func (p *wordParts) part(reader *postings.Reader) (*merged, bool) {
	if p == nil {
		return nil, false
	}
	for i := range p.parts {
		if p.parts[i].reader == reader {
			return p.parts[i].merged, true
		}
	}
	return nil, false
}

// take notes the parts of the snapshot's segments, and those of known that are of others:
// of snapshots that cursors hold, and until they are dropped.
func (p *wordParts) take(s *searcher, known *wordParts) {
	p.parts = make([]wordPart, len(s.segments))
	for seg, segment := range s.segments {
		p.parts[seg] = wordPart{segment.shared.reader, p.merged[seg]}
	}
	if known == nil {
		return
	}
	for _, part := range known.parts {
		if _, ok := p.part(part.reader); !ok {
			p.parts = append(p.parts, part)
		}
	}
}

// Without implements postings.Whole.
func (p *wordParts) Without(reader *postings.Reader) postings.Whole {
	of := func(part wordPart) bool { return part.reader == reader }
	if !slices.ContainsFunc(p.parts, of) {
		return p
	}
	rest := slices.DeleteFunc(slices.Clone(p.parts), of)
	if len(rest) == 0 {
		return nil
	}
	return &wordParts{parts: rest}
}

// Size implements postings.Whole.
func (p *wordParts) Size() int64 {
	n := int64(128 + 24*len(p.parts))
	for _, part := range p.parts {
		if part.merged != nil {
			n += part.merged.size()
		}
	}
	return n
}
