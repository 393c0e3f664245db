package relevance

import (
	"math"
	"slices"
)

// unjudged marks a document without judgment in topic.ranked.
const unjudged = -1

// topic is what the measures of one query are computed from.
type topic struct {
	// ranked has the grade of each retrieved document, best rank first.
	ranked []int
	// grades has the grades of all judged documents, highest first.
	grades []int
}

// newTopic looks up the judgments of a list that is in the order of [Order].
func newTopic(judged map[string]int, docs []Ranked) *topic {
	t := &topic{ranked: make([]int, len(docs)), grades: make([]int, 0, len(judged))}
	for i, doc := range docs {
		if grade, ok := judged[doc.ID]; ok && grade >= 0 {
			t.ranked[i] = grade
		} else {
			t.ranked[i] = unjudged
		}
	}
	for _, grade := range judged {
		if grade >= 0 {
			t.grades = append(t.grades, grade)
		}
	}
	slices.SortFunc(t.grades, func(a, b int) int { return b - a })
	return t
}

// first gives the first k of the retrieved; all when k is 0.
func (t *topic) first(k int) []int { return cut(t.ranked, k) }

func cut(grades []int, k int) []int {
	if k > 0 && k < len(grades) {
		return grades[:k]
	}
	return grades
}

// relevant counts the judged documents of at least grade rel.
func (t *topic) relevant(rel int) int { return count(t.grades, rel) }

func count(grades []int, rel int) int {
	n := 0
	for _, g := range grades {
		if g >= rel {
			n++
		}
	}
	return n
}

// ratio is a/b, and 0 where there is nothing to divide by, as in trec_eval.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// ndcg: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR
// techniques", 2002, with the discount 1/log2(rank+1) at every rank. The ideal
// ranking is made of all judged documents, retrieved or not.
func ndcg(m Measure, t *topic) float64 {
	return ratio(dcg(t.first(m.Cutoff), m.ExpGain), dcg(cut(t.grades, m.Cutoff), m.ExpGain))
}

func dcg(grades []int, exp bool) float64 {
	sum := 0.0
	for i, g := range grades {
		if g <= 0 {
			continue
		}
		gain := float64(g)
		if exp {
			gain = math.Exp2(gain) - 1
		}
		sum += gain / math.Log2(float64(i)+2)
	}
	return sum
}

// averagePrecision is the mean over all relevant documents of the precision at
// their ranks; those not retrieved, or below the cutoff, count as 0.
func averagePrecision(m Measure, t *topic) float64 {
	sum, found := 0.0, 0
	for i, g := range t.first(m.Cutoff) {
		if g >= m.Rel {
			found++
			sum += float64(found) / float64(i+1)
		}
	}
	return ratio(sum, float64(t.relevant(m.Rel)))
}

func reciprocalRank(m Measure, t *topic) float64 {
	for i, g := range t.first(m.Cutoff) {
		if g >= m.Rel {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// precision divides by k even when fewer were retrieved.
func precision(m Measure, t *topic) float64 {
	return float64(count(t.first(m.Cutoff), m.Rel)) / float64(m.Cutoff)
}

func recall(m Measure, t *topic) float64 {
	return ratio(float64(count(t.first(m.Cutoff), m.Rel)), float64(t.relevant(m.Rel)))
}

func rPrecision(m Measure, t *topic) float64 {
	all := t.relevant(m.Rel)
	if all == 0 {
		return 0
	}
	return float64(count(t.first(all), m.Rel)) / float64(all)
}

func success(m Measure, t *topic) float64 {
	if count(t.first(m.Cutoff), m.Rel) > 0 {
		return 1
	}
	return 0
}

// bpref: Buckley and Voorhees, "Retrieval evaluation with incomplete
// information", 2004, in the form that trec_eval computes since version 8: with
// R relevant and N judged irrelevant documents, the sum over the retrieved
// relevant ones of 1 - min(irrelevant ones above it, R)/min(N, R), over R.
func bpref(m Measure, t *topic) float64 {
	relevant := t.relevant(m.Rel)
	bound := min(len(t.grades)-relevant, relevant)
	sum, above := 0.0, 0
	for _, g := range t.ranked {
		switch {
		case g == unjudged:
		case g < m.Rel:
			above++
		case above == 0:
			sum++
		default:
			sum += 1 - float64(min(above, relevant))/float64(bound)
		}
	}
	return ratio(sum, float64(relevant))
}

// rankBiasedPrecision: Moffat and Zobel, "Rank-biased precision for measurement
// of retrieval effectiveness", 2008: (1-p) times the sum of p^(rank-1) over the
// relevant documents.
func rankBiasedPrecision(m Measure, t *topic) float64 {
	sum, weight := 0.0, 1-m.P
	for _, g := range t.first(m.Cutoff) {
		if g >= m.Rel {
			sum += weight
		}
		weight *= m.P
	}
	return sum
}

// expectedReciprocalRank: Chapelle, Metzler, Zhang and Grinspan, "Expected
// reciprocal rank for graded relevance", 2009: a reader stops at a document of
// grade g with probability (2^g - 1)/2^max.
func expectedReciprocalRank(m Measure, t *topic) float64 {
	sum, reach := 0.0, 1.0
	for i, g := range t.first(m.Cutoff) {
		if g <= 0 {
			continue
		}
		stop := (math.Exp2(float64(min(g, m.MaxRel))) - 1) / math.Exp2(float64(m.MaxRel))
		sum += reach * stop / float64(i+1)
		reach *= 1 - stop
	}
	return sum
}

// judgedShare divides by what was retrieved when that is less than k.
func judgedShare(m Measure, t *topic) float64 {
	first := t.first(m.Cutoff)
	return ratio(float64(count(first, 0)), float64(len(first)))
}
