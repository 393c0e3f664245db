package relevance

// Scores are the values of one measure.
type Scores struct {
	Measure Measure
	// Mean is over all judged queries; a query without results counts as 0.
	Mean float64
	// ByQuery has a value for every judged query.
	ByQuery map[string]float64
}

// Evaluate computes measures of a run, in the order given. Documents are ordered
// by [Order]; queries of the run that are not judged do not count.
func Evaluate(measures []Measure, qrels Qrels, run Run) []Scores {
	out := make([]Scores, len(measures))
	for i, m := range measures {
		out[i] = Scores{Measure: m, ByQuery: make(map[string]float64, len(qrels))}
	}
	queries := qrels.Queries()
	for _, query := range queries {
		t := newTopic(qrels[query], Order(run[query]))
		for i, m := range measures {
			value := measureKinds[m.Name].value(m, t)
			out[i].ByQuery[query] = value
			out[i].Mean += value
		}
	}
	for i := range out {
		out[i].Mean = ratio(out[i].Mean, float64(len(queries)))
	}
	return out
}
