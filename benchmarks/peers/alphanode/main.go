// Command alphanode drives our own engine in its plain form: the field table of
// the other peers, and no stems, prior, synonyms or typing mistakes of its own
// accord.
package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"alphanode-peers/protocol"
	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/query"
)

func main() {
	protocol.Driver{Index: build, Open: open, Similar: similar}.Main()
}

// storeID names the derived state; there is no store.
const storeID = "peers"

func options() index.Options { return index.Options{Plain: true, Now: time.Now} }

// batch is how many posts are applied at once, by two callers at most: about as many
// bytes as an import of the product takes.
const batch = 4000

func build(posts, folder string) error {
	idx, err := bleveindex.Open(filepath.Join(folder, "search"), bleveindex.Identity{StoreID: storeID}, options())
	if err != nil {
		return err
	}
	batches := make(chan []corpus.Change)
	failed := make(chan error, 2)
	for range cap(failed) {
		go func() {
			var err error
			for changes := range batches {
				if err == nil {
					err = idx.Apply(context.Background(), index.Range{From: changes[0].Seq, To: changes[len(changes)-1].Seq}, changes)
				}
			}
			failed <- err
		}()
	}
	err = feed(posts, batches)
	close(batches)
	for range cap(failed) {
		if applyErr := <-failed; err == nil {
			err = applyErr
		}
	}
	if err == nil {
		// As the engines do that merge before they close; otherwise the index would be merged
		// while queries are timed.
		err = idx.Settle(context.Background())
	}
	return errors.Join(err, idx.Close())
}

func feed(posts string, batches chan<- []corpus.Change) error {
	var changes []corpus.Change
	seq := uint64(0)
	err := protocol.Posts(posts, func(p protocol.Post) error {
		seq++
		change := corpus.Put(post(p), corpus.PublishAll)
		change.Seq = seq
		if changes = append(changes, change); len(changes) == batch {
			batches <- changes
			changes = nil
		}
		return nil
	})
	if len(changes) > 0 {
		batches <- changes
	}
	return err
}

func post(p protocol.Post) corpus.Post {
	return corpus.Post{
		ID: p.ID, Title: p.Title, Body: p.Body, BodyFormat: corpus.Text, Tags: p.Tags, Stack: p.Stack, Difficulty: p.Difficulty,
	}
}

type engine struct{ idx *bleveindex.Index }

func open(folder string) (protocol.Engine, error) {
	idx, err := bleveindex.Open(filepath.Join(folder, "search"), bleveindex.Identity{StoreID: storeID}, options())
	return engine{idx}, err
}

// request writes the query in our own language.
func request(q protocol.Query, k int, want protocol.Want) index.Request {
	r := index.Request{Typos: index.TyposNever, Size: k}
	var words []string
	for _, w := range q.Must {
		words = append(words, "+"+w)
	}
	words = append(words, q.Should...)
	switch {
	case len(q.Phrase) > 0:
		words = append(words, `"`+strings.Join(q.Phrase, " ")+`"`)
	case q.Prefix != "":
		words, r.Typing = append(words, q.Prefix), true
	case q.Fuzzy != "":
		words, r.Typos = append(words, q.Fuzzy), index.TyposAlways
	}
	r.Query = query.Parse(strings.Join(words, " "))
	if q.Tag != "" {
		r.Filter = query.Term{Field: "tags", Value: q.Tag}
	}
	if want == protocol.Best {
		r.Totals = index.TotalsAtLeast
	}
	if want == protocol.Facets {
		for _, field := range protocol.FacetFields {
			r.Facets = append(r.Facets, index.FacetRequest{Field: field, Limit: protocol.FacetLimit})
		}
	}
	return r
}

func (e engine) Top(q protocol.Query, k int, want protocol.Want) (protocol.Answer, error) {
	result, err := e.idx.Search(context.Background(), request(q, k, want))
	if err != nil {
		return protocol.Answer{}, err
	}
	if want != protocol.Best && !result.TotalExact || result.Partial {
		return protocol.Answer{}, errors.New("total is not exact, or the answer partial")
	}
	answer := protocol.Answer{IDs: make([]string, len(result.Hits)), Total: result.Total}
	for i, hit := range result.Hits {
		answer.IDs[i] = hit.ID
	}
	for i, field := range protocol.FacetFields {
		for _, v := range result.Facets[field] {
			answer.Facets[i] = append(answer.Facets[i], protocol.Value{Name: v.Value, Count: v.Count})
		}
	}
	return answer, nil
}

func (e engine) All(q protocol.Query, visit func(string)) error {
	stats, err := e.idx.Stats(context.Background())
	if err != nil {
		return err
	}
	answer, err := e.Top(q, stats.Posts, protocol.Count)
	for _, id := range answer.IDs {
		visit(id)
	}
	return err
}
