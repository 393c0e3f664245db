package corpus

import (
	"context"
	"fmt"
	"iter"
)

// GetCards is GetMany for lists of posts: of each record only what a list shows and
// what the review gate asks for is read (identity, title, summary and brief, facets, dates,
// status, flags, policy and sequence). Body, payload and the rest are left empty; a record
// of it is not to be put back.
func (s *Store) GetCards(ctx context.Context, ids []string) (map[string]Record, error) {
	found, err := s.each(ctx, ids, item.card)
	if err != nil {
		return nil, fmt.Errorf("get %d cards: %w", len(ids), err)
	}
	return found, nil
}

// Cards is Records with only what GetCards reads.
func (s *Store) Cards(ctx context.Context) iter.Seq2[Record, error] {
	return s.inOrderOfID(ctx, item.card)
}

// card reads what a list shows of an entry.
func (it item) card() (Record, error) {
	data, err := unpack(it.packed)
	if err == nil {
		d := decoder{reader: reader{data: data, limits: storedLimits()}}
		if err = d.object(d.cardMember); err == nil {
			d.post.normalize()
			return Record{Post: d.post, Seq: it.seq, Publish: policyOf(it.policy)}, nil
		}
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return Record{}, fmt.Errorf("log %d (%q): %w", it.seq, it.id, err)
}

// cardMember reads one member of the post where a list shows it.
func (d *decoder) cardMember(key []byte) error {
	switch string(key) {
	case "id", "url", "title", "summary", "brief", "lang", "published_at", "updated_at", "author", "tags", "topic", "difficulty",
		"series", "reading_time", "revision", "flags":
		return d.member(key)
	default:
		return d.skip(0)
	}
}
