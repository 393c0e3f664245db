package server

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"sync"

	"alphanode/corpus"
)

// similarLine is one line of GET /v1/similar:all.
type similarLine struct {
	ID      string         `json:"id"`
	URL     string         `json:"url"`
	Title   string         `json:"title"`
	Similar []batchSimilar `json:"similar"`
}

// batchSimilar is one similar post in a line, without what only a page needs.
type batchSimilar struct {
	ID      string   `json:"id"`
	URL     string   `json:"url"`
	Title   string   `json:"title"`
	Score   float64  `json:"score"`
	Reasons []string `json:"reasons"`
	Fill    bool     `json:"fill,omitempty"`
	// Pick is "go_deeper" or "start_here" for the post that is picked out.
	Pick corpus.Pick `json:"pick,omitempty"`
}

// card is what a list shows of a post.
type card struct{ url, title string }

// similarAll is GET /v1/similar:all: brings the graph up to date, then writes the
// list of every public post, in the order of ids. With progress=true, lines
// {"progress":{"done","total"}} come first while the graph is built.
func (s *Server) similarAll(c *call) (reply, error) {
	p, err := newParams(c, "limit", "progress")
	if err != nil {
		return nil, err
	}
	limit, progress := p.number("limit", defaultSimilar, 1, maxSimilar), p.flag("progress", false)
	if p.err != nil {
		return nil, p.err
	}
	s.unhurry(c)
	return streamReply{s, func(out *lines) error {
		report := Progress(func(int, int) {})
		if progress {
			report = out.report
		}
		if err := s.opts.Searcher.BuildGraph(c.ctx(), report); err != nil {
			return err
		}
		return s.writeLists(c.ctx(), out, limit)
	}}, nil
}

// writeLists writes the line of every public post. Urls and titles are read once
// and kept, some 200 bytes a post: each is shown in many lists.
func (s *Server) writeLists(ctx context.Context, out *lines, limit int) error {
	ids, cards, err := s.cards(ctx)
	if err != nil {
		return err
	}
	workers := runtime.GOMAXPROCS(0)
	for len(ids) > 0 {
		parts := make([][]byte, min(workers, (len(ids)+listsAtATime-1)/listsAtATime))
		errs := make([]error, len(parts))
		var wait sync.WaitGroup
		for k := range parts {
			part := ids[:min(listsAtATime, len(ids))]
			ids = ids[len(part):]
			wait.Go(func() { parts[k], errs[k] = s.encodeLists(ctx, part, cards, limit) })
		}
		wait.Wait()
		for k, lines := range parts {
			if err := cmp.Or(out.raw(lines), errs[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// listsAtATime is the number of lines that one goroutine makes before they are sent.
const listsAtATime = 128

// encodeLists makes the lines of some posts, up to an error.
func (s *Server) encodeLists(ctx context.Context, ids []string, cards map[string]card, limit int) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	for _, id := range ids {
		list, err := s.opts.Searcher.Similar(ctx, id, limit)
		if errors.Is(err, corpus.ErrNotFound) {
			continue // Deleted since the cards were read.
		}
		if err == nil {
			err = enc.Encode(newSimilarLine(id, cards, list))
		}
		if err != nil {
			return buf.Bytes(), err
		}
	}
	return buf.Bytes(), nil
}

// raw writes lines that are encoded already.
func (l *lines) raw(data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed != nil {
		return l.failed
	}
	l.buf.Write(data)
	if l.buf.Len() >= flushBytes {
		l.failed = l.send()
	}
	return l.failed
}

// cards reads the ids, urls and titles of all public posts.
func (s *Server) cards(ctx context.Context) ([]string, map[string]card, error) {
	var ids []string
	cards := map[string]card{}
	for rec, err := range s.opts.Store.Cards(ctx) {
		if err != nil {
			return nil, nil, err
		}
		if corpus.Public(&rec.Post, rec.Publish) {
			ids = append(ids, rec.Post.ID)
			cards[rec.Post.ID] = card{rec.Post.URL, rec.Post.Title}
		}
	}
	return ids, cards, nil
}

func newSimilarLine(id string, cards map[string]card, list []corpus.Neighbour) similarLine {
	line := similarLine{ID: id, URL: cards[id].url, Title: cards[id].title, Similar: make([]batchSimilar, 0, len(list))}
	for _, n := range list {
		shown, ok := cards[n.ID]
		if !ok {
			continue
		}
		line.Similar = append(line.Similar, batchSimilar{
			ID: n.ID, URL: shown.url, Title: shown.title, Score: n.Score, Reasons: orEmpty(n.Reasons), Fill: n.Fill, Pick: n.Pick,
		})
	}
	return line
}
