package ranking

// rows is a matrix with one sparse row a post: the identifiers of the features
// that it has, and a small count for each. It grows without copying what it
// already holds. Five bytes an entry.
type rows struct {
	ids    [][]uint32
	counts [][]uint8
	at     []uint64 // where a row starts: chunk and offset
	length []uint32
}

// chunkSize is the number of entries of a chunk; a longer row gets a chunk of
// its own.
const chunkSize = 1 << 18

// add appends a row.
func (r *rows) add(ids []uint32, counts []uint8) {
	last := len(r.ids) - 1
	if last < 0 || len(r.ids[last])+len(ids) > cap(r.ids[last]) {
		size := max(chunkSize, len(ids))
		r.ids = append(r.ids, make([]uint32, 0, size))
		r.counts = append(r.counts, make([]uint8, 0, size))
		last++
	}
	r.at = append(r.at, uint64(last)<<32|uint64(len(r.ids[last])))
	r.length = append(r.length, uint32(len(ids)))
	r.ids[last] = append(r.ids[last], ids...)
	r.counts[last] = append(r.counts[last], counts...)
}

// row returns the features of post i and their counts; not to be kept or
// written by readers of a finished model.
func (r *rows) row(i int) ([]uint32, []uint8) {
	chunk, from := r.at[i]>>32, r.at[i]&(1<<32-1)
	to := from + uint64(r.length[i])
	return r.ids[chunk][from:to], r.counts[chunk][from:to]
}

// keep leaves only the entries of row i for which want is true, in their order.
func (r *rows) keep(i int, want func(id uint32) bool) {
	ids, counts := r.row(i)
	n := 0
	for k, id := range ids {
		if want(id) {
			ids[n], counts[n] = id, counts[k]
			n++
		}
	}
	r.length[i] = uint32(n)
}

// drop removes the rows of the posts that are dead.
func (r *rows) drop(dead []bool) {
	n := 0
	for i := range r.length {
		if !dead[i] {
			r.at[n], r.length[n] = r.at[i], r.length[i]
			n++
		}
	}
	r.at, r.length = r.at[:n], r.length[:n]
}
