package server

import (
	"context"
	"errors"
	"net/http"
)

// maxProblems bounds the problems that a check reports.
const maxProblems = 1000

// checkAnswer is the answer of POST /v1/admin/check.
type checkAnswer struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"`
	Posts    int      `json:"posts"`
	StoreSeq uint64   `json:"store_seq"`
	IndexSeq *uint64  `json:"index_seq,omitempty"`
}

// adminCheck is POST /v1/admin/check: verifies the store and what is derived.
// Problems found are an answer, not an error.
func (s *Server) adminCheck(c *call) (reply, error) {
	if _, err := newParams(c); err != nil {
		return nil, err
	}
	s.unhurry(c)
	var problems []string
	for _, check := range []func(context.Context) error{s.opts.Store.Check, s.opts.Check} {
		if check == nil {
			continue
		}
		err := check(c.ctx())
		if c.ctx().Err() != nil {
			return nil, c.ctx().Err()
		}
		problems = append(problems, messages(err)...)
	}
	h := s.health(c.ctx(), "")
	return jsonReply(http.StatusOK, checkAnswer{
		OK: len(problems) == 0, Problems: orEmpty(problems[:min(len(problems), maxProblems)]),
		Posts: h.Posts, StoreSeq: h.StoreSeq, IndexSeq: h.IndexSeq,
	})
}

// messages takes joined errors apart.
func messages(err error) []string {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []string{err.Error()}
	}
	var out []string
	for _, e := range joined.Unwrap() {
		out = append(out, messages(e)...)
	}
	return out
}

// reindexed is the last line of POST /v1/admin/reindex.
type reindexed struct {
	Reindexed struct {
		Posts   int     `json:"posts"`
		Seconds float64 `json:"seconds"`
	} `json:"reindexed"`
}

// adminReindex is POST /v1/admin/reindex: rebuilds the search index from the
// store, with progress lines.
func (s *Server) adminReindex(c *call) (reply, error) {
	if _, err := newParams(c); err != nil {
		return nil, err
	}
	if s.opts.Reindex == nil {
		return nil, problemf(http.StatusNotImplemented, "no_reindex", "this server cannot rebuild its index")
	}
	s.unhurry(c)
	return streamReply{s, func(out *lines) error {
		start := c.now()
		if err := s.opts.Reindex(c.ctx(), out.report); err != nil {
			return err
		}
		var end reindexed
		end.Reindexed.Posts, end.Reindexed.Seconds = s.opts.Store.Len(), c.now().Sub(start).Seconds()
		return out.line(end)
	}}, nil
}
