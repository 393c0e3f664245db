package server

import (
	"net/http"

	"alphanode/ranking"
)

// status is the answer of GET /v1/status.
type status struct {
	Store storeStatus         `json:"store"`
	Index *indexStatus        `json:"index,omitempty"`
	Graph ranking.GraphStatus `json:"graph"`
	// Similar are measures of all lists as they were a while ago; absent until they were
	// first taken.
	Similar *ranking.Measured `json:"similar,omitempty"`
	Version string            `json:"version"`
}

type storeStatus struct {
	Posts int    `json:"posts"`
	Seq   uint64 `json:"seq"`
}

// indexStatus says how far the search index is. Backlog is by how much it lags, at
// most the changes that are not searchable yet.
type indexStatus struct {
	Seq     uint64 `json:"seq"`
	Backlog uint64 `json:"backlog"`
}

// status is GET /v1/status: all of it is known already, nothing is computed.
func (s *Server) status(c *call) (reply, error) {
	if _, err := newParams(c); err != nil {
		return nil, err
	}
	answer := status{
		Store: storeStatus{Posts: s.opts.Store.Len(), Seq: s.opts.Store.Seq()}, Graph: s.opts.Searcher.Status(), Version: s.opts.Version,
	}
	if s.opts.IndexSeq != nil {
		seq, err := s.opts.IndexSeq(c.ctx())
		if err != nil {
			return nil, err
		}
		answer.Index = &indexStatus{Seq: seq}
		if answer.Store.Seq > seq {
			answer.Index.Backlog = answer.Store.Seq - seq
		}
	}
	if measured, ok := s.opts.Searcher.Measured(); ok {
		answer.Similar = &measured
	}
	return jsonReply(http.StatusOK, answer)
}
