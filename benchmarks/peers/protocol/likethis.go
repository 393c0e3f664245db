package protocol

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
)

// LikeThis chooses the words by which More Like This asks for a post: the 25 of
// the highest tf-idf among those that its body has twice or more and 5 posts or
// more have, but not more than a fifth of all. These are the settings of the
// driver of Lucene.
type LikeThis struct {
	// Posts are those that are asked for, in the order of the file.
	Posts []Post
	df    map[string]int
	total int
}

const (
	likeWords = 25
	likeMinTF = 2
	likeMinDF = 5
	likeMaxDF = 0.2
)

// NewLikeThis reads the posts of a file and keeps sample of them, spread evenly;
// all when it is 0.
func NewLikeThis(posts string, sample int) (*LikeThis, error) {
	l := &LikeThis{df: make(map[string]int)}
	var all []Post
	err := Posts(posts, func(p Post) error {
		l.total++
		for _, w := range slices.Compact(slices.Sorted(strings.FieldsSeq(p.Body))) {
			l.df[strings.Clone(w)]++
		}
		all = append(all, p)
		return nil
	})
	if sample <= 0 || sample > len(all) {
		sample = len(all)
	}
	for i := range sample {
		l.Posts = append(l.Posts, all[i*len(all)/sample])
	}
	return l, err
}

// Words are those that a post is asked for by, best first.
func (l *LikeThis) Words(p Post) []string {
	tf := make(map[string]int)
	for w := range strings.FieldsSeq(p.Body) {
		tf[w]++
	}
	type scored struct {
		word  string
		score float64
	}
	var words []scored
	for w, n := range tf {
		df := l.df[w]
		if n < likeMinTF || df < likeMinDF || float64(df) > likeMaxDF*float64(l.total) {
			continue
		}
		words = append(words, scored{w, float64(n) * (1 + math.Log(float64(l.total+1)/float64(df+1)))})
	}
	slices.SortFunc(words, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.word, b.word))
	})
	out := make([]string, 0, likeWords)
	for _, w := range words[:min(len(words), likeWords)] {
		out = append(out, w.word)
	}
	return out
}

// Each calls ask for every post, by two goroutines, and joins their errors.
func (l *LikeThis) Each(ask func(p Post) error) error {
	const threads = 2
	failed := make(chan error, threads)
	for t := range threads {
		go func() {
			for i := t; i < len(l.Posts); i += threads {
				if err := ask(l.Posts[i]); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	return errors.Join(<-failed, <-failed)
}
