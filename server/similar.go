package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"alphanode/corpus"
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
}

// similarHit is one similar post.
type similarHit struct {
	ID      string          `json:"id"`
	URL     string          `json:"url"`
	Title   string          `json:"title"`
	Score   float64         `json:"score"`
	Reasons []string        `json:"reasons"`
	Fill    bool            `json:"fill"`
	Explain json.RawMessage `json:"explain,omitempty"`
}

// similar is GET /v1/posts/{id}/similar.
func (s *Server) similar(c *call) (reply, error) {
	p, err := newParams(c, "id", "limit", "explain")
	if err != nil {
		return nil, err
	}
	id, err := c.postID()
	if err != nil {
		return nil, err
	}
	limit, explain := p.number("limit", defaultSimilar, 1, maxSimilar), p.flag("explain", false)
	if p.err != nil {
		return nil, p.err
	}
	var hits []similarHit
	err = c.timed("similar", func() (err error) {
		hits, err = s.similarHits(c.ctx(), id, limit, explain)
		return err
	})
	if err != nil {
		return nil, err
	}
	return taggedReply(similarAnswer{ID: id, Similar: hits})
}

// similarHits asks for the neighbours of a stored post and loads what is shown;
// the post itself is checked in the same transaction.
func (s *Server) similarHits(ctx context.Context, id string, limit int, explain bool) ([]similarHit, error) {
	list, err := s.opts.Searcher.Similar(ctx, id, limit)
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
	if rec, ok := records[id]; !ok || !corpus.Public(&rec.Post, rec.Publish) {
		return nil, notFound(id)
	}
	return shownNeighbours(list, records, limit, explain), nil
}

// similarTo is POST /v1/similar: the neighbours of a post that is not stored. An
// id is optional in it; given, that post is left out of the list.
func (s *Server) similarTo(c *call) (reply, error) {
	p, err := newParams(c, "limit", "explain")
	if err != nil {
		return nil, err
	}
	limit, explain := p.number("limit", defaultSimilar, 1, maxSimilar), p.flag("explain", false)
	if p.err != nil {
		return nil, p.err
	}
	if err := c.wantType("application/json"); err != nil {
		return nil, err
	}
	data, err := c.readBody()
	if err != nil {
		return nil, err
	}
	post, err := s.decodeUnstored(data)
	if err != nil {
		return nil, err
	}
	var hits []similarHit
	err = c.timed("similar", func() error {
		list, err := s.opts.Searcher.SimilarTo(c.ctx(), post, limit)
		if err != nil {
			return err
		}
		records, err := s.neighbours(c.ctx(), list)
		hits = shownNeighbours(list, records, limit, explain)
		return err
	})
	if err != nil {
		return nil, err
	}
	return jsonReply(http.StatusOK, similarAnswer{Similar: hits})
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

// neighbours loads the posts of a list, and others, in one transaction.
func (s *Server) neighbours(ctx context.Context, list []corpus.Neighbour, others ...string) (map[string]corpus.Record, error) {
	ids := others
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	return s.opts.Store.GetMany(ctx, ids)
}

// shownNeighbours drops those that are gone or not public.
func shownNeighbours(list []corpus.Neighbour, records map[string]corpus.Record, limit int, explain bool) []similarHit {
	hits := make([]similarHit, 0, len(list))
	for _, n := range list {
		rec, ok := records[n.ID]
		if !ok || !corpus.Public(&rec.Post, rec.Publish) || len(hits) == limit {
			continue
		}
		hits = append(hits, newSimilarHit(n, rec.Post.URL, rec.Post.Title, explain))
	}
	return hits
}

func newSimilarHit(n corpus.Neighbour, url, title string, explain bool) similarHit {
	hit := similarHit{ID: n.ID, URL: url, Title: title, Score: n.Score, Reasons: n.Reasons, Fill: n.Fill}
	if hit.Reasons == nil {
		hit.Reasons = []string{}
	}
	if explain {
		hit.Explain = n.Explain
	}
	return hit
}
