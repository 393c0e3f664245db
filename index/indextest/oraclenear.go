package indextest

import (
	"math"
	"slices"

	"alphanode/index"
)

// nearWord is a word of the query, its weight, and the number of posts that match it.
type nearWord struct {
	term
	weight float64
	df     int
}

// first are the hits that the second stage puts in order.
func first(order []*post) []*post { return order[:min(len(order), index.SecondStage)] }

func (s scores) of(posts []*post) scores {
	out := make(scores, len(posts))
	for _, p := range posts {
		out[p] = s[p]
	}
	return out
}

// rankNear adds proximity to the first hits of a search by relevance, and reports
// whether it did.
func (r *run) rankNear(order []*post, hits scores) bool {
	key := index.SortKey{Field: "_score", Desc: true}
	if r.scoring.Proximity <= 0 || len(r.req.Sort) > 0 && r.req.Sort[0] != key || r.req.Query.IsEmpty() {
		return false
	}
	words := slices.DeleteFunc(slices.Clone(r.near), func(w nearWord) bool { return w.weight < 1 })
	body := slices.IndexFunc(r.fields, func(f index.Field) bool { return f.Name == "body" })
	for _, p := range first(order) {
		for i := range len(words) - 1 {
			hits[p] += r.scoring.Proximity * r.nearness(p, body, words[i], words[i+1]) * p.prior * r.boost(p, r.req.Boosts)
		}
	}
	return true
}

// nearness is min(ln(N/df)) (k1 + 1) n / (n + k1 norm).
func (r *run) nearness(p *post, field int, a, b nearWord) float64 {
	x, y := r.positions(p.fields[field], a.term), r.positions(p.fields[field], b.term)
	n := follows(x, y) + follows(y, x)/2
	if a.term.term == b.term.term || n == 0 {
		return 0
	}
	rarity := func(w nearWord) float64 { return w.weight * math.Log(float64(len(r.posts))/float64(w.df)) }
	b0 := r.scoring.B["body"]
	x1 := r.scoring.Weight["body"] * r.factor("body") * n / (1 - b0 + b0*float64(p.fields[field].length)/r.averageLength(field))
	return min(rarity(a), rarity(b)) * (r.scoring.K1 + 1) * x1 / (x1 + r.scoring.K1)
}

// positions are those of a word and of what has its stem, ascending.
func (r *run) positions(f text, t term) []int {
	stems := r.stems(t)
	var out []int
	for _, tok := range f.tokens {
		if tok.term == t.term || slices.Contains(stems, tok.stem) || slices.Contains(stems, tok.term) {
			out = append(out, tok.position)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// follows is the sum of 1/distance to the next y within three positions of each x.
func follows(x, y []int) float64 {
	sum := 0.0
	for _, at := range x {
		i := slices.IndexFunc(y, func(other int) bool { return other > at })
		if i >= 0 && y[i]-at <= 3 {
			sum += 1 / float64(y[i]-at)
		}
	}
	return sum
}
