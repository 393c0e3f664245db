package bleveindex

import (
	"context"

	"alphanode/index"
)

var _ index.Speller = (*Index)(nil)

// Spell implements index.Speller.
func (x *Index) Spell(ctx context.Context, word string, limit int) (out []index.Correction, err error) {
	e, err := x.current()
	if err != nil {
		return nil, err
	}
	view, err := e.view(dayOf(x.now()))
	if err != nil {
		return nil, err
	}
	defer view.close() //nolint:errcheck // drops a reference
	defer recoverDamage(&err)
	return view.snapshot.Spell(ctx, word, max(limit, 0))
}
