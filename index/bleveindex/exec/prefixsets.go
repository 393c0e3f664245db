package exec

const (
	// maxSetTerms is how many terms the sets of a generation have together, some 100 bytes
	// each: more than the beginnings of words have that are made ready at the start.
	maxSetTerms = 1 << 18
	// setCost is what a set costs besides its terms, in terms.
	setCost = 8
)

// prefixSets remembers what beginnings of words stand for. The sets that were asked for
// lately are the young ones; when they have too many terms they become the old ones, which
// are forgotten unless they are asked for again. So the few dear ones, which many words
// begin with, outlive the many that are asked for once.
type prefixSets struct {
	young, old map[string]*prefixSet
	cost       int // of young
}

func (p *prefixSets) get(key string) (*prefixSet, bool) {
	set, ok := p.young[key]
	if ok {
		return set, true
	}
	if set, ok = p.old[key]; ok {
		p.put(key, set)
	}
	return set, ok
}

func (p *prefixSets) put(key string, set *prefixSet) {
	cost := len(set.terms) + setCost
	if p.cost+cost > maxSetTerms && len(p.young) > 0 {
		p.young, p.old, p.cost = nil, p.young, 0
	}
	if p.young == nil {
		p.young = make(map[string]*prefixSet)
	}
	if p.young[key] == nil {
		p.cost += cost
	}
	p.young[key] = set
}
