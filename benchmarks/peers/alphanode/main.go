// Command alphanode drives our own engine in its plain form: the field table of
// the other peers, and no stems, prior, synonyms or typing mistakes of its own
// accord.
package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"alphanode-peers/protocol"
	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/query"
)

func main() { protocol.Main(build, open) }

// storeID names the derived state; there is no store.
const storeID = "peers"

func options() index.Options { return index.Options{Plain: true, Now: time.Now} }

// batch is how many posts are applied at once, by two callers at most.
const batch = 1000

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
	if err != nil {
		return err
	}
	return idx.Close()
}

func feed(posts string, batches chan<- []corpus.Change) error {
	var changes []corpus.Change
	seq := uint64(0)
	err := protocol.Posts(posts, func(p protocol.Post) error {
		seq++
		change := corpus.Put(corpus.Post{ID: p.ID, Title: p.Title, Body: p.Body, BodyFormat: corpus.Text}, corpus.PublishAll)
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

type engine struct{ idx *bleveindex.Index }

func open(folder string) (protocol.Engine, error) {
	idx, err := bleveindex.Open(filepath.Join(folder, "search"), bleveindex.Identity{StoreID: storeID}, options())
	return engine{idx}, err
}

// request writes the query in our own language. Its typing mistakes are others
// than those of the comparison: the first letter is right, and long words may have
// two.
func request(q protocol.Query) (index.Request, error) {
	if q.Fuzzy != "" {
		return index.Request{}, protocol.ErrUnsupported
	}
	var words []string
	for _, w := range q.Must {
		words = append(words, "+"+w)
	}
	words = append(words, q.Should...)
	r := index.Request{Typos: index.TyposNever}
	switch {
	case len(q.Phrase) > 0:
		words = append(words, `"`+strings.Join(q.Phrase, " ")+`"`)
	case q.Prefix != "":
		words, r.Typing = append(words, q.Prefix), true
	}
	r.Query = query.Parse(strings.Join(words, " "))
	return r, nil
}

func (e engine) Top(q protocol.Query, k int, _ bool) ([]string, int, error) {
	r, err := request(q)
	if err != nil {
		return nil, 0, err
	}
	r.Size = k
	result, err := e.idx.Search(context.Background(), r)
	if err != nil {
		return nil, 0, err
	}
	ids := make([]string, len(result.Hits))
	for i, hit := range result.Hits {
		ids[i] = hit.ID
	}
	if !result.TotalExact || result.Partial {
		return nil, 0, fmt.Errorf("total is not exact, or the answer partial")
	}
	return ids, result.Total, nil
}

func (e engine) All(q protocol.Query, visit func(string)) error {
	stats, err := e.idx.Stats(context.Background())
	if err != nil {
		return err
	}
	ids, _, err := e.Top(q, stats.Posts, true)
	for _, id := range ids {
		visit(id)
	}
	return err
}
