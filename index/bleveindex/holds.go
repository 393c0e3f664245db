package bleveindex

import (
	"context"
	"sync"
	"time"

	"alphanode/index"
)

// Defaults of the snapshots that cursors hold.
const (
	defaultCursorLife = 5 * time.Minute
	defaultHeld       = 8
)

// holds keeps the snapshots that cursors go on in: a bounded number of them, each for some
// time after its last use. Files and memory of a snapshot that is held stay. It is safe for
// concurrent use.
type holds struct {
	life time.Duration
	most int

	mu      sync.Mutex
	byToken map[string]*hold
}

// hold is one snapshot with a reference to it.
type hold struct {
	view    *view
	expires time.Time
}

func newHolds(opts index.Options) *holds {
	h := &holds{life: opts.CursorLife, most: opts.Cursors, byToken: make(map[string]*hold)}
	if h.life <= 0 {
		h.life = defaultCursorLife
	}
	if h.most <= 0 {
		h.most = defaultHeld
	}
	return h
}

// take gives the snapshot of a token with a reference of its own; nil when it is not held
// any more.
func (h *holds) take(token string, now time.Time) *view {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sweep(now)
	kept := h.byToken[token]
	if kept == nil {
		return nil
	}
	return kept.view.again()
}

// keep holds the snapshot of a view from now on.
func (h *holds) keep(v *view, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sweep(now)
	kept := h.byToken[v.token]
	if kept == nil {
		for len(h.byToken) >= h.most {
			h.release(h.oldest())
		}
		kept = &hold{view: v.again()}
		h.byToken[v.token] = kept
	}
	kept.expires = now.Add(h.life)
}

// oldest is the token that would expire first.
func (h *holds) oldest() string {
	oldest, found := "", false
	for token, kept := range h.byToken {
		if !found || kept.expires.Before(h.byToken[oldest].expires) {
			oldest, found = token, true
		}
	}
	return oldest
}

// sweep lets go of what has expired. The caller holds mu.
func (h *holds) sweep(now time.Time) {
	for token, kept := range h.byToken {
		if now.After(kept.expires) {
			h.release(token)
		}
	}
}

func (h *holds) release(token string) {
	kept := h.byToken[token]
	delete(h.byToken, token)
	_ = kept.view.close() // Drops a reference.
}

// expire is sweep for those who do not use a cursor.
func (h *holds) expire(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sweep(now)
}

// clear lets go of all.
func (h *holds) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for token := range h.byToken {
		h.release(token)
	}
}

// len is the number of snapshots that are held.
func (h *holds) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.byToken)
}

// again is the view with a reference of its own.
func (v *view) again() *view {
	v.reader.AddRef()
	return &view{reader: v.reader, snapshot: v.snapshot, token: v.token}
}

// searched is the view that a request is answered from: the one of its snapshot while that
// is held or still the newest, else the newest. moved says that it is another one.
func (x *Index) searched(e *engine, req *index.Request) (v *view, moved bool, err error) {
	now := x.now()
	if req.Snapshot != "" {
		if v = x.holds.take(req.Snapshot, now); v != nil {
			x.holds.keep(v, now)
			return v, false, nil
		}
	}
	if v, err = e.view(dayOf(now)); err != nil {
		return nil, false, err
	}
	if req.Hold {
		x.holds.keep(v, now)
	} else {
		x.holds.expire(now)
	}
	return v, req.Snapshot != "" && req.Snapshot != v.token, nil
}

// answer searches a view.
func (v *view) answer(ctx context.Context, req *index.Request, moved bool) (*index.Result, error) {
	result, err := v.snapshot.Search(ctx, req)
	if err != nil {
		return nil, err
	}
	if result.Snapshot = v.token; moved {
		result.Applied.Cursor = "moved"
	}
	return result, nil
}
