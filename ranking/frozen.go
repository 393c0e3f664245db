package ranking

import (
	"math"

	"alphanode/index"
)

// frozen is what a generation freezes: all that scores and rows depend on beside
// the posts themselves, as it was for the posts that the generation was made of.
// Features that fewer than two of them had carry no weight in it and have no number.
// Immutable and safe for concurrent use.
type frozen struct {
	config  Config
	day     int32 // the as-of day
	posts   int   // how many posts the statistics are of
	weights [numParts]float64

	df     [numChannels][]uint32  // by feature: how many of the posts have it
	idf    [numChannels][]float32 // by feature; 0 for one that fewer than two have
	single float32                // idf of a term that one post has
	// tellingIDF is the weight from which a feature is a reason.
	tellingIDF float32

	probing probing // of stage one of the kernel

	averageLength float64
	sameDay       map[int32]uint32 // posts published on a day

	labels [numSpaces]*space
	pairs  *pairs
	// termHash orders terms whatever their numbers.
	termHash []uint64
	written  [numSpaces]spellings
	spelled  *space // how features are written

	titled naming  // the names of posts
	entity *finder // the names of entities

	// ids are the posts, by slot: the number by which names know them, whatever
	// version of them a model has. slots is the reverse.
	ids   []string
	slots map[string]uint32
	// recommended fills lists: posts of the greatest prior.
	recommended []string
}

// unknown is the number of what has none.
const unknown = math.MaxUint32

// prepare makes what is looked up out of what is kept.
func (f *frozen) prepare() {
	f.weights = f.config.Similar.weights()
	f.single, f.tellingIDF = idf(f.posts, 1), telling(f.posts)
	for c := range f.df {
		f.idf[c] = make([]float32, f.numFeatures(channelSpaces[c]))
		for id, df := range f.df[c] {
			if df >= rareFeature {
				f.idf[c][id] = idf(f.posts, df)
			}
		}
	}
	f.idf[titleChannel] = f.idf[proseChannel]
	f.slots = make(map[string]uint32, len(f.ids))
	for slot, id := range f.ids {
		f.slots[id] = uint32(slot)
	}
}

func (f *frozen) numFeatures(s spaceID) int {
	if s == pairSpace {
		return len(f.pairs.terms)
	}
	return f.labels[s].len()
}

// rareFeature is the number of posts that a feature must have to count: one
// that a single post has says nothing about two.
const rareFeature = 2

// idf is ln(1 + (N - df + 0.5)/(df + 0.5)), the form of BM25 that is never
// negative.
func idf(n int, df uint32) float32 {
	return float32(math.Log1p((float64(n) - float64(df) + 0.5) / (float64(df) + 0.5)))
}

// sumUnits makes whole numbers out of weights, so that sums of them are the same
// in any order.
const sumUnits = 1 << 32

// inverse is one over the Euclidean length of a row of weights sqrt(count) idf.
func inverse(idf []float32, s sparse) float32 {
	sum := uint64(0)
	for k, id := range s.ids {
		w := float64(idf[id])
		sum += uint64(s.counts[k]) * uint64(w*w*sumUnits)
	}
	if sum == 0 {
		return 0
	}
	return float32(1 / math.Sqrt(float64(sum)/sumUnits))
}

// titleIDF sums the idf of the terms of a title, so many of which have no number.
// A term that no second post has counts in full: it cannot be covered.
func (f *frozen) titleIDF(ids []uint32, unseen int) float32 {
	sum := uint64(unseen) * uint64(float64(f.single)*sumUnits)
	for _, id := range ids {
		x := f.idf[titleChannel][id]
		if x == 0 {
			x = f.single
		}
		sum += uint64(float64(x) * sumUnits)
	}
	return float32(float64(sum) / sumUnits)
}

// The parameters of saturation, as in BM25: k1, and b where the candidate's text
// covers the title asked about, and the reverse.
const (
	saturationK1 = 0.9
	coveredB     = 0.75
	coversB      = 0.4
	// coversSmoothing keeps short titles from being covered too easily.
	coversSmoothing = 5
)

// saturation is K = k1 (1 - b + b length/average).
func (f *frozen) saturation(length, b float64) float32 {
	return float32(saturationK1 * (1 - b + b*length/f.averageLength))
}

func total(counts []uint8) float64 {
	n := 0
	for _, c := range counts {
		n += int(c)
	}
	return float64(n)
}

// priorFactor is that of the prior, 1 + beta (2p - 1).
func (f *frozen) priorFactor(s index.Signals) float64 {
	return 1 + f.config.SimilarBeta*(2*float64(Prior(f.config)(s, f.day))-1)
}
