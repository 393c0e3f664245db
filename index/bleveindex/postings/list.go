package postings

import "sort"

// List is the postings of one term in one field of one segment. Immutable; may be
// shared between goroutines.
type List struct {
	// Docs are the document numbers within the segment, ascending.
	Docs []uint32
	// freqs are the term frequencies, ManyFreq where they do not fit a byte.
	freqs []uint8
	// many holds the frequencies that do not fit, by place in Docs.
	many map[int]uint32
	// maxFreq is the largest frequency.
	maxFreq uint32
}

// ManyFreq is what Freqs has for a frequency that does not fit: see [List.Freq].
const ManyFreq = 255

// Freqs are the term frequencies by place in Docs; a value of 255 means that
// [List.Freq] has to be asked.
func (l *List) Freqs() []uint8 { return l.freqs }

// Freq is the term frequency of Docs[i].
func (l *List) Freq(i int) uint32 {
	if f := l.freqs[i]; f != ManyFreq {
		return uint32(f)
	}
	return l.many[i]
}

// MaxFreq is the largest term frequency of the list; 0 for an empty one.
func (l *List) MaxFreq() uint32 { return l.maxFreq }

// Find returns the place of doc in Docs, at or after from.
func (l *List) Find(doc uint32, from int) (int, bool) {
	rest := l.Docs[from:]
	i := from + sort.Search(len(rest), func(i int) bool { return rest[i] >= doc })
	return i, i < len(l.Docs) && l.Docs[i] == doc
}

// Size is the memory that the list holds, in bytes, roughly.
func (l *List) Size() int64 { return l.size() }

func (l *List) size() int64 {
	return int64(4*cap(l.Docs)+cap(l.freqs)+24*len(l.many)) + 96
}

func (l *List) appendFreq(f uint32) {
	l.maxFreq = max(l.maxFreq, f)
	if f < ManyFreq {
		l.freqs = append(l.freqs, uint8(f))
		return
	}
	if l.many == nil {
		l.many = make(map[int]uint32)
	}
	l.many[len(l.freqs)] = f
	l.freqs = append(l.freqs, ManyFreq)
}

// Positions are the positions of one term, by place in the List's Docs.
type Positions struct {
	starts []uint32
	all    []uint32
}

// At gives the ascending positions of the document at place i.
func (p *Positions) At(i int) []uint32 { return p.all[p.starts[i]:p.starts[i+1]] }

func (p *Positions) size() int64 { return int64(4*(cap(p.starts)+cap(p.all))) + 64 }

// NewList returns the list of docs, ascending, with the frequency of each. It
// keeps docs.
func NewList(docs, freqs []uint32) *List {
	l := &List{Docs: docs, freqs: make([]uint8, 0, len(docs))}
	for _, f := range freqs {
		l.appendFreq(f)
	}
	return l
}
