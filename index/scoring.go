package index

// Scoring holds the parameters of BM25F. Source of the formula: Robertson and
// Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
type Scoring struct {
	// K1 saturates the weighted term frequency.
	K1 float64
	// Weight and B (length normalisation, 0..1) by text field.
	Weight map[string]float64
	B      map[string]float64
}
