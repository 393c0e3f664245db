package ranking

import (
	"slices"
	"strings"
)

// versions are the posts of a model, each version under an index that it keeps. A
// change appends the new version and kills the old one; a dead version has nothing
// in common with any other.
type versions struct {
	infos []info
	dead  []bool
	byID  map[string]uint32
	// factor is the prior's factor of each post, maxFactor the greatest that there was.
	factor    []float64
	maxFactor float64
	dates     []dated
	vectors   [numChannels]vectors
	// saturation of a post's prose when it covers a title, when its title is covered.
	coveredK, coversK []float32
	titleSum          []float32 // idf of the terms of the title

	slot    []uint32 // of each post, unknown when it is newer than the generation
	holder  []uint32 // by slot: the living version of the post
	names   edges    // from posts to slots
	namedBy incoming // by slot
	net     network
}

// vectors are the rows of one channel with what their entries weigh.
type vectors struct {
	rows
	idf []float32 // by feature; 0 for one that fewer than two posts have
	inv []float32 // by post: one over the length of the weighted row, 0 for an empty one
}

// network are the links: addresses have numbers, and of the posts with one address
// that of the smallest id has its links.
type network struct {
	numbers map[uint64]uint32 // of hashes of addresses
	key     []uint32          // by post: its own address, unknown without one
	targets edges             // from posts to addresses
	linkers incoming          // by address
	owner   []uint32          // by address: the post that has it
	sharers map[uint32][]uint32
}

// incoming are the arrows to numbered things: those of the build in one array,
// those of later posts beside it.
type incoming struct {
	base  edges
	later map[uint32][]arrowFrom
}

type arrowFrom struct {
	post   uint32
	weight uint16
}

func (x *incoming) add(to, post uint32, weight uint16) {
	if x.later == nil {
		x.later = map[uint32][]arrowFrom{}
	}
	x.later[to] = append(x.later[to], arrowFrom{post, weight})
}

// number gives an address its number.
func (n *network) number(hash uint64) uint32 {
	if hash == 0 {
		return unknown
	}
	at, ok := n.numbers[hash]
	if !ok {
		at = uint32(len(n.owner))
		n.numbers[hash] = at
		n.owner = append(n.owner, unknown)
	}
	return at
}

// lookup is number without giving a new one.
func (n *network) lookup(hash uint64) (uint32, bool) {
	at, ok := n.numbers[hash]
	return at, ok
}

// join gives an address to a post, leave takes it away.
func (p *versions) join(i uint32) {
	n := &p.net
	key := n.key[i]
	if key == unknown {
		return
	}
	owner := n.owner[key]
	if owner == unknown {
		n.owner[key] = i
		return
	}
	if len(n.sharers[key]) == 0 {
		n.sharers[key] = []uint32{owner}
	}
	n.sharers[key] = append(n.sharers[key], i)
	if p.infos[i].id < p.infos[owner].id {
		n.owner[key] = i
	}
}

func (p *versions) leave(i uint32) {
	n := &p.net
	key := n.key[i]
	if key == unknown {
		return
	}
	rest := n.sharers[key]
	if at := slices.Index(rest, i); at >= 0 {
		rest = slices.Delete(rest, at, at+1)
	}
	if len(rest) > 0 {
		n.sharers[key] = rest
	} else {
		delete(n.sharers, key)
	}
	if n.owner[key] == i {
		n.owner[key] = p.first(rest, nil)
	}
	if len(rest) == 1 {
		delete(n.sharers, key)
	}
}

// first is the post of the smallest id for which skip, if any, is false.
func (p *versions) first(list []uint32, skip func(i uint32) bool) uint32 {
	best := uint32(unknown)
	for _, i := range list {
		if skip != nil && skip(i) {
			continue
		}
		if best == unknown || strings.Compare(p.infos[i].id, p.infos[best].id) < 0 {
			best = i
		}
	}
	return best
}

// append adds a post and returns its index. Arrows to it are known only when they
// are in namedBy and linkers.
func (p *versions) append(x *placement, slots map[string]uint32) uint32 {
	i := uint32(len(p.infos))
	p.infos = append(p.infos, x.info)
	p.dead = append(p.dead, false)
	p.byID[x.info.id] = i
	p.factor = append(p.factor, x.factor)
	p.maxFactor = max(p.maxFactor, x.factor)
	p.dates = append(p.dates, x.dated)
	for c := range p.vectors {
		p.vectors[c].add(x.vectors[c].ids, x.vectors[c].counts)
		p.vectors[c].inv = append(p.vectors[c].inv, x.inv[c])
	}
	p.coveredK, p.coversK = append(p.coveredK, x.coveredK), append(p.coversK, x.coversK)
	p.titleSum = append(p.titleSum, x.titleSum)
	slot, ok := slots[x.info.id]
	if !ok {
		slot = unknown
	} else {
		p.holder[slot] = i
	}
	p.slot = append(p.slot, slot)
	p.names.extend(x.names.to, x.names.weight)
	p.link(x)
	p.join(i)
	return i
}

// link adds the links of a post and its address.
func (p *versions) link(x *placement) {
	n := &p.net
	n.key = append(n.key, n.number(x.key))
	to := make([]uint32, 0, len(x.targets))
	weight := make([]uint16, 0, len(x.targets))
	for _, hash := range x.targets {
		if at := n.number(hash); at != unknown {
			to, weight = append(to, at), append(weight, one)
		}
	}
	n.targets.extend(to, weight)
}

// arrive makes the arrows of post i known to what they point at.
func (p *versions) arrive(i uint32) {
	to, weights := p.names.from(int(i))
	for k, slot := range to {
		p.namedBy.add(slot, i, weights[k])
	}
	to, weights = p.net.targets.from(int(i))
	for k, address := range to {
		p.net.linkers.add(address, i, weights[k])
	}
}

// settle makes all arrows known.
func (p *versions) settle() {
	p.namedBy = incoming{base: p.names.reversed(len(p.holder))}
	p.net.linkers = incoming{base: p.net.targets.reversed(len(p.net.owner))}
}

// kill takes a version of a post out.
func (p *versions) kill(i uint32) {
	p.dead[i] = true
	if p.byID[p.infos[i].id] == i {
		delete(p.byID, p.infos[i].id)
	}
	if s := p.slot[i]; s != unknown && p.holder[s] == i {
		p.holder[s] = unknown
	}
	p.leave(i)
	p.factor[i], p.dates[i] = 0, dated{}
	for c := range p.vectors {
		p.vectors[c].length[i] = 0
	}
}

// edgesOf are the arrows from and to post i: names, named by, links, linked by.
func (p *versions) edgesOf(i int) (out [numEdges]sparseEdges) {
	to, weights := p.names.from(i)
	out[0] = p.holding(to, weights, i)
	to, _ = p.net.targets.from(i)
	out[2] = p.owning(to, i)
	out[1], out[3] = p.pointedAt(i)
	return out
}

// arrows makes room for n arrows.
func arrows(n int) sparseEdges {
	if n == 0 {
		return sparseEdges{}
	}
	return sparseEdges{to: make([]uint32, 0, n), weight: make([]uint16, 0, n)}
}

func (e *sparseEdges) add(to uint32, weight uint16) {
	e.to, e.weight = append(e.to, to), append(e.weight, weight)
}

// holding are the arrows to slots as arrows to posts.
func (p *versions) holding(slots []uint32, weights []uint16, self int) sparseEdges {
	out := arrows(len(slots))
	for k, s := range slots {
		if post := p.holder[s]; post != unknown && int(post) != self {
			out.add(post, weights[k])
		}
	}
	return out
}

// owning are the posts that have these addresses; most addresses are of no post.
func (p *versions) owning(addresses []uint32, self int) (out sparseEdges) {
	for _, a := range addresses {
		if post := p.net.owner[a]; post != unknown && int(post) != self {
			out.add(post, one)
		}
	}
	return out
}

// pointedAt are the arrows to post i, as from it.
func (p *versions) pointedAt(i int) (namedBy, linkedBy sparseEdges) {
	if s := p.slot[i]; s != unknown {
		namedBy = p.coming(&p.namedBy, s, i)
	}
	if key := p.net.key[i]; key != unknown && int(p.net.owner[key]) == i {
		linkedBy = p.coming(&p.net.linkers, key, i)
	}
	return namedBy, linkedBy
}

// coming are the arrows of living posts to one thing.
func (p *versions) coming(x *incoming, to uint32, self int) sparseEdges {
	from, weights := x.base.from(int(to))
	var later []arrowFrom
	if len(x.later) > 0 {
		later = x.later[to]
	}
	out := arrows(len(from) + len(later))
	for k, post := range from {
		if !p.dead[post] && int(post) != self {
			out.add(post, weights[k])
		}
	}
	for _, a := range later {
		if !p.dead[a.post] && int(a.post) != self {
			out.add(a.post, a.weight)
		}
	}
	return out
}
