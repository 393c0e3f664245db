package ranking

import (
	"cmp"
	"math"
	"slices"
)

// Stage one weighs the entries of a channel roughly: by a level that stands for a
// range of weights, idf left out and the prior's factor taken in.
const (
	levelBits = 3
	numLevels = 1 << levelBits
	levelMask = numLevels - 1
)

// probing is what stage one freezes, in the form in which it is kept.
type probing struct {
	Levels [numChannels]levels
	// Counts are the numbers of posts that have a feature in their row, where that is
	// not the document frequency.
	Counts [numChannels][]uint32
}

// levels are the ranges of one channel.
type levels struct {
	Upper [numLevels - 1]float32 // weights below Upper[l] are of level l at most
	Value [numLevels]float32     // the mean of a level
	// Covering is the mean of factor x tf/(tf+K) in a level of the prose, for titles
	// that are covered.
	Covering [numLevels]float32
	// MeanValue and MeanCovering are those of all levels, times what walking the channel
	// is worth.
	MeanValue, MeanCovering float32
}

// freezeProbing learns it from the posts of a build.
func (m *Model) freezeProbing() {
	for c := range numChannels {
		m.probing.Levels[c] = m.newLevels(c)
	}
	for _, c := range []channel{pairChannel, titleChannel} {
		m.probing.Counts[c] = m.frequencies(c)
	}
}

// posted are the numbers of posts that had a feature in their row when the statistics
// were frozen.
func (f *frozen) posted(c channel) []uint32 {
	if own := f.probing.Counts[c]; own != nil {
		return own
	}
	return f.df[c]
}

// frequencies are the numbers of living posts that have the features of a channel.
func (m *Model) frequencies(c channel) []uint32 {
	v := &m.vectors[c]
	out := make([]uint32, len(v.idf))
	for i := range m.infos {
		ids, _ := v.row(i)
		for _, id := range ids {
			out[id]++
		}
	}
	return out
}

func (l *levels) of(x float32) uint16 {
	n := uint16(0)
	for _, u := range l.Upper {
		if x >= u {
			n++
		}
	}
	return n
}

// entryWeight is the weight of an entry of post i without its idf.
func (m *Model) entryWeight(c channel, i int, count uint8) float32 {
	f := float32(m.factor[i])
	switch c {
	case titleChannel:
		return f / (m.titleSum[i] + coversSmoothing)
	case folderChannel, seriesChannel:
		return f
	default:
		return f * m.vectors[c].inv[i] * roots[count]
	}
}

// worths says of some channels what a typical product of theirs is worth to stage one
// beside one of the prose, 1 of the others: posts that are near each other share
// words and pairs of words more often than words of titles, tags and entities that are as
// frequent.
//
//nolint:gochecknoglobals // immutable table
var worths = [numChannels]float32{titleChannel: 0.2, tagChannel: 0.5, entityChannel: 0.25}

// entrySample is one entry whose weight helps to set the ranges.
type entrySample struct{ weight, covering float32 }

// levelSample is about how many entries set the ranges of a channel.
const levelSample = 1 << 17

// newLevels sets the ranges of a channel: geometric between the weights that leave
// out the least fiftieth and the greatest thousandth.
func (m *Model) newLevels(c channel) levels {
	all := m.sampleEntries(c)
	var l levels
	if len(all) == 0 {
		return l
	}
	low, high := float64(all[len(all)/50].weight), float64(all[len(all)-1-len(all)/1000].weight)
	for k := range l.Upper {
		l.Upper[k] = float32(low * math.Pow(high/low, float64(k+1)/numLevels))
	}
	l.average(all)
	if w := worths[c]; w > 0 {
		l.MeanValue *= w
	}
	return l
}

// average works out what the levels stand for: the mean of their samples, and the
// middle of the range where there is none.
func (l *levels) average(all []entrySample) {
	var n, weight, covering [numLevels]float64
	for _, s := range all {
		k := l.of(s.weight)
		n[k]++
		weight[k] += float64(s.weight)
		covering[k] += float64(s.covering)
	}
	var weights, coverings float64
	for k := range n {
		weights += weight[k]
		coverings += covering[k]
	}
	l.MeanValue, l.MeanCovering = float32(weights/float64(len(all))), float32(coverings/float64(len(all)))
	for k := range n {
		if n[k] > 0 {
			l.Value[k], l.Covering[k] = float32(weight[k]/n[k]), float32(covering[k]/n[k])
			continue
		}
		l.Value[k] = (l.Upper[max(k-1, 0)] + l.Upper[min(k, numLevels-2)]) / 2
		l.Covering[k] = l.MeanCovering
	}
}

// sampleEntries are entries of a channel by rising weight. Which posts are taken
// depends on their ids alone, so that the feed's order does not matter.
func (m *Model) sampleEntries(c channel) []entrySample {
	total := 0
	for i := range m.infos {
		ids, _ := m.vectors[c].row(i)
		total += len(ids)
	}
	step := uint64(max(total/levelSample, 1))
	var all []entrySample
	for i := range m.infos {
		if step > 1 && hashString(m.infos[i].id)%step != 0 {
			continue
		}
		_, counts := m.vectors[c].row(i)
		for _, n := range counts {
			s := entrySample{weight: m.entryWeight(c, i, n)}
			if c == proseChannel {
				s.covering = float32(m.factor[i]) * float32(n) / (float32(n) + m.coveredK[i])
			}
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b entrySample) int {
		return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(a.covering, b.covering))
	})
	return all
}
