package exec

import (
	"slices"

	"alphanode/index/bleveindex/postings"
)

// frequencies are those of a list of very many postings, by place: in two, four or eight bits
// each, whatever takes the least room. Those that do not fit are listed. Immutable.
type frequencies struct {
	width  uint8 // in bits
	packed []uint8
	// places are, ascending, those of the frequencies that do not fit, and many these.
	places, many []uint32
}

// tooMany is what costs a frequency that does not fit, in bytes.
const tooMany = 8

// packFrequencies packs frequencies, of which many has those that are postings.ManyFreq, in order.
func packFrequencies(freqs []uint8, many []uint32) frequencies {
	width := chooseWidth(freqs)
	most := uint8(1<<width - 1)
	perByte := 8 / int(width)
	f := frequencies{width: width, packed: make([]uint8, (len(freqs)+perByte-1)/perByte)}
	for i, freq := range freqs {
		v := freq - 1
		if freq > most || freq == postings.ManyFreq {
			v = most
			n := uint32(freq)
			if freq == postings.ManyFreq {
				n, many = many[0], many[1:]
			}
			f.places, f.many = append(f.places, uint32(i)), append(f.many, n) //nolint:gosec // fewer than 2^32
		}
		f.packed[i/perByte] |= v << (i % perByte * int(width))
	}
	f.places, f.many = slices.Clip(f.places), slices.Clip(f.many)
	return f
}

// chooseWidth gives the width that takes the least room.
func chooseWidth(freqs []uint8) uint8 {
	over3, over15 := 0, 0
	for _, f := range freqs {
		if f > 3 {
			over3++
		}
		if f > 15 {
			over15++
		}
	}
	n := len(freqs)
	two, four := n/4+over3*tooMany, n/2+over15*tooMany
	switch {
	case two <= four && two <= n:
		return 2
	case four <= n:
		return 4
	default:
		return 8
	}
}

// at is the frequency at a place.
func (f *frequencies) at(i int) uint32 {
	perByte := 8 / int(f.width)
	most := uint8(1<<f.width - 1)
	v := f.packed[i/perByte] >> (i % perByte * int(f.width)) & most
	if v < most {
		return uint32(v) + 1
	}
	at, _ := slices.BinarySearch(f.places, uint32(i)) //nolint:gosec // fewer than 2^32
	return f.many[at]
}

// size is the memory that f takes, in bytes.
func (f *frequencies) size() int64 {
	return int64(len(f.packed) + 4*len(f.places) + 4*len(f.many))
}
