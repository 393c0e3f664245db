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

// similar makes the lists of all posts, by the default configuration, with rules
// and reasons. It has no index: the model is made of the posts, before the clock
// starts.
func similar(posts, _ string, _ int) (int, time.Duration, error) {
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
	n, start := 0, time.Now()
	err = model.All(ctx, threads, func(corpus.Row) error {
		n++
		return nil
	})
	return n, time.Since(start), err
}

// errStop ends the reading of posts.
var errStop = errors.New("stop")
