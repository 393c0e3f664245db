package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"alphanode/corpus"
	"alphanode/index/query"
	"alphanode/ranking"
)

const (
	defaultSimilar = 10
	maxSimilar     = 50
)

// similarAnswer is the answer of the similar routes. ID is empty for a text that
// is not stored.
type similarAnswer struct {
	ID      string       `json:"id,omitempty"`
	Similar []similarHit `json:"similar"`
	// GoDeeper and StartHere are picked out of the list, whatever the limit.
	GoDeeper  *similarPick `json:"go_deeper,omitempty"`
	StartHere *similarPick `json:"start_here,omitempty"`

	// whole is the list before the limit, about the post asked about: nil for a text.
	whole []similarHit
	about *corpus.Post
}

// similarHit is one similar post.
type similarHit struct {
	ID      string          `json:"id"`
	URL     string          `json:"url"`
	Title   string          `json:"title"`
	Score   float64         `json:"score"`
	Reasons []string        `json:"reasons"`
	Fill    bool            `json:"fill"`
	Pick    corpus.Pick     `json:"pick,omitempty"`
	Explain json.RawMessage `json:"explain,omitempty"`

	post *corpus.Post
}

// similarPick is a post picked out of a list.
type similarPick struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
}

// similarArgs are the parameters of the similar routes.
type similarArgs struct {
	limit   int
	explain bool
	format  string
	filter  query.Filter
}

// similarParams reads them, and the others that a route knows.
func (s *Server) similarParams(c *call, others ...string) (similarArgs, error) {
	p, err := newParams(c, append(others, "limit", "explain", "filter", "format")...)
	if err != nil {
		return similarArgs{}, err
	}
	a := similarArgs{
		limit: p.number("limit", defaultSimilar, 1, maxSimilar), explain: p.flag("explain", false), format: p.text("format"),
	}
	if a.format != "" && !slices.Contains(similarFormats, a.format) {
		p.fail(badParam("format", "format must be one of %s", strings.Join(similarFormats, ", ")))
	}
	if p.err != nil {
		return a, p.err
	}
	a.filter, err = s.filter(p.text("filter"))
	return a, err
}

// similar is GET /v1/posts/{id}/similar.
func (s *Server) similar(c *call) (reply, error) {
	a, err := s.similarParams(c, "id")
	if err != nil {
		return nil, err
	}
	id, err := c.postID()
	if err != nil {
		return nil, err
	}
	var answer *similarAnswer
	err = c.timed("similar", func() (err error) {
		answer, err = s.similarPosts(c.ctx(), id, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer.reply(c, a.format)
}

// similarPosts lists the neighbours of a stored post and loads what is shown; the
// post itself is checked in the same transaction.
func (s *Server) similarPosts(ctx context.Context, id string, a similarArgs) (*similarAnswer, error) {
	list, err := s.listOf(ctx, id, a)
	if errors.Is(err, corpus.ErrNotFound) {
		return nil, notFound(id)
	}
	if err != nil {
		return nil, err
	}
	records, err := s.neighbours(ctx, list, id)
	if err != nil {
		return nil, err
	}
	rec, ok := records[id]
	if !ok || !corpus.Public(&rec.Post, rec.Publish) {
		return nil, notFound(id)
	}
	answer := newSimilarAnswer(list, records, a)
	answer.ID, answer.about = id, &rec.Post
	return answer, nil
}

// listOf is the list of a stored post, long enough that its picks are in it.
func (s *Server) listOf(ctx context.Context, id string, a similarArgs) ([]corpus.Neighbour, error) {
	if a.filter == nil {
		return s.opts.Searcher.Similar(ctx, id, max(a.limit, defaultSimilar))
	}
	rec, err := s.public(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.opts.Searcher.SimilarMatching(ctx, &rec.Post, a.filter, max(a.limit, defaultSimilar))
}

// similarTo is POST /v1/similar: the neighbours of a post that is not stored. An
// id is optional in it; given, that post is left out of the list.
func (s *Server) similarTo(c *call) (reply, error) {
	a, err := s.similarParams(c)
	if err != nil {
		return nil, err
	}
	data, err := c.jsonBody()
	if err != nil {
		return nil, err
	}
	post, err := s.decodeUnstored(data)
	if err != nil {
		return nil, err
	}
	var answer *similarAnswer
	err = c.timed("similar", func() error {
		list, err := s.listTo(c.ctx(), post, a)
		if err != nil {
			return err
		}
		records, err := s.neighbours(c.ctx(), list)
		answer = newSimilarAnswer(list, records, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer.reply(c, a.format)
}

func (s *Server) listTo(ctx context.Context, post corpus.Post, a similarArgs) ([]corpus.Neighbour, error) {
	limit := max(a.limit, defaultSimilar)
	if a.filter == nil {
		return s.opts.Searcher.SimilarTo(ctx, post, limit)
	}
	return s.opts.Searcher.SimilarMatching(ctx, &post, a.filter, limit)
}

// unstoredID stands in for an absent id while the post is decoded.
const unstoredID = "unstored"

// decodeUnstored reads a post whose id may be absent.
func (s *Server) decodeUnstored(data []byte) (corpus.Post, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil || members == nil {
		return corpus.Post{}, problemf(http.StatusBadRequest, "bad_json", "the body must be a JSON object: a post, its id optional")
	}
	_, hasID := members["id"]
	if !hasID {
		members["id"] = json.RawMessage(`"` + unstoredID + `"`)
		var err error
		if data, err = json.Marshal(members); err != nil {
			return corpus.Post{}, problemf(http.StatusBadRequest, "bad_json", "the body is not as it must be: %v", err)
		}
	}
	post, err := corpus.DecodePost(data, *s.opts.PostLimits)
	if err != nil {
		return corpus.Post{}, badPost(err)
	}
	if !hasID {
		post.ID = ""
	}
	return post, nil
}

// neighbours loads what is shown of the posts of a list, and others, in one transaction.
func (s *Server) neighbours(ctx context.Context, list []corpus.Neighbour, others ...string) (map[string]corpus.Record, error) {
	ids := others
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	return s.opts.Store.GetCards(ctx, ids)
}

// newSimilarAnswer drops the neighbours that are gone or not public.
func newSimilarAnswer(list []corpus.Neighbour, records map[string]corpus.Record, a similarArgs) *similarAnswer {
	answer := &similarAnswer{whole: make([]similarHit, 0, len(list))}
	for _, n := range list {
		rec, ok := records[n.ID]
		if !ok || !corpus.Public(&rec.Post, rec.Publish) {
			continue
		}
		hit := newSimilarHit(n, &rec.Post, a.explain)
		answer.whole = append(answer.whole, hit)
		switch n.Pick {
		case corpus.GoDeeper:
			answer.GoDeeper = &similarPick{hit.ID, hit.URL, hit.Title}
		case corpus.StartHere:
			answer.StartHere = &similarPick{hit.ID, hit.URL, hit.Title}
		case corpus.NoPick:
		}
	}
	answer.Similar = answer.whole[:min(len(answer.whole), a.limit)]
	return answer
}

func newSimilarHit(n corpus.Neighbour, p *corpus.Post, explain bool) similarHit {
	hit := similarHit{ID: n.ID, URL: p.URL, Title: p.Title, Score: n.Score, Reasons: orEmpty(n.Reasons), Fill: n.Fill, Pick: n.Pick, post: p}
	if explain {
		hit.Explain = ranking.Expanded(n.Explain)
	}
	return hit
}
