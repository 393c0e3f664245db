package ranking

// paired is a post as those who explain and compare it read it, all rows at hand.
type paired struct {
	rows     [numChannels]sparse
	inv      [numChannels]float32
	coveredK float32
	titleSum float32
}

// pair reads post i, out of its record where it has one: the rows of a record
// lie side by side.
func (m *Model) pair(i int, c *paired) {
	if i >= len(m.records.heads) {
		for ch := range m.vectors {
			c.rows[ch], c.inv[ch] = sparseOf(m.vectors[ch].row(i)), m.vectors[ch].inv[i]
		}
		c.coveredK, c.titleSum = m.coveredK[i], m.titleSum[i]
		return
	}
	ids, counts, h := m.records.post(i)
	from := uint32(0)
	for ch, to := range h.end {
		c.rows[ch] = sparse{ids[from:to], counts[from:to]}
		from = to
	}
	c.inv, c.coveredK, c.titleSum = h.inv, h.coveredK, h.titleSum
}

// prose returns the prose of post i and one over its length.
func (m *Model) prose(i int) (ids []uint32, counts []uint8, inv float32) {
	if i >= len(m.records.heads) {
		ids, counts = m.vectors[proseChannel].row(i)
		return ids, counts, m.vectors[proseChannel].inv[i]
	}
	ids, counts, h := m.records.post(i)
	return ids[:h.end[proseChannel]], counts[:h.end[proseChannel]], h.inv[proseChannel]
}

// weigher weighs the entries of a candidate in one part, as candidateWeight does.
type weigher struct {
	kind     productKind
	scale    float32
	coveredK float32
}

func (c *paired) weigher(p part) weigher {
	w := weigher{kind: products[p].kind, scale: one, coveredK: c.coveredK}
	switch w.kind {
	case cosine:
		w.scale = c.inv[products[p].candidate] * one
	case covers:
		w.scale = one / (c.titleSum + coversSmoothing)
	case covered, shared:
	}
	return w
}

// of is the weight of an entry in units of 1/one.
func (w *weigher) of(idf float32, count uint8) uint16 {
	switch w.kind {
	case cosine:
		return cosineWeight(w.scale, idf, count)
	case covered:
		return coveredWeight(count, w.coveredK)
	case covers:
		return coversWeight(w.scale, idf)
	default:
		return uint16(w.scale)
	}
}
