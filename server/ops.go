package server

import (
	"context"
	"net/http"
	"runtime"

	"alphanode/index"
)

// health is the answer of /healthz and /readyz.
type health struct {
	Status   string  `json:"status"`
	Posts    int     `json:"posts"`
	StoreSeq uint64  `json:"store_seq"`
	IndexSeq *uint64 `json:"index_seq,omitempty"`
}

// healthz is GET /healthz: it finds one post, as a search would.
func (s *Server) healthz(c *call) (reply, error) {
	if _, err := s.find(c, index.Request{Size: 1}, 0); err != nil {
		return nil, withCause(problemf(http.StatusServiceUnavailable, "unhealthy", "a search for one post failed"), err)
	}
	return jsonReply(http.StatusOK, s.health(c.ctx(), "ok"))
}

// readyz is GET /readyz.
func (s *Server) readyz(c *call) (reply, error) {
	if s.opts.Ready != nil {
		if err := s.opts.Ready(); err != nil {
			return nil, withCause(problemf(http.StatusServiceUnavailable, "not_ready", "%v", err), err)
		}
	}
	return jsonReply(http.StatusOK, s.health(c.ctx(), "ready"))
}

func (s *Server) health(ctx context.Context, status string) health {
	h := health{Status: status, Posts: s.opts.Store.Len(), StoreSeq: s.opts.Store.Seq()}
	if s.opts.IndexSeq != nil {
		if seq, err := s.opts.IndexSeq(ctx); err == nil {
			h.IndexSeq = &seq
		}
	}
	return h
}

// versionAnswer is the answer of /version.
type versionAnswer struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// version is GET /version.
func (s *Server) version(*call) (reply, error) {
	return jsonReply(http.StatusOK, versionAnswer{s.opts.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH})
}

// openAPIPage is GET /openapi.json.
func (s *Server) openAPIPage(*call) (reply, error) {
	return bytesReply{status: http.StatusOK, contentType: typeJSON, body: s.spec, etag: true}, nil
}
