package ranking

import "alphanode/corpus"

// SimilarTo is [Model.Near] for a post that need not be part of the model. What the
// model has never seen does not count. A post of the model with the same id is left
// out of the answer.
func (m *Model) SimilarTo(p *corpus.Post, k int) []Scored {
	v := m.foreign(p)
	return m.near(&v, k)
}

// foreign makes the view of a post that is not part of the model.
func (m *Model) foreign(p *corpus.Post) view {
	b := newBatch(m.config)
	b.add(p)
	x := m.placer(b).place(0)
	return m.foreignView(&x)
}

// foreignView is the view of a placed post: as it would be in the model, in place of
// the version that the model has.
func (m *Model) foreignView(x *placement) view {
	v := view{
		self: -1, vectors: x.vectors, inv: x.inv, titleSum: x.titleSum, coversK: x.coversK, info: x.info, dated: x.dated,
	}
	if i, ok := m.Lookup(x.info.id); ok {
		v.self = i
		v.edges[1], v.edges[3] = m.pointedAt(i)
	}
	v.edges[0] = m.holding(x.names.to, x.names.weight, v.self)
	var targets []uint32
	for _, hash := range x.targets {
		if at, ok := m.net.lookup(hash); ok {
			targets = append(targets, at)
		}
	}
	v.edges[2] = m.owning(targets, v.self)
	return v
}
