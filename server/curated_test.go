package server_test

// Claims:
//  1. What editors laid down is read once, and again after each change, not at every search.
//  2. A document that cannot be read leaves what was read before, and searches go on.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/server"
)

// countedCurations counts reads, and fails when told so.
type countedCurations struct {
	*corpus.Store

	reads int
	fail  bool
	body  []byte
}

func (c *countedCurations) Curation(ctx context.Context, kind string) (corpus.Curation, error) {
	c.reads++
	if c.fail {
		return corpus.Curation{}, errors.New("disk is gone")
	}
	doc, err := c.Store.Curation(ctx, kind)
	if c.body != nil {
		doc.Body = c.body
	}
	return doc, err
}

func TestCurationIsReadAfterChanges(t *testing.T) {
	store := &countedCurations{Store: newCurations(t)}
	searcher := &fakeSearcher{}
	var last index.Request
	searcher.search = func(_ context.Context, req index.Request) (*index.Result, error) {
		last = req
		return &index.Result{}, nil
	}
	s := newServer(t, server.Options{Store: newFakePosts(), Searcher: searcher, Curation: store})
	rules := func(q string) int {
		wantStatus(t, ask(t, s, http.MethodGet, "/v1/search?q="+q, ""), http.StatusOK)
		return len(last.Rules)
	}
	if n := rules("go") + rules("go"); n != 0 || store.reads != 3 {
		t.Errorf("%d rules, %d reads for two searches", n, store.reads)
	}
	putDocument(t, s, "rules", "rules: [{name: a, when: {query: go}, hide: [x]}]")
	if n := rules("go"); n != 1 || last.Filter == nil || last.Filter.String() != "NOT (id:x)" {
		t.Errorf("after a change %d rules, filter %v", n, last.Filter)
	}
	for name, spoil := range map[string]func(){"a failure": func() { store.fail = true }, "a document of another version": func() { store.fail, store.body = false, []byte(`{"new":1}`) }} {
		spoil()
		store.reads = 0
		putDocument(t, s, "stopwords", fmt.Sprintf("drop: [w%d]", len(name)))
		if n := rules("go"); n != 1 || store.reads == 0 {
			t.Errorf("%s: %d rules, %d reads", name, n, store.reads)
		}
	}
	store.fail, store.body = false, nil
	if n := rules("go"); n != 1 {
		t.Errorf("when it can be read again %d rules", n)
	}
}
