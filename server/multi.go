package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// multiRequest is the body of POST /v1/search:multi.
type multiRequest struct {
	Searches []json.RawMessage `json:"searches"`
}

// multiAnswer has one entry for each search, in order.
type multiAnswer struct {
	Answers []multiEntry `json:"answers"`
	TookMS  float64      `json:"took_ms"`
}

// multiEntry is an answer, or what was wrong with its search.
type multiEntry struct {
	Answer *searchAnswer `json:"answer,omitempty"`
	Error  *Problem      `json:"error,omitempty"`
}

// searchMulti is POST /v1/search:multi: several searches in one request. What is wrong with
// one of them costs only that one.
func (s *Server) searchMulti(c *call) (reply, error) {
	if _, err := newParams(c); err != nil {
		return nil, err
	}
	var req multiRequest
	if err := c.readJSON(&req); err != nil {
		return nil, err
	}
	if n := len(req.Searches); n == 0 || n > s.opts.Limits.Searches {
		return nil, badParam("searches", "there must be 1 to %d searches, there are %d", s.opts.Limits.Searches, n)
	}
	answer := multiAnswer{Answers: make([]multiEntry, len(req.Searches))}
	for i, data := range req.Searches {
		one, err := s.searchOne(c, data)
		if errors.Is(c.ctx().Err(), context.Canceled) {
			return nil, c.ctx().Err()
		}
		if err != nil {
			answer.Answers[i].Error = asProblem(err)
			continue
		}
		answer.Answers[i].Answer = one
	}
	answer.TookMS = float64(c.now().Sub(c.start).Microseconds()) / 1000
	return jsonReply(http.StatusOK, answer)
}

func (s *Server) searchOne(c *call, data []byte) (*searchAnswer, error) {
	args, err := s.decodeSearch(func(v any) error { return decodeJSON(data, v) })
	if err != nil {
		return nil, err
	}
	req, err := s.request(c.ctx(), &args)
	if err != nil {
		return nil, err
	}
	start := c.now()
	answer, err := s.search(c, args, req)
	if answer != nil {
		answer.TookMS = float64(c.now().Sub(start).Microseconds()) / 1000
	}
	return answer, err
}
