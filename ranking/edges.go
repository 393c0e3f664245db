package ranking

// edges are weighted arrows from posts to numbered things, grouped by where they
// start.
type edges struct {
	start  []uint32
	to     []uint32
	weight []uint16 // in units of 1/one
}

// from returns the arrows that start at post i.
func (e *edges) from(i int) ([]uint32, []uint16) {
	if i+1 >= len(e.start) {
		return nil, nil
	}
	a, b := e.start[i], e.start[i+1]
	return e.to[a:b], e.weight[a:b]
}

// extend adds a post with its arrows.
func (e *edges) extend(to []uint32, weight []uint16) {
	if len(e.start) == 0 {
		e.start = []uint32{0}
	}
	e.to, e.weight = append(e.to, to...), append(e.weight, weight...)
	e.start = append(e.start, uint32(len(e.to)))
}

// reversed returns the arrows turned round, for n things.
func (e *edges) reversed(n int) edges {
	out := edges{start: make([]uint32, n+1), to: make([]uint32, len(e.to)), weight: make([]uint16, len(e.to))}
	for _, to := range e.to {
		out.start[to+1]++
	}
	for i := range n {
		out.start[i+1] += out.start[i]
	}
	next := append([]uint32(nil), out.start...)
	for i := 0; i+1 < len(e.start); i++ {
		to, w := e.from(i)
		for k, t := range to {
			out.to[next[t]], out.weight[next[t]] = uint32(i), w[k]
			next[t]++
		}
	}
	return out
}

// edgeBuilder makes edges post by post.
type edgeBuilder struct{ edges }

// add adds an arrow from the present post; a second one to the same post counts
// only as far as it is heavier.
func (b *edgeBuilder) add(to uint32, weight float64) {
	if len(b.start) == 0 {
		b.start = []uint32{0}
	}
	w := uint16(weight*one + 0.5)
	for k := int(b.start[len(b.start)-1]); k < len(b.to); k++ {
		if b.to[k] == to {
			b.weight[k] = max(b.weight[k], w)
			return
		}
	}
	b.to, b.weight = append(b.to, to), append(b.weight, w)
}

// end ends the arrows of the present post.
func (b *edgeBuilder) end() {
	if len(b.start) == 0 {
		b.start = []uint32{0}
	}
	b.start = append(b.start, uint32(len(b.to)))
}
