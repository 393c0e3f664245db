package ranking

import (
	"math"

	"alphanode/index"
)

// dated is a day of publication with what it tells: a day that many posts share is
// that of an import or a clean-up rather than of writing.
type dated struct {
	day    int32
	weight uint32 // in units of 1/one; 0 without a day
}

// near is how near in time two posts are, in units of 1/oneScore: the product of
// both weights, e times less with every year apart.
func (d *dated) near(other *dated) uint32 {
	if d.weight == 0 || other.weight == 0 {
		return 0
	}
	apart := int(d.day) - int(other.day)
	if apart < 0 {
		apart = -apart
	}
	if apart >= len(nearness) {
		return 0
	}
	return d.weight * (other.weight * nearness[apart] / one)
}

// nearness is exp(-days/365) in units of 1/one, for ten years.
//
//nolint:gochecknoglobals // immutable table
var nearness = func() (table [3650]uint32) {
	for i := range table {
		table[i] = uint32(math.Exp(-float64(i)/365)*one + 0.5)
	}
	return table
}()

// sameDays counts the posts by their day of publication.
func sameDays(infos []info) map[int32]uint32 {
	days := map[int32]uint32{}
	for i := range infos {
		days[infos[i].published]++
	}
	return days
}

// dateOf weighs a day of publication by ln(N/df)/ln N.
func (f *frozen) dateOf(day int32) dated {
	if day == index.NoDay || f.posts < 2 {
		return dated{}
	}
	n := float64(f.posts)
	w := math.Log(n/float64(max(f.sameDay[day], 1))) / math.Log(n)
	return dated{day: day, weight: uint32(w*one + 0.5)}
}
