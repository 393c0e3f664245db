package main

import (
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"alphanode-peers/protocol"
)

// similar asks for the words that More Like This chooses, in the body.
func similar(posts, folder string, sample int) (int, time.Duration, error) {
	like, err := protocol.NewLikeThis(posts, sample)
	if err != nil {
		return 0, 0, err
	}
	idx, err := bleve.OpenUsing(folder, map[string]any{"read_only": true})
	if err != nil {
		return 0, 0, err
	}
	ask := func(p protocol.Post) error {
		var any []query.Query
		for _, w := range like.Words(p) {
			q := bleve.NewTermQuery(w)
			q.SetField("body")
			any = append(any, q)
		}
		_, err := idx.Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(any...), 11, 0, false)) // The post itself is among them.
		return err
	}
	start := time.Now()
	err = like.Each(ask)
	return len(like.Posts), time.Since(start), err
}
