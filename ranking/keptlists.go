package ranking

import (
	"math"
	"sync/atomic"
)

// keptLists remember what the lists of posts were made from, for so many posts, where
// the ranker can say it. Lists of different posts may be made at the same time; all
// else is for one goroutine.
type keptLists struct {
	ranker ranker
	short  relister // nil when the ranker is none
	lists  []*contenders
	kept   atomic.Int64
	room   int
	hand   int // bound's
	next   int // missing's
}

func newKeptLists(r ranker, posts, room int) *keptLists {
	k := &keptLists{ranker: r, lists: make([]*contenders, posts), room: max(room, 0)}
	k.short, _ = r.(relister)
	return k
}

// add follows the ranker's.
func (k *keptLists) add() { k.lists = append(k.lists, nil) }

// list is the ranker's.
func (k *keptLists) list(v *view, n int) ([]Scored, uint32) {
	if k.short == nil || k.room == 0 {
		return k.ranker.list(v, n)
	}
	if s := k.lists[v.self]; s != nil {
		if list, least, ok := k.short.relist(v, n, s); ok {
			return list, least
		}
		k.forget(uint32(v.self))
	}
	list, least, s := k.short.listKeeping(v, n)
	k.lists[v.self] = s
	k.kept.Add(1)
	return list, least
}

// floor is what another post must reach for the contenders of post i to be another one,
// all there is when that is not kept.
func (k *keptLists) floor(i uint32) uint32 {
	if s := k.lists[i]; s != nil {
		return s.floor()
	}
	return math.MaxUint32
}

// leave and enter bring post b into the contenders of post a, and are false when the list
// of that may be another one.
func (k *keptLists) leave(a uint32, b int, reach uint32) bool {
	s := k.lists[a]
	return s != nil && k.short.leave(s, b, reach)
}

func (k *keptLists) enter(a uint32, b int, reach uint32) bool {
	s := k.lists[a]
	return s != nil && k.short.enter(s, b, reach)
}

func (k *keptLists) forget(i uint32) {
	if k.lists[i] != nil {
		k.lists[i] = nil
		k.kept.Add(-1)
	}
}

// forgetAll is for when the posts may have changed otherwise.
func (k *keptLists) forgetAll() {
	clear(k.lists)
	k.kept.Store(0)
	k.next = 0
}

// bound forgets lists where there are too many, one after another whatever was asked
// for last.
func (k *keptLists) bound() {
	for int(k.kept.Load()) > k.room {
		k.forget(uint32(k.hand))
		k.hand = (k.hand + 1) % len(k.lists)
	}
}

// missing are the next posts, up to so many, of which nothing is kept; none when the
// rest has no room.
func (k *keptLists) missing(most int, dead []bool) (posts []int) {
	if k.short == nil {
		return nil
	}
	most = min(most, k.room-int(k.kept.Load()))
	for ; k.next < len(k.lists) && len(posts) < most; k.next++ {
		if k.lists[k.next] == nil && !dead[k.next] {
			posts = append(posts, k.next)
		}
	}
	return posts
}
