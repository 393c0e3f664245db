package postings

import (
	"container/list"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Cache keeps decoded lists and positions of many segments under one memory
// budget. Safe for concurrent use; a list that is evicted while in use stays
// valid for its users. Who asks for what is there does not wait for others who do: what
// was asked for since it was last considered is passed over once when room is needed.
type Cache struct {
	budget int64

	mu           sync.RWMutex
	small, large queue
	bySeg        map[*Reader]map[key]*entry // by nil what is of several
}

// queue is what room is made of, in turn: small entries and large ones by themselves, since
// one that is large would push many out that are small, of which each is nearly as dear to
// make again.
type queue struct {
	used   int64
	recent *list.List // of *entry, what was added or passed over last first
}

const (
	// smallSize is up to what size an entry is small, in bytes.
	smallSize = 16 << 10
	// smallShare is which part of the budget small entries have for themselves.
	smallShare = 4
)

// DefaultBudget is the memory for decoded postings when none is configured.
const DefaultBudget = 512 << 20

// uncached is the size in documents below which a list is decoded each time: it
// costs less than its entry would.
const uncached = 32

// key is what an entry is of, within its segment.
type key struct {
	positions bool
	field     string
	term      string
}

type entry struct {
	seg       *Reader
	key       key
	list      *List
	positions *Positions
	value     any
	size      int64
	asked     atomic.Bool   // since it was last considered
	place     *list.Element // in its queue; nil when it is no longer there
}

// NewCache returns a cache of budget bytes; 0 means DefaultBudget, and a negative
// budget keeps nothing.
func NewCache(budget int64) *Cache {
	if budget == 0 {
		budget = DefaultBudget
	}
	return &Cache{budget: budget, small: queue{recent: list.New()}, large: queue{recent: list.New()}, bySeg: make(map[*Reader]map[key]*entry)}
}

// List is Reader.Read by way of the cache.
func (c *Cache) List(r *Reader, field, term string) (*List, error) {
	k := key{field: field, term: term}
	if e := c.get(r, k); e != nil {
		return e.list, nil
	}
	l, err := r.Read(field, []byte(term))
	if err == nil && l != nil && len(l.Docs) >= uncached {
		c.put(&entry{seg: r, key: k, list: l, size: l.size() + int64(len(term))})
	}
	return l, err
}

// ListOnce is List, but a list that is not there is not kept.
func (c *Cache) ListOnce(r *Reader, field, term string) (*List, error) {
	if e := c.get(r, key{field: field, term: term}); e != nil {
		return e.list, nil
	}
	return r.Read(field, []byte(term))
}

// Computed keeps a list that is computed from the postings of a field of one
// segment, such as that of a phrase. Name identifies the computation and begins
// with a byte that no term begins with. A nil list means no postings, and is kept.
func (c *Cache) Computed(r *Reader, field, name string, compute func() (*List, error)) (*List, error) {
	k := key{field: field, term: name}
	if e := c.get(r, k); e != nil {
		return e.list, nil
	}
	l, err := compute()
	if err != nil {
		return nil, err
	}
	e := &entry{seg: r, key: k, list: l, size: int64(len(name)) + 96}
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
	k := key{field: kind, term: name}
	if e := c.get(r, k); e != nil {
		return e.value, nil
	}
	v, size, err := compute()
	if err == nil && size >= 0 {
		c.put(&entry{seg: r, key: k, value: v, size: size + int64(len(name)) + 96})
	}
	return v, err
}

// Positions is Reader.ReadPositions by way of the cache.
func (c *Cache) Positions(r *Reader, field, term string) (*Positions, error) {
	k := key{field: field, term: term, positions: true}
	if e := c.get(r, k); e != nil {
		return e.positions, nil
	}
	p, err := r.ReadPositions(field, []byte(term))
	if err == nil && p != nil && len(p.starts) > uncached {
		c.put(&entry{seg: r, key: k, positions: p, size: p.size() + int64(len(term))})
	}
	return p, err
}

// droppedAtATime is how many entries of a segment are dropped while others wait.
const droppedAtATime = 256

// Drop forgets everything of a segment that is gone.
func (c *Cache) Drop(r *Reader) {
	c.mu.Lock()
	gone := slices.Collect(maps.Values(c.bySeg[r]))
	delete(c.bySeg, r)
	c.mu.Unlock()
	for some := range slices.Chunk(gone, droppedAtATime) {
		c.drop(some)
	}
	c.dropParts(r)
}

func (c *Cache) drop(gone []*entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range gone {
		c.remove(e)
	}
}

// Used is the memory that is held, in bytes.
func (c *Cache) Used() int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.small.used + c.large.used
}

// queueOf is where an entry waits.
func (c *Cache) queueOf(e *entry) *queue {
	if e.size <= smallSize {
		return &c.small
	}
	return &c.large
}

func (c *Cache) get(r *Reader, k key) *entry {
	c.mu.RLock()
	e := c.bySeg[r][k]
	c.mu.RUnlock()
	if e != nil && !e.asked.Load() {
		e.asked.Store(true)
	}
	return e
}

// put adds e, unless another goroutine was faster, and evicts down to the budget.
// What alone is over the budget is not kept.
func (c *Cache) put(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bySeg[e.seg][e.key] == nil {
		c.insert(e)
	}
}

// insert adds e, whose key is not there. The caller holds mu.
func (c *Cache) insert(e *entry) {
	if e.size > c.budget {
		return
	}
	if c.bySeg[e.seg] == nil {
		c.bySeg[e.seg] = make(map[key]*entry)
	}
	c.bySeg[e.seg][e.key] = e
	q := c.queueOf(e)
	e.place = q.recent.PushFront(e)
	q.used += e.size
	c.evict()
}

// passedOver bounds how many entries are passed over while others wait.
const passedOver = 64

// evict removes what was not asked for lately, down to the budget.
func (c *Cache) evict() {
	chances := passedOver
	for c.small.used+c.large.used > c.budget {
		q := &c.large
		if c.small.used > c.budget/smallShare || q.recent.Len() == 0 {
			q = &c.small
		}
		oldest := q.recent.Back().Value.(*entry)
		if chances > 0 && oldest.asked.Swap(false) {
			chances--
			q.recent.MoveToFront(oldest.place)
			continue
		}
		c.remove(oldest)
	}
}

// remove takes an entry away, which may have been already.
func (c *Cache) remove(e *entry) {
	if e.place == nil {
		return
	}
	q := c.queueOf(e)
	q.recent.Remove(e.place)
	e.place = nil
	q.used -= e.size
	of := c.bySeg[e.seg]
	if of[e.key] == e {
		delete(of, e.key)
	}
	if len(of) == 0 {
		delete(c.bySeg, e.seg)
	}
}
