package bleveindex

import "context"

const (
	// warmest is how many beginnings of words are made ready at most.
	warmest = 256
	// warmShare is the part of the budget of postings that may be in use by then.
	warmShare = 4
)

// Warm makes ready what the beginnings of words stand for that stand for most, so that the
// first keystrokes of a person find them computed. It takes a few seconds of one
// processor for 100,000 posts, and waits while there are searches; it returns early, without an
// error, once a quarter of the budget of postings is in use. Without it everything is
// computed when it is asked for. An index without posts has nothing to make ready.
func (x *Index) Warm(ctx context.Context) (err error) {
	e, err := x.current()
	if err != nil {
		return err
	}
	view, err := e.view(dayOf(x.now()))
	if err != nil {
		return err
	}
	defer view.close() //nolint:errcheck // drops a reference
	defer recoverDamage(&err)
	beginnings, err := view.snapshot.Beginnings(warmest)
	if err != nil {
		return err
	}
	return view.snapshot.Warm(ctx, beginnings, func() bool {
		used, room := view.snapshot.Used()
		return ctx.Err() != nil || used*warmShare >= room
	})
}
