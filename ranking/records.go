package ranking

import "slices"

// records hold the rows of all channels, those of one post side by side: scoring a
// pair reads one run of memory. A post takes 120 bytes, an entry five.
type records struct {
	ids    [][]uint32
	counts [][]uint8
	heads  []head
}

// head says where the rows of a post lie: that of channel c from end[c-1] to end[c]
// after at, in one chunk. It has beside them what scoring needs of the post.
type head struct {
	at       uint64 // chunk and offset
	end      [numChannels]uint32
	inv      [numChannels]float32
	coveredK float32
	titleSum float32
	date     dated
	factor   float64 // of the prior
}

// add appends the rows of one post and returns where they lie.
func (r *records) add(post *[numChannels]sparse) head {
	size := 0
	for c := range post {
		size += len(post[c].ids)
	}
	last := len(r.ids) - 1
	if last < 0 || len(r.ids[last])+size > cap(r.ids[last]) {
		r.ids = append(r.ids, make([]uint32, 0, max(chunkSize, size)))
		r.counts = append(r.counts, make([]uint8, 0, max(chunkSize, size)))
		last++
	}
	h := head{at: uint64(last)<<32 | uint64(len(r.ids[last]))}
	end := uint32(0)
	for c := range post {
		r.ids[last] = append(r.ids[last], post[c].ids...)
		r.counts[last] = append(r.counts[last], post[c].counts...)
		end += uint32(len(post[c].ids))
		h.end[c] = end
	}
	return h
}

// post returns all rows of a post, those of its first channel first.
func (r *records) post(i int) ([]uint32, []uint8, *head) {
	h := &r.heads[i]
	chunk, from := h.at>>32, h.at&(1<<32-1)
	to := from + uint64(h.end[numChannels-1])
	return r.ids[chunk][from:to], r.counts[chunk][from:to], h
}

// touch reads a little of every cache line of the records of some posts, one after
// another without waiting, so that they are at hand when they are scored.
func (r *records) touch(posts []uint32) uint32 {
	const line = 64
	sum := uint32(0)
	for _, i := range posts {
		sum += r.heads[i].end[0] + uint32(r.heads[i].date.day)
	}
	for _, i := range posts {
		ids, counts, _ := r.post(int(i))
		for k := 0; k < len(ids); k += line / 4 {
			sum += ids[k]
		}
		for k := 0; k < len(counts); k += line {
			sum += uint32(counts[k])
		}
	}
	return sum
}

// keep copies the rows of post i, which is at most the next one, out of the model's
// vectors.
func (r *records) keep(m *Model, i int) {
	var rows [numChannels]sparse
	for c := range m.vectors {
		rows[c] = sparseOf(m.vectors[c].row(i))
	}
	if i == len(r.heads) {
		r.heads = append(r.heads, head{})
	}
	h := &r.heads[i]
	*h = r.add(&rows)
	for c := range m.vectors {
		h.inv[c] = m.vectors[c].inv[i]
	}
	h.coveredK, h.titleSum, h.date, h.factor = m.coveredK[i], m.titleSum[i], m.dates[i], m.factor[i]
}

// pack moves the rows of all posts into records, those of near subjects near each
// other; those of later posts are added by the kernel. The vectors read them from
// there.
func (m *Model) pack() {
	r := &m.records
	r.heads, m.subjects = make([]head, len(m.infos)), make([]uint32, len(m.infos))
	for n, i := range m.arranged() {
		r.keep(m, int(i))
		m.subjects[i] = uint32(n)
	}
	for c := range m.vectors {
		v := &m.vectors[c]
		for i := range r.heads {
			v.at[i] = r.heads[i].at
			if c > 0 {
				v.at[i] += uint64(r.heads[i].end[c-1])
			}
		}
		v.ids, v.counts = full(r.ids), full(r.counts)
	}
}

// full are the chunks without room for more.
func full[T any](chunks [][]T) [][]T {
	out := make([][]T, len(chunks))
	for i, c := range chunks {
		out[i] = slices.Clip(c)
	}
	return out
}
