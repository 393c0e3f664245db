package bleveindex_test

// Claim: with synonyms, stop words, boosts, weights and pins the fast form gives what the
// plain form gives, over thousands of posts, with updates and deletes between, and whatever
// was asked before without them.

import (
	"fmt"
	"testing"

	"alphanode/index"
	"alphanode/index/curation"
	"alphanode/index/indextest"
	"alphanode/index/query"
)

// entry is a word, or a phrase that posts may have.
func (b *bigPosts) entry() string {
	if b.IntN(4) == 0 {
		return b.word() + " " + b.word()
	}
	return b.word()
}

func (b *bigPosts) curation() *curation.Set {
	var doc curation.Synonyms
	for range 300 {
		if b.IntN(2) == 0 {
			doc.Sets = append(doc.Sets, curation.SynonymSet{Words: []string{b.entry(), b.entry(), b.entry()}})
		} else {
			doc.Sets = append(doc.Sets, curation.SynonymSet{From: []string{b.entry()}, To: []string{b.entry(), b.entry()}})
		}
	}
	stop := curation.StopWords{Drop: []string{b.word(), b.word(), b.word()}}
	return curation.NewSet(doc, stop, curation.Rules{})
}

func (b *bigPosts) curatedRequest(set *curation.Set, ids int) index.Request {
	req := b.request()
	if b.IntN(4) > 0 {
		req.Curation = set
	}
	for range b.IntN(3) {
		req.Boosts = append(req.Boosts, curation.FilterBoost{
			Filter: query.Term{Field: "tags", Value: []string{"go", "rust", "ops"}[b.IntN(3)]}, By: []float64{0.1, 0.7, 3, 10}[b.IntN(4)],
		})
	}
	if b.IntN(3) == 0 {
		req.Weights = map[string]float64{"title": 0.2 + b.Float64()*5, "body": 0.2 + b.Float64()*5}
	}
	for range b.IntN(4) {
		req.Pins = append(req.Pins, curation.Pin{ID: fmt.Sprintf("post-%05d", b.IntN(ids)), Position: 1 + b.IntN(40)})
	}
	return req
}

func TestFormsAgreeWhenCurated(t *testing.T) {
	ids, requests := 6000, 120
	if testing.Short() {
		ids, requests = 3000, 40
	}
	b := newBigPosts(77)
	all := forms(t, indextest.Options())
	var seq uint64
	applyAll(t, b.changes(&seq, ids, ids, false), all...)
	set := b.curation()
	acted := 0
	for range 3 {
		reqs := make([]index.Request, requests)
		for i := range reqs {
			reqs[i] = b.curatedRequest(set, ids)
			res, err := all[1].Search(t.Context(), reqs[i])
			if err != nil {
				t.Fatal(err)
			}
			acted += len(res.Applied.Synonyms)
			if i%3 == 0 { // The same query without, so that what is kept between searches is asked for both ways.
				plain := reqs[i]
				plain.Curation, plain.Weights, plain.Boosts, plain.Pins = nil, nil, nil, nil
				reqs = append(reqs, plain, reqs[i])
			}
		}
		compareRequests(t, reqs, all)
		applyAll(t, b.changes(&seq, ids/10, ids, true), all...)
		applyAll(t, b.changes(&seq, ids/10, ids, false), all...)
	}
	if acted < requests/4 {
		t.Errorf("synonyms acted in %d queries only", acted)
	}
}
