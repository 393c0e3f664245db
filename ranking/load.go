package ranking

import (
	"context"
	"iter"

	"alphanode/corpus"
)

// load makes a model of the posts of a feed under frozen statistics, whatever posts
// these were taken from. Deletes are skipped; of two changes of one id the later
// counts.
func (f *frozen) load(ctx context.Context, feed iter.Seq2[corpus.Change, error]) (*Model, error) {
	m := newModel(f)
	newWorker := func() func([]*corpus.Post) []placement { return f.placeAll }
	err := inOrder(ctx, feed, newWorker, func(batch []placement) {
		for i := range batch {
			m.put(&batch[i])
		}
	})
	if err != nil {
		return nil, err
	}
	m.pack() //nolint:contextcheck // Short, and not to be left half done.
	m.settle()
	return m, nil
}

// placeAll places posts in their order.
func (f *frozen) placeAll(posts []*corpus.Post) []placement {
	b := digestAll(f.config, posts)
	p := f.placer(b)
	out := make([]placement, len(posts))
	for i := range out {
		out[i] = p.place(i)
	}
	return out
}

// put puts a post in the place of its earlier version.
func (m *Model) put(x *placement) uint32 {
	if old, ok := m.byID[x.info.id]; ok {
		m.kill(old)
	}
	return m.append(x, m.slots)
}
