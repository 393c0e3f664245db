package ranking

import "sync"

// A posting of stage one is two bytes: the place of a post within its block, and a
// level.
const (
	blockBits = 16 - levelBits
	placeMask = 1<<blockBits - 1
	blockSpan = 1 << blockBits // posts of a block: their sums fill 16 KiB
	rarePosts = 64             // see postings.rare
)

// postings say which posts have which features, for one channel. A feature of up
// to rarePosts posts has them in rare; the posts of a more frequent one lie in
// the blocks. Features of more posts than the budget, when it was frozen, have none.
type postings struct {
	features []posted
	rare     []uint32 // place<<levelBits | level
	// starts has, for each frequent feature, where its postings of each block begin in
	// items, and where those of the last one end.
	starts []uint32
	items  []uint16
	dense  denseTables
}

// posted is what choosing and walking need of a feature, side by side.
type posted struct {
	frozen uint32 // its number of posts when the statistics were frozen
	count  uint32 // its number of postings
	start  uint32 // where they begin in rare, or in starts
	idf    float32
}

// filler fills the postings of one channel, place by place.
type filler struct {
	postings
	blocks uint32
	next   []uint32 // by feature: the next entry of rare, or of starts
	at     []uint32 // by feature: the next entry of items
}

func (k *kernel) newPostings(c channel) postings {
	m := k.model
	f := filler{blocks: uint32(k.blocks)}
	f.features = make([]posted, len(m.idf[c]))
	for feature, n := range m.frequencies(c) {
		f.features[feature].count, f.features[feature].idf = n, m.idf[c][feature]
	}
	for feature, n := range m.posted(c) {
		if f.features[feature].frozen = n; int(n) > k.limit {
			f.features[feature].count = 0
		}
	}
	f.divide()
	v, l := &m.vectors[c], &m.probing.Levels[c]
	for place, post := range k.order {
		ids, counts := v.row(int(post))
		for e, feature := range ids {
			if f.features[feature].count > 0 {
				f.add(feature, uint32(place), l.of(m.entryWeight(c, int(post), counts[e])))
			}
		}
	}
	for feature := range f.features {
		if f.features[feature].count > rarePosts {
			f.reach(uint32(feature), f.blocks)
		}
	}
	k.densify(&f.postings)
	return f.postings
}

// divide gives each feature its room.
func (f *filler) divide() {
	f.next, f.at = make([]uint32, len(f.features)), make([]uint32, len(f.features))
	rare, starts, items := uint32(0), uint32(0), uint32(0)
	for feature := range f.features {
		p := &f.features[feature]
		if p.count <= rarePosts {
			p.start = rare
			rare += p.count
		} else {
			p.start, f.at[feature] = starts, items
			starts += f.blocks + 1
			items += p.count
		}
		f.next[feature] = p.start
	}
	f.rare, f.starts, f.items = make([]uint32, rare), make([]uint32, starts), make([]uint16, items)
}

func (f *filler) add(feature, place uint32, level uint16) {
	if f.features[feature].count <= rarePosts {
		f.rare[f.next[feature]] = place<<levelBits | uint32(level)
		f.next[feature]++
		return
	}
	f.reach(feature, place>>blockBits)
	f.items[f.at[feature]] = uint16(place&placeMask)<<levelBits | level
	f.at[feature]++
}

// reach notes where the postings of a feature begin in the blocks up to b.
func (f *filler) reach(feature, b uint32) {
	for ; f.next[feature] <= f.features[feature].start+b; f.next[feature]++ {
		f.starts[f.next[feature]] = f.at[feature]
	}
}

// postAll makes the postings of all channels.
func (k *kernel) postAll() {
	var wait sync.WaitGroup
	for c := range numChannels {
		wait.Go(func() { k.postings[c] = k.newPostings(c) })
	}
	wait.Wait()
}
