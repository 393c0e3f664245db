package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"alphanode/corpus"
)

// Options configures a Server. Store and Searcher are required; the zero value of
// every other field means what its comment says.
type Options struct {
	// Store holds the posts; a *corpus.Store.
	Store Posts
	// Searcher answers searches and similar posts; a *ranking.Engine.
	Searcher Searcher
	// Curation keeps synonyms, rules and the like; a *corpus.Store. Nil: the routes of
	// curation answer 501.
	Curation Curations
	// Waiter waits until a write is searchable. Nil: writes answer when stored.
	Waiter Waiter
	// IndexSeq reports how far the index is, for /metrics, /readyz and the check.
	// Nil: not reported.
	IndexSeq func(ctx context.Context) (uint64, error)
	// Reindex rebuilds the search index and returns when it is up to date. Nil:
	// POST /v1/admin/reindex answers 501.
	Reindex func(ctx context.Context, progress Progress) error
	// Check verifies what is derived (index, graph), in addition to Store.Check.
	Check func(ctx context.Context) error
	// Ready says why the program is not ready to serve; nil means ready.
	Ready func() error

	// ReadOnly refuses every write.
	ReadOnly bool
	// Origins are the origins ("https://example.com") that may read from a browser.
	// Empty: every origin.
	Origins []string
	// Hosts are the names, without port, that Host may carry beside loopback ones.
	Hosts []string
	// Token is the local token that the program's own verbs present. Empty: nobody
	// has it, and the routes that ask for it refuse everybody.
	Token string
	// RemoteImages lets post pages load the pictures of posts from other sites.
	// Off, pictures are links, and a page asks no other host for anything.
	RemoteImages bool

	// Version is what /version reports. Default "devel".
	Version string
	// Logger receives the access log and failures. Default: none.
	Logger *slog.Logger
	// Now is the clock of time-outs, measurements and logs. Required.
	Now func() time.Time
	// Limits bounds requests; a zero member means its default.
	Limits Limits
	// PostLimits bounds posts that are written. Default corpus.DefaultLimits.
	PostLimits *corpus.Limits
}

// Progress is told how much of a long job is done; total is 0 while unknown.
type Progress func(done, total int)

// Limits bounds what one request may cost. A zero member means its default.
type Limits struct {
	// BodyBytes bounds the body of a JSON request. Default 8 MiB.
	BodyBytes int64
	// BatchBytes bounds the body of a batch. Default 256 MiB.
	BatchBytes int64
	// BatchLines bounds the lines of a batch. Default 100,000.
	BatchLines int
	// HeaderBytes bounds the request line and headers. Default 64 KiB.
	HeaderBytes int
	// QueryBytes is how much of q is read; the rest is ignored. Default 16 KiB.
	QueryBytes int
	// FilterBytes bounds a filter. Default 16 KiB.
	FilterBytes int
	// Depth bounds page * per_page. Default 10,000.
	Depth int
	// Searches bounds the searches of one request. Default 16.
	Searches int
	// Facets bounds the facets of one request. Default 32.
	Facets int
	// SnippetCache bounds the bytes of plain text kept for snippets. Default 64 MiB.
	SnippetCache int
	// ReadHeader, Read, Write and Idle are the time-outs of a connection.
	// Defaults 5 s, 60 s, 60 s, 120 s. Streams extend Read and Write while they move.
	ReadHeader, Read, Write, Idle time.Duration
	// Request bounds the work for one answer. Default 10 s; writes 60 s.
	Request time.Duration
	// Shutdown is how long requests in flight may finish. Default 10 s.
	Shutdown time.Duration
}

// DefaultLimits returns the defaults that Limits documents.
func DefaultLimits() Limits {
	return Limits{
		BodyBytes: 8 << 20, BatchBytes: 256 << 20, BatchLines: 100_000,
		HeaderBytes: 64 << 10, QueryBytes: 16 << 10, FilterBytes: 16 << 10,
		Depth: 10_000, Searches: 16, Facets: 32, SnippetCache: 64 << 20,
		ReadHeader: 5 * time.Second, Read: 60 * time.Second,
		Write: 60 * time.Second, Idle: 120 * time.Second,
		Request: 10 * time.Second, Shutdown: 10 * time.Second,
	}
}

// withDefaults fills the zero members of l.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	orDefault(&l.BodyBytes, d.BodyBytes)
	orDefault(&l.BatchBytes, d.BatchBytes)
	orDefault(&l.BatchLines, d.BatchLines)
	orDefault(&l.HeaderBytes, d.HeaderBytes)
	orDefault(&l.QueryBytes, d.QueryBytes)
	orDefault(&l.FilterBytes, d.FilterBytes)
	orDefault(&l.Depth, d.Depth)
	orDefault(&l.Searches, d.Searches)
	orDefault(&l.Facets, d.Facets)
	orDefault(&l.SnippetCache, d.SnippetCache)
	orDefault(&l.ReadHeader, d.ReadHeader)
	orDefault(&l.Read, d.Read)
	orDefault(&l.Write, d.Write)
	orDefault(&l.Idle, d.Idle)
	orDefault(&l.Request, d.Request)
	orDefault(&l.Shutdown, d.Shutdown)
	return l
}

func orDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// complete checks o and fills what has a default.
func (o Options) complete() (Options, error) {
	switch {
	case o.Store == nil:
		return o, errors.New("server options: no store")
	case o.Searcher == nil:
		return o, errors.New("server options: no searcher")
	case o.Now == nil:
		return o, errors.New("server options: no clock")
	}
	for _, origin := range o.Origins {
		if err := checkOrigin(origin); err != nil {
			return o, err
		}
	}
	orDefault(&o.Version, "devel")
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.PostLimits == nil {
		limits := corpus.DefaultLimits()
		o.PostLimits = &limits
	}
	o.Limits = o.Limits.withDefaults()
	return o, nil
}

// checkOrigin refuses what no browser sends as Origin.
func checkOrigin(origin string) error {
	rest, ok := strings.CutPrefix(origin, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(origin, "http://")
	}
	if !ok || rest == "" || strings.ContainsAny(rest, "/?#@ *") {
		return fmt.Errorf("server options: origin %q is not like https://example.com", origin)
	}
	return nil
}

// ErrPublicAddr is why CheckAddr refuses an address.
var ErrPublicAddr = errors.New("the address is not loopback, and there are no keys yet: use 127.0.0.1, or --read-only")

// CheckAddr reports whether a server may listen on addr ("host:port"): without
// keys, everybody who reaches the address could write, so an address that is not
// loopback is refused with ErrPublicAddr unless the server is read-only. The host
// names localhost and *.localhost count as loopback; no name is looked up.
func CheckAddr(addr string, readOnly bool) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: %w", addr, err)
	}
	if !readOnly && !isLoopback(host) {
		return fmt.Errorf("address %q: %w", addr, ErrPublicAddr)
	}
	return nil
}

// isLoopback reports whether host, without port, names this machine only.
func isLoopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
