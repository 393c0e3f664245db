package ranking

import (
	"context"
	"fmt"
	"iter"
	"runtime"

	"alphanode/corpus"
)

// builder gathers digests into what a model is made of. Not safe for concurrent
// use: workers make batches, one goroutine merges them in order.
type builder struct {
	config   Config
	day      int32
	workers  int // that compute what takes no context; 0: one a CPU
	infos    []info
	seen     map[string]int // the living post of an id
	dead     []bool
	deaths   int
	spaces   [numSpaces]*space
	written  [numSpaces]forms
	spelled  *space // how features are written
	pairs    *pairs
	channels [numChannels]rows
	df       [numChannels][]uint32
	titles   []title
	termHash []uint64 // by term
	keys     []uint32
	names    [][]uint32 // terms of the entity names
	known    map[*vocabulary]*translated
}

// translated is a vocabulary of a worker in the numbers of the builder.
type translated struct {
	terms     []uint32
	spellings []translatedSpelling
}

type translatedSpelling struct {
	term, number uint32
	plain        bool
}

// title is the sequence of terms that a post is named by.
type title struct {
	terms []uint32
	cut   int
}

func newBuilder(c Config, day int32) *builder {
	b := &builder{config: c, day: day, seen: map[string]int{}, pairs: newPairs(), spelled: newSpace(), known: map[*vocabulary]*translated{}}
	for i := range b.spaces {
		b.spaces[i] = newSpace()
	}
	return b
}

// batchPosts is the number of posts of a batch: large enough that common words
// are translated once for many posts, small enough for the memory.
const batchPosts = 512

// gather reads the feed through workers.
func (b *builder) gather(ctx context.Context, feed iter.Seq2[corpus.Change, error]) error {
	return inOrder(ctx, feed, func() func([]*corpus.Post) *batch { return newDigester(b.config).digest }, b.merge)
}

// inOrder hands batches of the feed's posts to workers, which newWorker makes, and
// what these make of them to merge, in the order of the feed.
func inOrder[T any](ctx context.Context, feed iter.Seq2[corpus.Change, error], newWorker func() func([]*corpus.Post) T, merge func(T)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := allowed(ctx, runtime.GOMAXPROCS(0))
	type job struct {
		posts []*corpus.Post
		done  chan T
	}
	jobs := make(chan job)
	order := make(chan job, workers)
	for range workers {
		go func() {
			work := newWorker()
			for j := range jobs {
				j.done <- work(j.posts)
			}
		}()
	}
	failed := make(chan error, 1)
	go func() {
		defer close(jobs)
		defer close(order)
		failed <- inBatches(feed, func(posts []*corpus.Post) error {
			j := job{posts: posts, done: make(chan T, 1)}
			for _, c := range []chan job{order, jobs} {
				select {
				case c <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	}()
	for j := range order {
		select {
		case done := <-j.done:
			merge(done)
		case <-ctx.Done():
		}
	}
	if err := <-failed; err != nil {
		return err
	}
	return ctx.Err() // Batches may have been left out.
}

func inBatches(feed iter.Seq2[corpus.Change, error], send func([]*corpus.Post) error) error {
	var posts []*corpus.Post
	for change, err := range feed {
		if err != nil {
			return fmt.Errorf("reading the posts: %w", err)
		}
		if change.Post == nil {
			continue
		}
		if posts = append(posts, change.Post); len(posts) == batchPosts {
			if err := send(posts); err != nil {
				return err
			}
			posts = nil
		}
	}
	if len(posts) > 0 {
		return send(posts)
	}
	return nil
}

func digestAll(c Config, posts []*corpus.Post) *batch { return newDigester(c).digest(posts) }

// merge translates a batch into the numbers of the builder.
func (b *builder) merge(from *batch) {
	var to [numSpaces][]uint32
	for s, sp := range from.spaces {
		if spaceID(s) != termSpace {
			to[s] = translate(b.spaces[s], sp)
		}
	}
	t := b.learn(&from.learned)
	to[termSpace] = t.terms
	for _, u := range from.uses {
		s := &t.spellings[u.spelled]
		b.written[termSpace].vote(s.term, s.number, u.count, s.plain)
	}
	for _, l := range from.labelled {
		b.written[l.space].vote(to[l.space][l.id], b.spelled.number(l.text), 1, false)
	}
	to[pairSpace] = b.translatePairs(from.pairs, t)
	for n, terms := range from.names {
		if int(to[entitySpace][n]) >= len(b.names) {
			b.names = append(b.names, replaced(terms, to[termSpace]))
		}
	}
	for i := range from.docs {
		b.post(&from.docs[i], &to)
	}
}

// learn translates what a vocabulary has learned.
func (b *builder) learn(l *learned) *translated {
	t, ok := b.known[l.vocabulary]
	if !ok {
		t = &translated{}
		b.known[l.vocabulary] = t
	}
	for k, name := range l.terms {
		n := b.spaces[termSpace].number(name)
		if int(n) == len(b.termHash) {
			b.termHash = append(b.termHash, l.hashes[k])
		}
		t.terms = append(t.terms, n)
	}
	for _, s := range l.spellings {
		t.spellings = append(t.spellings, translatedSpelling{t.terms[s.term], b.spelled.number(s.text), s.plain})
	}
	if l.last {
		delete(b.known, l.vocabulary)
	}
	return t
}

func translate(into, from *space) []uint32 {
	to := make([]uint32, from.len())
	for i, name := range from.names {
		to[i] = into.number(name)
	}
	return to
}

func (b *builder) translatePairs(from *pairs, t *translated) []uint32 {
	to := make([]uint32, len(from.terms))
	for i := range to {
		first, second := from.split(uint32(i))
		to[i] = b.pairs.number(pairKey(t.terms[first], t.terms[second]))
		if w := from.written[i]; w.votes > 0 {
			b.pairs.vote(to[i], t.spellings[w.first].number, t.spellings[w.second].number)
		}
	}
	return to
}

// replaced returns the translated numbers in place.
func replaced(ids, to []uint32) []uint32 {
	for i, id := range ids {
		ids[i] = to[id]
	}
	return ids
}

func (b *builder) post(d *digest, to *[numSpaces][]uint32) {
	i := len(b.infos)
	if old, ok := b.seen[d.info.id]; ok {
		b.kill(old)
	}
	b.seen[d.info.id] = i
	b.infos = append(b.infos, d.info)
	b.dead = append(b.dead, false)
	for c := range b.channels {
		v := d.channels[c]
		ids := replaced(v.ids, to[channelSpaces[c]])
		b.channels[c].add(ids, v.counts)
		b.df[c] = countAll(b.df[c], ids, 1)
	}
	b.titles = append(b.titles, title{terms: replaced(d.sequence, to[termSpace]), cut: d.cut})
	b.keys = append(b.keys, to[targetSpace][d.key])
}

// countAll adds n to the count of each id.
func countAll(df, ids []uint32, n int) []uint32 {
	for _, id := range ids {
		for int(id) >= len(df) {
			df = append(df, 0)
		}
		df[id] = uint32(int(df[id]) + n)
	}
	return df
}

// kill takes out a post that was changed while the feed was read.
func (b *builder) kill(i int) {
	b.dead[i] = true
	b.deaths++
	for c := range b.channels {
		ids, _ := b.channels[c].row(i)
		countAll(b.df[c], ids, -1)
	}
}

// bury removes the dead.
func (b *builder) bury() {
	if b.deaths == 0 {
		return
	}
	n := 0
	for i, dead := range b.dead {
		if !dead {
			b.infos[n], b.titles[n], b.keys[n] = b.infos[i], b.titles[i], b.keys[i]
			n++
		}
	}
	b.infos, b.titles, b.keys = b.infos[:n], b.titles[:n], b.keys[:n]
	for c := range b.channels {
		b.channels[c].drop(b.dead)
	}
	b.dead, b.deaths = make([]bool, n), 0
}
