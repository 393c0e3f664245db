package index

// Scoring holds the parameters of the score. Source of the formula: Robertson and
// Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009;
// docs/indexing.md writes it out.
type Scoring struct {
	// K1 saturates the weighted term frequency.
	K1 float64
	// Weight and B (length normalisation, 0..1) by text field. A text field that is
	// absent from Weight does not count.
	Weight map[string]float64
	B      map[string]float64
	// LevelWeight is what a match on each level counts, 0..1.
	LevelWeight [NumLevels]float64
	// TitleFit is the weight of title fit; 0 switches it off.
	TitleFit float64
	// Proximity is the weight of neighbouring words of the query that are near each
	// other in the body, for the first SecondStage hits; 0 switches it off.
	Proximity float64
}

// SecondStage is the number of hits, best first, that proximity puts in order again.
// What it adds is never negative, so they stay before all others.
const SecondStage = 50

// NumLevels is the number of match levels.
const NumLevels = 5

// DefaultScoring gives the parameters that were measured best over all
// collections; there is no setting for a single collection.
func DefaultScoring() Scoring {
	s := scoringOf(1.2, TextFields())
	s.TitleFit, s.Proximity = 0.8, 0.2
	return s
}

// PlainScoring gives the parameters of [Options.Plain]: BM25 over title and body
// with K1 1.2 and b 0.75.
func PlainScoring() Scoring {
	s := scoringOf(1.2, PlainFields())
	return s
}

func scoringOf(k1 float64, fields []Field) Scoring {
	s := Scoring{
		K1:          k1,
		Weight:      make(map[string]float64, len(fields)),
		B:           make(map[string]float64, len(fields)),
		LevelWeight: [NumLevels]float64{Exact: 1, Stem: 0.9, Prefix: 0.6, Synonym: 0.6, Typo: 0.3},
	}
	for _, f := range fields {
		s.Weight[f.Name], s.B[f.Name] = f.Weight, f.B
	}
	return s
}
