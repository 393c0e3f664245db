package server

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// callKey is where outermost leaves the call for wrap.
const callKey = "call"

// outermost gives the request its id, survives panics, measures and logs.
func (s *Server) outermost(g *gin.Context) {
	c := &call{req: g.Request, gin: g, now: s.opts.Now, id: requestID(g.Request.Header.Get("X-Request-Id"))}
	c.start = c.now()
	g.Set(callKey, c)
	h := g.Writer.Header()
	h.Set("X-Request-Id", c.id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	s.metrics.inFlight.Inc()
	s.answering.Add(1)
	defer s.finish(c)
	defer s.recovered(c)
	g.Next()
}

// finish measures and logs one request.
func (s *Server) finish(c *call) {
	s.metrics.inFlight.Dec()
	if !c.long {
		s.answering.Add(-1)
	}
	took := c.now().Sub(c.start)
	pattern := c.route
	if pattern == "" {
		pattern = "unmatched"
	}
	status := c.gin.Writer.Status()
	s.metrics.observe(pattern, c.req.Method, status, took)
	s.log.LogAttrs(context.WithoutCancel(c.ctx()), slog.LevelInfo, "request",
		slog.String("request_id", c.id), slog.String("method", c.req.Method),
		slog.String("path", c.req.URL.EscapedPath()), slog.String("route", pattern),
		slog.Int("status", status), slog.Int("bytes", max(c.gin.Writer.Size(), 0)),
		slog.Duration("took", took), slog.String("remote", c.req.RemoteAddr))
}

// recovered turns a panic into a 500, or cuts the connection when the answer has
// begun, so that nobody takes half an answer for a whole one.
func (s *Server) recovered(c *call) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	s.metrics.panics.Inc()
	s.log.Error("panic", slog.String("request_id", c.id), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
	if c.gin.Writer.Written() {
		panic(http.ErrAbortHandler)
	}
	s.writeProblem(c, problemf(http.StatusInternalServerError, "internal", "something went wrong; the log has it under the request id"))
	c.gin.Abort()
}

// wrap makes a gin handler of a route: it checks who asks, bounds time and size,
// and writes what the handler returns.
func (s *Server) wrap(r route) gin.HandlerFunc {
	return func(g *gin.Context) {
		c := g.MustGet(callKey).(*call) // outermost set it
		c.route = r.path
		if err := s.admit(c, r); err != nil {
			s.fail(c, r, err)
			return
		}
		cancel := s.bound(c, r)
		defer cancel()
		answer, err := r.handle(c)
		if err != nil {
			s.fail(c, r, err)
			return
		}
		if err := answer.write(c); err != nil {
			s.log.Debug("answer not written", slog.String("request_id", c.id), slog.Any("error", err))
		}
	}
}

// bound limits the time and the body of the request.
func (s *Server) bound(c *call, r route) context.CancelFunc {
	cancel := func() {}
	ctx := c.req.Context()
	if r.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, r.timeout)
	}
	c.req = c.req.WithContext(ctx)
	c.req.Body = http.MaxBytesReader(c.gin.Writer, c.req.Body, r.body)
	return cancel
}

// fail writes a handler's error as a problem document, or as a page for people.
func (s *Server) fail(c *call, r route, err error) {
	p := asProblem(err)
	s.logFailure(c, err)
	if r.page || r.path == "" && wantsPage(c) {
		s.writeErrorPage(c, p)
		return
	}
	s.writeProblem(c, p)
}

// logFailure logs what the client is not told: the cause of a 5xx.
func (s *Server) logFailure(c *call, err error) {
	p := asProblem(err)
	if p.Status < http.StatusInternalServerError {
		return
	}
	s.log.Error("request failed", slog.String("request_id", c.id), slog.String("route", c.route), slog.Any("error", unwrapped(p, err)))
}

// unwrapped is the error worth logging: the cause where there is one.
func unwrapped(p *Problem, err error) error {
	if p.cause != nil {
		return p.cause
	}
	return err
}

// writeProblem is the one place that writes problem documents.
func (s *Server) writeProblem(c *call, p *Problem) {
	if p.Status == http.StatusUnauthorized {
		c.gin.Writer.Header().Set("WWW-Authenticate", "Bearer")
	}
	if p.Status == http.StatusServiceUnavailable {
		c.gin.Writer.Header().Set("Retry-After", "5")
	}
	_ = bytesReply{status: p.Status, contentType: typeProblem, body: p.body(c.id)}.write(c)
}

// requestID takes over a sane id of a proxy, and makes one otherwise.
func requestID(given string) string {
	if given != "" && len(given) <= 64 && isToken(given) {
		return given
	}
	return rand.Text()
}

// isToken reports whether s is made of letters, digits, "-", "_" and ".".
func isToken(s string) bool {
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_', r == '.':
		default:
			return false
		}
	}
	return true
}
