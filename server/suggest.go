package server

import (
	"context"
	"net/http"

	"alphanode/corpus"
	"alphanode/ranking"
)

const (
	defaultSuggestions = 8
	maxSuggestions     = 50
)

// suggestAnswer is the answer of /v1/suggest.
type suggestAnswer struct {
	Query       string               `json:"query"`
	Suggestions []ranking.Suggestion `json:"suggestions"`
}

// suggest is GET /v1/suggest.
func (s *Server) suggest(c *call) (reply, error) {
	p, err := newParams(c, "q", "limit")
	if err != nil {
		return nil, err
	}
	q, limit := cut(p.text("q"), s.opts.Limits.QueryBytes), p.number("limit", defaultSuggestions, 1, maxSuggestions)
	if p.err != nil {
		return nil, p.err
	}
	var list []ranking.Suggestion
	err = c.timed("suggest", func() (err error) {
		list, err = s.suggestions(c.ctx(), q, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return jsonReply(http.StatusOK, suggestAnswer{Query: q, Suggestions: list})
}

// suggestions drops the titles of posts that are gone or not public.
func (s *Server) suggestions(ctx context.Context, q string, limit int) ([]ranking.Suggestion, error) {
	all, err := s.opts.Searcher.Suggest(ctx, q, limit)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, sg := range all {
		if sg.ID != "" {
			ids = append(ids, sg.ID)
		}
	}
	records, err := s.opts.Store.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	kept := make([]ranking.Suggestion, 0, len(all))
	for _, sg := range all {
		if rec, ok := records[sg.ID]; sg.ID != "" && (!ok || !corpus.Public(&rec.Post, rec.Publish)) {
			continue
		}
		kept = append(kept, sg)
	}
	return kept, nil
}
