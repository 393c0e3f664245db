package server

// Claims:
//  1. A new version of a post gives its new text.
//  2. The cache never holds more than its budget, and drops the least recently used.
//  3. It may be used by many goroutines.
//  4. A match late in a long text is in its snippet.

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"alphanode/corpus"
	"alphanode/index"
)

func textRecord(id string, seq uint64, text string) *corpus.Record {
	return &corpus.Record{Post: corpus.Post{ID: id, Body: text, BodyFormat: corpus.Text}, Seq: seq}
}

func TestTextCacheVersions(t *testing.T) {
	c := newTextCache(1 << 20)
	if got := c.text(textRecord("a", 1, "old")); got != "old" {
		t.Errorf("%q", got)
	}
	if got := c.text(textRecord("a", 1, "never read again")); got != "old" {
		t.Errorf("%q was not kept", got)
	}
	if got := c.text(textRecord("a", 2, "new")); got != "new" {
		t.Errorf("%q", got)
	}
}

func TestTextCacheBudget(t *testing.T) {
	c := newTextCache(1000)
	text := strings.Repeat("x", 100)
	for i := range 50 {
		c.text(textRecord(fmt.Sprint(i), 1, text))
		c.text(textRecord("0", 1, text)) // Used again and again, so kept.
		if c.size > 1000 || len(c.items) != c.order.Len() {
			t.Fatalf("%d bytes in %d items", c.size, len(c.items))
		}
	}
	if _, ok := c.get(textKey{"0", 1}); !ok {
		t.Error("the text in use was dropped")
	}
	if _, ok := c.get(textKey{"1", 1}); ok {
		t.Error("the oldest text was kept")
	}
	c.text(textRecord("large", 1, strings.Repeat("x", 500)))
	if _, ok := c.get(textKey{"large", 1}); ok {
		t.Error("a text over an eighth of the budget was kept")
	}
}

func TestTextCacheConcurrently(t *testing.T) {
	c := newTextCache(2000)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				id := fmt.Sprint((i * g) % 40)
				if got := c.text(textRecord(id, 1, "text "+id)); got != "text "+id {
					t.Errorf("%s: %q", id, got)
				}
			}
		})
	}
	wg.Wait()
}

func TestSnippetOfLongText(t *testing.T) {
	words := []index.Word{{Text: "needle", Variants: []index.Variant{{Term: "needle"}}}}
	m := newMarker(words, true, newTextCache(1<<20))
	hay := strings.Repeat("hay and straw. ", 2000)
	for name, text := range map[string]string{"late": hay + "A needle.", "early": "A needle. " + hay, "both": "A needle. " + hay + "A needle."} {
		if got := m.snippet(text, "en"); !strings.Contains(got, "<mark>needle</mark>") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := m.snippet(hay, "en"); !strings.HasPrefix(got, "hay and straw") {
		t.Errorf("without a match: %s", got)
	}
}
