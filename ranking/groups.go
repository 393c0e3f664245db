package ranking

// groups are lists of numbers, one after another.
type groups struct {
	ends []uint32
	all  []uint32
}

// add appends a list.
func (g *groups) add(list []uint32) {
	g.all = append(g.all, list...)
	g.ends = append(g.ends, uint32(len(g.all)))
}

// of returns list i, not to be written.
func (g *groups) of(i uint32) []uint32 {
	from := uint32(0)
	if i > 0 {
		from = g.ends[i-1]
	}
	return g.all[from:g.ends[i]:g.ends[i]]
}

func (g *groups) len() int { return len(g.ends) }

// jagged is the form in which tables keep groups.
func (g *groups) jagged() jagged {
	out := jagged{Lengths: make([]uint32, len(g.ends)), All: g.all}
	for i := range g.ends {
		out.Lengths[i] = uint32(len(g.of(uint32(i))))
	}
	return out
}

// groups is the reverse.
func (j jagged) groups() (groups, error) {
	g := groups{ends: make([]uint32, len(j.Lengths)), all: j.All}
	end := uint64(0)
	for i, n := range j.Lengths {
		if end += uint64(n); end > uint64(len(j.All)) {
			return g, errTables
		}
		g.ends[i] = uint32(end)
	}
	return g, nil
}

// chains are lists in which each number is at most once, and in one list only.
type chains struct {
	first, last []uint32 // by list; unknown when it is empty
	next        []uint32 // by number; unknown at the end of a list
}

// lists sees to so many lists.
func (c *chains) lists(n int) {
	for len(c.first) < n {
		c.first, c.last = append(c.first, unknown), append(c.last, unknown)
	}
}

// add appends a number to a list.
func (c *chains) add(list, n uint32) {
	for int(n) >= len(c.next) {
		c.next = append(c.next, unknown)
	}
	c.lists(int(list) + 1)
	if c.first[list] == unknown {
		c.first[list] = n
	} else {
		c.next[c.last[list]] = n
	}
	c.last[list] = n
}

// each calls f with the numbers of a list.
func (c *chains) each(list uint32, f func(n uint32)) {
	for n := c.first[list]; n != unknown; n = c.next[n] {
		f(n)
	}
}

// without are the chains without some numbers.
func (c *chains) without(gone func(n uint32) bool) (out chains) {
	out.lists(len(c.first))
	for list := range c.first {
		c.each(uint32(list), func(n uint32) {
			if !gone(n) {
				out.add(uint32(list), n)
			}
		})
	}
	return out
}

// jagged is the form in which tables keep chains.
func (c *chains) jagged() (out jagged) {
	out.Lengths = make([]uint32, len(c.first))
	for list := range c.first {
		c.each(uint32(list), func(n uint32) {
			out.All = append(out.All, n)
			out.Lengths[list]++
		})
	}
	return out
}

// chains is the reverse; numbers are below limit.
func (j jagged) chains(limit int) (out chains, err error) {
	g, err := j.groups()
	if err != nil {
		return out, err
	}
	out.lists(g.len())
	seen := make([]bool, limit)
	for list := range g.ends {
		for _, n := range g.of(uint32(list)) {
			if int(n) >= limit || seen[n] {
				return out, errTables
			}
			seen[n] = true
			out.add(uint32(list), n)
		}
	}
	return out, nil
}
