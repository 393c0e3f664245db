package main

import (
	"context"
	"errors"
	"time"

	"alphanode-peers/protocol"
	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// threads is how many posts are looked at at a time.
const threads = 2

// wholeRows is the word in place of an index that asks for rows as the product keeps
// them, with rules and reasons, instead of the lists of the most similar.
const wholeRows = "rows"

// similar makes the lists of all posts, by the default configuration. It has no
// index: the model is made of the posts, before the clock starts.
func similar(posts, what string, _ int) (int, time.Duration, error) {
	ctx := context.Background()
	feed := func(yield func(corpus.Change, error) bool) {
		err := protocol.Posts(posts, func(p protocol.Post) error {
			if !yield(corpus.Put(post(p), corpus.PublishAll), nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(corpus.Change{}, err)
		}
	}
	model, err := ranking.BuildModel(ctx, feed, ranking.DefaultConfig(), index.NoDay)
	if err != nil {
		return 0, 0, err
	}
	if what == wholeRows {
		return rows(ctx, model)
	}
	all := make([]int, model.Len())
	for i := range all {
		all[i] = i
	}
	start := time.Now()
	lists, err := model.Lists(ctx, all, 10, threads)
	return len(lists), time.Since(start), err
}

func rows(ctx context.Context, model *ranking.Model) (n int, took time.Duration, err error) {
	start := time.Now()
	err = model.All(ctx, threads, func(corpus.Row) error {
		n++
		return nil
	})
	return n, time.Since(start), err
}

// errStop ends the reading of posts.
var errStop = errors.New("stop")
