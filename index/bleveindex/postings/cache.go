package postings

import (
	"container/list"
	"sync"
)

// Cache keeps decoded lists and positions of many segments under one memory
// budget. Safe for concurrent use; a list that is evicted while in use stays
// valid for its users.
type Cache struct {
	budget int64

	mu     sync.Mutex
	used   int64
	recent *list.List // of *entry, most recent first
	byKey  map[key]*list.Element
}

// DefaultBudget is the memory for decoded postings when none is configured.
const DefaultBudget = 512 << 20

// uncached is the size in documents below which a list is decoded each time: it
// costs less than its entry would.
const uncached = 32

type key struct {
	seg       *Reader
	positions bool
	field     string
	term      string
}

type entry struct {
	key       key
	list      *List
	positions *Positions
	value     any
	size      int64
}

// NewCache returns a cache of budget bytes; 0 means DefaultBudget, and a negative
// budget keeps nothing.
func NewCache(budget int64) *Cache {
	if budget == 0 {
		budget = DefaultBudget
	}
	return &Cache{budget: budget, recent: list.New(), byKey: make(map[key]*list.Element)}
}

// List is Reader.Read by way of the cache.
func (c *Cache) List(r *Reader, field, term string) (*List, error) {
	k := key{seg: r, field: field, term: term}
	if e := c.get(k); e != nil {
		return e.list, nil
	}
	l, err := r.Read(field, []byte(term))
	if err == nil && l != nil && len(l.Docs) >= uncached {
		c.put(&entry{key: k, list: l, size: l.size() + int64(len(term))})
	}
	return l, err
}

// Computed keeps a list that is computed from the postings of a field of one
// segment, such as that of a phrase. Name identifies the computation and begins
// with a byte that no term begins with. A nil list means no postings, and is kept.
func (c *Cache) Computed(r *Reader, field, name string, compute func() (*List, error)) (*List, error) {
	k := key{seg: r, field: field, term: name}
	if e := c.get(k); e != nil {
		return e.list, nil
	}
	l, err := compute()
	if err != nil {
		return nil, err
	}
	e := &entry{key: k, list: l, size: int64(len(name)) + 96}
	if l != nil {
		e.size += l.size()
	}
	c.put(e)
	return l, nil
}

// Keeps reports whether there is a budget.
func (c *Cache) Keeps() bool { return c.budget > 0 }

// Value keeps anything else that follows from the postings of a segment. Kind, which no
// field is called, and name identify it. Compute gives it with its size in bytes; one of
// negative size is not kept.
func (c *Cache) Value(r *Reader, kind, name string, compute func() (any, int64, error)) (any, error) {
	k := key{seg: r, field: kind, term: name}
	if e := c.get(k); e != nil {
		return e.value, nil
	}
	v, size, err := compute()
	if err == nil && size >= 0 {
		c.put(&entry{key: k, value: v, size: size + int64(len(name)) + 96})
	}
	return v, err
}

// Forget takes a value away, for it to be computed again.
func (c *Cache) Forget(r *Reader, kind, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.byKey[key{seg: r, field: kind, term: name}]; el != nil {
		c.remove(el)
	}
}

// Positions is Reader.ReadPositions by way of the cache.
func (c *Cache) Positions(r *Reader, field, term string) (*Positions, error) {
	k := key{seg: r, field: field, term: term, positions: true}
	if e := c.get(k); e != nil {
		return e.positions, nil
	}
	p, err := r.ReadPositions(field, []byte(term))
	if err == nil && p != nil && len(p.starts) > uncached {
		c.put(&entry{key: k, positions: p, size: p.size() + int64(len(term))})
	}
	return p, err
}

// Drop forgets everything of a segment that is gone.
func (c *Cache) Drop(r *Reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, el := range c.byKey {
		if k.seg == r {
			c.remove(el)
		}
	}
}

// Used is the memory that is held, in bytes.
func (c *Cache) Used() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used
}

func (c *Cache) get(k key) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.byKey[k]
	if el == nil {
		return nil
	}
	c.recent.MoveToFront(el)
	return el.Value.(*entry)
}

// put adds e, unless another goroutine was faster, and evicts down to the budget.
// What alone is over the budget is not kept.
func (c *Cache) put(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.size > c.budget || c.byKey[e.key] != nil {
		return
	}
	c.byKey[e.key] = c.recent.PushFront(e)
	c.used += e.size
	for c.used > c.budget {
		c.remove(c.recent.Back())
	}
}

func (c *Cache) remove(el *list.Element) {
	e := c.recent.Remove(el).(*entry)
	delete(c.byKey, e.key)
	c.used -= e.size
}
