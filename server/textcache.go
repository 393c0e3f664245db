package server

import (
	"container/list"
	"strings"
	"sync"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

// textCache keeps the plain text that snippets are taken from: the posts of a
// person's last keystroke are mostly those of the next. Reading Markdown costs
// more than searching it. Least recently used texts go first.
type textCache struct {
	budget int // bytes of text

	mu    sync.Mutex
	size  int
	items map[textKey]*list.Element
	order *list.List // of *cachedText, most recent first
}

// textKey names one version of a post.
type textKey struct {
	id  string
	seq uint64
}

type cachedText struct {
	key  textKey
	text string
}

func newTextCache(budget int) *textCache {
	return &textCache{budget: budget, items: map[textKey]*list.Element{}, order: list.New()}
}

// text is the plain text of rec.
func (t *textCache) text(rec *corpus.Record) string {
	key := textKey{rec.Post.ID, rec.Seq}
	if text, ok := t.get(key); ok {
		return text
	}
	text := snippetText(&rec.Post)
	t.put(key, text)
	return text
}

func (t *textCache) get(key textKey) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.items[key]
	if !ok {
		return "", false
	}
	t.order.MoveToFront(e)
	return e.Value.(*cachedText).text, true
}

// put adds a text and drops the oldest until the rest fits. A text over an eighth
// of the budget is not kept: it would push out too much.
func (t *textCache) put(key textKey, text string) {
	if len(text) > t.budget/8 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.items[key]; ok {
		return
	}
	t.items[key] = t.order.PushFront(&cachedText{key, text})
	t.size += len(text)
	for t.size > t.budget {
		oldest := t.order.Remove(t.order.Back()).(*cachedText)
		delete(t.items, oldest.key)
		t.size -= len(oldest.text)
	}
}

// snippetBytes is how much of a body is read for a snippet; what follows in a
// longer one is searched, but not shown.
const snippetBytes = 128 << 10

// snippetText is what a snippet is taken from: the summary, then prose, then code.
func snippetText(p *corpus.Post) string {
	doc := body.Parse(p.BodyFormat, cut(p.Body, snippetBytes))
	parts := []string{p.Summary, doc.Prose(), doc.Code()}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}
