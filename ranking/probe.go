package ranking

import (
	"cmp"
	"math"
	"slices"
)

// probe chooses the features of a post whose postings are walked. Which ones depends
// on the post and on what is frozen.
type probe struct {
	kernel  *kernel
	asked   *asked
	wanted  []wanted
	classes []class
	top     uint32   // one more than the greatest class
	of      []valued // of one class
}

// wanted is a feature that may be walked.
type wanted struct {
	channel  channel
	feature  uint32
	weight   float32 // of the post asked about, idf of the candidate included
	covering float32 // the same for a title that is covered
	count    uint32  // of postings, when it was frozen
	value    float32 // what its postings are worth, each
}

// class gathers the wanted of about one value.
type class struct {
	postings uint64
}

const (
	// classShift leaves the exponent of a float32 and two bits of its mantissa.
	classShift = 21
	numClasses = 1 << (31 - classShift)
)

const (
	// easyShare is the part of the budget that is walked whatever it is worth.
	easyShare = 12
	// worthyOne and worthyPosts make worthyFrom.
	worthyOne   = 0.029
	worthyPosts = 100_000
)

// worthyFrom is the value of a feature that is walked beyond the easy part of the budget:
// what tells posts apart that are near each other takes few postings in one text, many
// in another. It is a function of what is frozen.
func worthyFrom(posts int) float32 {
	n := math.Sqrt(float64(max(posts, worthyPosts)))
	return float32(worthyOne / (n * math.Sqrt(n)))
}

func newProbe(k *kernel) *probe { return &probe{kernel: k, classes: make([]class, numClasses)} }

// choose returns what is walked, at most the budget of
// postings, and the value that all of it exceeds.
func (p *probe) choose(a *asked) ([]wanted, float32) {
	p.asked = a
	p.want()
	return p.cut()
}

// want lists all features that have postings.
func (p *probe) want() {
	p.wanted = p.wanted[:0]
	for part := range p.asked.terms {
		if product := products[part]; product.kind != covered {
			p.wantPart(product, p.asked.terms[part])
		}
	}
	p.cover()
	for i := range p.wanted {
		w := &p.wanted[i]
		w.value = p.worth(w)
	}
}

func (p *probe) wantPart(pr product, terms []term) {
	features := p.kernel.postings[pr.candidate].features
	for _, t := range terms {
		f := &features[t.feature]
		if f.frozen == 0 || int(f.frozen) > p.kernel.limit {
			continue
		}
		w := float32(t.weight) / oneAsked
		if pr.kind != shared {
			w *= f.idf
		}
		p.wanted = append(p.wanted, wanted{channel: pr.candidate, feature: t.feature, weight: w, count: f.frozen})
	}
}

// cover adds what the prose of others that covers the title is worth.
func (p *probe) cover() {
	limit, features := p.kernel.limit, p.kernel.postings[proseChannel].features
	for _, t := range p.asked.terms[coveredPart] {
		n := features[t.feature].frozen
		if n > 0 && int(n) <= limit {
			p.proseTerm(t.feature, n).covering = float32(t.weight) / oneAsked
		}
	}
}

// proseTerm finds a term among what is wanted of the prose, or adds it.
func (p *probe) proseTerm(feature, count uint32) *wanted {
	for i := range p.wanted {
		if w := &p.wanted[i]; w.channel == proseChannel && w.feature == feature {
			return w
		}
	}
	p.wanted = append(p.wanted, wanted{channel: proseChannel, feature: feature, count: count})
	return &p.wanted[len(p.wanted)-1]
}

// worth is what a typical posting adds, over the three quarters power of their
// number: rare features first, but not at any price.
func (p *probe) worth(w *wanted) float32 {
	l := &p.kernel.model.probing.Levels[w.channel]
	return (w.weight*l.MeanValue + w.covering*l.MeanCovering) / float32(p.kernel.rareness(w.count))
}

// rareness is what the worth of a feature is divided by.
func (k *kernel) rareness(count uint32) float64 {
	n := math.Sqrt(float64(k.cost(count)))
	return n * math.Sqrt(n)
}

func classOf(value float32) uint32 { return math.Float32bits(value) >> classShift & (numClasses - 1) }

// cut leaves the most valuable features, and says what value all of them exceed: what
// the budget allows, but beyond the easy part of it only what is worth it. Of equal
// values all are taken or none, so that their numbering does not matter.
func (p *probe) cut() ([]wanted, float32) {
	k := p.kernel
	clear(p.classes)
	p.top = 0
	for i := range p.wanted {
		c := classOf(p.wanted[i].value)
		p.classes[c].postings += uint64(k.cost(p.wanted[i].count))
		p.top = max(p.top, c+1)
	}
	least := p.least(k.budget)
	if k.worthy > least {
		least = min(k.worthy, p.least(k.easy))
	}
	kept := p.wanted[:0]
	for _, w := range p.wanted {
		if w.value > least {
			kept = append(kept, w)
		}
	}
	return kept, least
}

// least is the value that all features exceed which so many postings allow.
func (p *probe) least(postings int) float32 {
	left, last := uint64(postings), p.top
	for last > 0 && p.classes[last-1].postings <= left {
		last--
		left -= p.classes[last].postings
	}
	if last == 0 {
		return 0
	}
	return p.within(last-1, left)
}

// within returns the greatest value of a class that no longer fits into so many
// postings.
func (p *probe) within(c uint32, left uint64) float32 {
	of := p.of[:0]
	for i := range p.wanted {
		if w := &p.wanted[i]; classOf(w.value) == c {
			of = append(of, valued{w.value, p.kernel.cost(w.count)})
		}
	}
	p.of = of
	slices.SortFunc(of, func(a, b valued) int { return cmp.Compare(b.value, a.value) })
	for _, w := range of {
		if uint64(w.cost) > left {
			return w.value
		}
		left -= uint64(w.cost)
	}
	return 0
}

// valued is what a feature is worth, and what it takes of the budget.
type valued struct {
	value float32
	cost  uint32
}
