package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/gin-gonic/gin"
)

// Server answers HTTP requests. It is safe for concurrent use and holds no state
// of its own beyond measurements.
type Server struct {
	opts    Options
	log     *slog.Logger
	metrics *metrics
	pages   *pages
	texts   *textCache
	curated *curated
	spec    []byte
	hosts   map[string]bool
	origins map[string]bool
	handler http.Handler
	// answering counts the requests that somebody waits for.
	answering atomic.Int64
}

// Answering is the number of requests being answered, but for those that may take long:
// what is computed beside them is to leave them the processors that they need.
func (s *Server) Answering() int { return int(s.answering.Load()) }

// New returns a server for opts. It starts nothing.
func New(opts Options) (*Server, error) {
	opts, err := opts.complete()
	if err != nil {
		return nil, err
	}
	s := &Server{opts: opts, log: opts.Logger, hosts: lowerSet(opts.Hosts), origins: lowerSet(opts.Origins)}
	s.curated = &curated{store: opts.Curation, log: opts.Logger}
	s.metrics = newMetrics(&s.opts)
	s.texts = newTextCache(s.opts.Limits.SnippetCache)
	if s.pages, err = newPages(); err != nil {
		return nil, fmt.Errorf("server pages: %w", err)
	}
	if s.spec, err = openAPI(s.opts.Version); err != nil {
		return nil, err
	}
	s.handler = s.engine()
	return s, nil
}

// Handler answers every route; for tests and for callers that listen themselves.
func (s *Server) Handler() http.Handler { return s.handler }

// engine registers the route table with gin.
func (s *Server) engine() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	// Ids are percent-encoded in paths. gin would decode a "+" in them to a space,
	// so parameters stay encoded here and are decoded by pathID.
	e.UseEscapedPath = true
	e.UnescapePathValues = false
	e.RedirectTrailingSlash = false
	e.RedirectFixedPath = false
	e.HandleMethodNotAllowed = true
	e.ForwardedByClientIP = false
	e.Use(s.outermost)
	for _, r := range s.routes() {
		s.register(e, r)
	}
	s.registerPreflights(e)
	e.NoRoute(s.wrap(route{access: accessOpen, handle: noRoute}))
	e.NoMethod(s.wrap(route{access: accessOpen, handle: noMethod}))
	return e
}

// Serve answers requests on ln until ctx is done, then lets requests in flight
// finish for Limits.Shutdown. It closes ln. A clean end is nil.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	limits := s.opts.Limits
	// Requests outlive ctx until the shutdown ends, and no longer.
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	srv := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: limits.ReadHeader,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    limits.HeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	return s.shutdown(context.WithoutCancel(ctx), srv, failed, cancel)
}

// shutdown lets requests finish for Limits.Shutdown, then cuts them off.
func (s *Server) shutdown(ctx context.Context, srv *http.Server, failed <-chan error, cancel func()) error {
	grace := s.opts.Limits.Shutdown
	wait, done := context.WithTimeout(ctx, grace)
	defer done()
	err := srv.Shutdown(wait)
	cancel()
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("requests cut off at shutdown", slog.Duration("after", grace))
		err = srv.Close()
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}
