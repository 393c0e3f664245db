package ranking

import "math"

// Similarities are sums of products of whole numbers, so that they are the same
// whatever the order of summation: weights of candidates are multiples of 1/one,
// those of the post asked about of 1/oneAsked, scores of 1/oneScore.
const (
	one      = 1 << 15
	oneAsked = 1 << 16
	oneScore = one * oneAsked
)

// term is a feature of the post asked about with its weight, that of the part
// included.
type term struct {
	feature uint32
	weight  uint32
}

// asked is the post asked about, ready to be multiplied.
type asked struct {
	self  int // its index, -1 when it is not part of the model
	terms [numProducts][]term
	edges [numEdges][]arrow
	date  dated
}

type arrow struct {
	to     uint32
	weight uint32 // in units of 1/oneScore
}

// view is a post as the model sees it: one of its own, or a new one.
type view struct {
	self     int
	vectors  [numChannels]sparse
	inv      [numChannels]float32
	titleSum float32
	coversK  float32
	info     info
	// names, namedBy, links and linkedBy have weights in units of 1/one.
	edges [numEdges]sparseEdges
	dated dated
}

type sparseEdges struct {
	to     []uint32
	weight []uint16
}

// view returns post i.
func (m *Model) view(i int) view {
	v := m.textView(i)
	v.info = m.infos[i]
	v.edges = m.edgesOf(i)
	return v
}

// textView is view without info and edges. What lies side by side in a record is read
// there.
func (m *Model) textView(i int) view {
	if i < len(m.records.heads) && !m.dead[i] {
		return m.recordView(i)
	}
	v := view{self: i, titleSum: m.titleSum[i], coversK: m.coversK[i], dated: m.dates[i]}
	for c := range m.vectors {
		v.vectors[c].ids, v.vectors[c].counts = m.vectors[c].row(i)
		v.inv[c] = m.vectors[c].inv[i]
	}
	return v
}

// recordView is textView of a living post with a record.
func (m *Model) recordView(i int) view {
	ids, counts, h := m.records.post(i)
	v := view{self: i, inv: h.inv, titleSum: h.titleSum, coversK: m.coversK[i], dated: h.date}
	from := uint32(0)
	for c, to := range h.end {
		v.vectors[c] = sparse{ids[from:to], counts[from:to]}
		from = to
	}
	return v
}

// ask prepares a post; the arrays of a are reused.
func (m *Model) ask(v *view, a *asked) {
	a.self = v.self
	a.date = v.dated
	a.date.weight = uint32(m.weights[datesPart]*float64(v.dated.weight)*oneAsked/one + 0.5)
	for p := range products {
		a.terms[p] = m.askTerms(part(p), v, a.terms[p][:0])
	}
	for e := range v.edges {
		w := m.weights[int(numProducts)+e]
		a.edges[e] = a.edges[e][:0]
		for k, to := range v.edges[e].to {
			a.edges[e] = append(a.edges[e], arrow{to, uint32(w*float64(v.edges[e].weight[k])*oneAsked + 0.5)})
		}
	}
}

func (m *Model) askTerms(p part, v *view, out []term) []term {
	if m.weights[p] == 0 {
		return out
	}
	pr := products[p]
	vec := &v.vectors[pr.asked]
	scale := m.askScale(p, v)
	if scale == 0 {
		return out
	}
	for k, id := range vec.ids {
		if w := uint32(scale*m.askWeight(pr, id, vec.counts[k], v) + 0.5); w > 0 {
			out = append(out, term{id, w})
		}
	}
	return out
}

// askScale is what all weights of a part have in common.
func (m *Model) askScale(p part, v *view) float64 {
	w := m.weights[p] * oneAsked
	pr := products[p]
	switch pr.kind {
	case cosine:
		w *= float64(v.inv[pr.asked])
		if p == tagsPart {
			w *= m.rarity(tagChannel, v)
		}
	case covered:
		if v.titleSum == 0 {
			return 0
		}
		w /= float64(v.titleSum)
	case covers:
	case shared:
		sum := 0.0
		for _, id := range v.vectors[pr.asked].ids {
			sum += float64(m.vectors[pr.asked].idf[id])
		}
		if sum == 0 {
			return 0
		}
		w *= m.rarity(pr.asked, v) / sum
	}
	return w
}

// rarity is idf/ln N of the rarest feature of a vector, 0..1: what only generic
// features say counts little.
func (m *Model) rarity(c channel, v *view) float64 {
	most := 0.0
	for _, id := range v.vectors[c].ids {
		most = max(most, float64(m.vectors[c].idf[id]))
	}
	return min(most/math.Log(float64(max(m.posts, 3))), 1)
}

func (m *Model) askWeight(pr product, id uint32, count uint8, v *view) float64 {
	switch pr.kind {
	case cosine:
		return float64(m.vectors[pr.asked].idf[id]) * math.Sqrt(float64(count))
	case covers:
		return float64(count) / (float64(count) + float64(v.coversK))
	default:
		return float64(m.vectors[pr.asked].idf[id])
	}
}

// candidateScale and candidateWeight weigh the candidate's entries, in units of
// 1/one.
func (m *Model) candidateScale(p part, i int) float32 {
	switch pr := products[p]; pr.kind {
	case cosine:
		return m.vectors[pr.candidate].inv[i] * one
	case covers:
		return one / (m.titleSum[i] + coversSmoothing)
	default:
		return one
	}
}

func (m *Model) candidateWeight(p part, i int, scale float32, id uint32, count uint8) uint16 {
	switch pr := products[p]; pr.kind {
	case cosine:
		return cosineWeight(scale, m.vectors[pr.candidate].idf[id], count)
	case covered:
		return coveredWeight(count, m.coveredK[i])
	case covers:
		return coversWeight(scale, m.vectors[titleChannel].idf[id])
	default:
		return uint16(scale)
	}
}

func cosineWeight(scale, idf float32, count uint8) uint16 {
	return uint16(float32(scale*idf*roots[count]) + 0.5)
}

func coveredWeight(count uint8, k float32) uint16 {
	c := float32(count)
	return uint16(float32(one*(c/(c+k))) + 0.5)
}

func coversWeight(scale, idf float32) uint16 {
	return uint16(float32(scale*idf) + 0.5)
}

// roots are the square roots of all counts.
//
//nolint:gochecknoglobals // immutable table
var roots = func() (r [maxCount + 1]float32) {
	for i := range r {
		r[i] = float32(math.Sqrt(float64(i)))
	}
	return r
}()
