package ranking

// moment is when a post was published; the weight has the prior's factor in it, 0
// without a date.
type moment struct {
	day    int32
	weight float32
	tie    uint32 // decides between equal sums
}

// spanBits makes the number of places whose moments are bounded together.
const (
	spanBits  = 8
	spanPosts = 1 << spanBits
)

// span bounds the moments of some places.
type span struct {
	first, last int32
	weight      float32
}

// moment is that of a post. Ties are decided by a hash of the id, whatever the order
// of reading.
func (k *kernel) moment(post int) moment {
	d := &k.model.dates[post]
	return moment{
		day: d.day, weight: float32(float64(d.weight) / one * k.model.factor[post]),
		tie: uint32(hashString(k.model.infos[post].id)),
	}
}

// askedMoment is that of a post asked about, in units of sums.
func (k *kernel) askedMoment(d dated) moment {
	w := k.model.weights[datesPart] * float64(d.weight) / one / one * k.unit
	return moment{day: d.day, weight: float32(w)}
}

func (s *span) take(t *moment) {
	switch {
	case t.weight == 0:
	case s.weight == 0:
		*s = span{t.day, t.day, t.weight}
	default:
		s.first, s.last, s.weight = min(s.first, t.day), max(s.last, t.day), max(s.weight, t.weight)
	}
}

// near is what two dates add to a sum.
func (t *moment) near(other *moment) uint32 {
	if t.weight == 0 || other.weight == 0 {
		return 0
	}
	apart := int(t.day) - int(other.day)
	if apart < 0 {
		apart = -apart
	}
	if apart/nearDays >= len(nearSum) {
		return 0
	}
	return uint32(t.weight * other.weight * nearSum[apart/nearDays])
}

// nearDays is the number of days that stage one takes as one.
const nearDays = 8

// nearSum is nearness, every few days: so short that it stays in the cache.
//
//nolint:gochecknoglobals // immutable table
var nearSum = func() (table [len(nearness) / nearDays]float32) {
	for i := range table {
		table[i] = float32(nearness[i*nearDays])
	}
	return table
}()

// nearest bounds what the dates of a span add.
func (t *moment) nearest(s *span) uint32 {
	apart := uint(max(int(s.first)-int(t.day), int(t.day)-int(s.last), 0)) / nearDays
	if apart >= uint(len(nearSum)) {
		return 0
	}
	return uint32(t.weight * s.weight * nearSum[apart])
}
