package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"alphanode/index/curation"
)

// access says who may ask a route.
type access uint8

const (
	accessOpen  access = iota // everybody on an accepted host: pages, health
	accessRead                // the same, from other origins too
	accessWrite               // same origin or no browser; not when read-only
	accessLocal               // the program's own verbs
)

// route is one row of the route table. Path is in the form of OpenAPI.
type route struct {
	method  string
	path    string
	access  access
	handle  handlerFunc
	timeout time.Duration // 0: until the client goes away
	body    int64         // largest body in bytes; 0: none
	writes  bool          // changes posts, refused when read-only
	page    bool          // errors are pages for people
}

// handlerFunc answers one request: a reply, or an error that becomes a problem
// document.
type handlerFunc func(c *call) (reply, error)

// routes is the route table.
func (s *Server) routes() []route {
	l := s.opts.Limits
	table := []route{
		{method: http.MethodGet, path: "/v1/search", access: accessRead, handle: s.getSearch},
		{method: http.MethodPost, path: "/v1/search", access: accessRead, handle: s.postSearch, body: l.BodyBytes},
		{method: http.MethodPost, path: "/v1/search:multi", access: accessRead, handle: s.searchMulti, body: l.BodyBytes},
		{method: http.MethodGet, path: "/v1/suggest", access: accessRead, handle: s.suggest},
		{method: http.MethodGet, path: "/v1/facets/{field}", access: accessRead, handle: s.facetValues},
		{method: http.MethodPost, path: "/v1/similar", access: accessRead, handle: s.similarTo, body: l.BodyBytes},
		{method: http.MethodGet, path: "/v1/similar:all", access: accessLocal, handle: s.similarAll, timeout: streaming},
		{method: http.MethodGet, path: "/api/item-to-item/{name}/{id}", access: accessRead, handle: s.itemToItem},
		{method: http.MethodGet, path: "/api/item/{id}/neighbors", access: accessRead, handle: s.itemToItem},
		{method: http.MethodPost, path: "/v1/posts:batch", access: accessWrite, handle: s.batch, timeout: streaming, body: l.BatchBytes, writes: true},
		{method: http.MethodPost, path: "/v1/admin/check", access: accessLocal, handle: s.adminCheck, timeout: streaming},
		{method: http.MethodPost, path: "/v1/admin/reindex", access: accessLocal, handle: s.adminReindex, timeout: streaming},
		{method: http.MethodGet, path: "/v1/curation/{kind}", access: accessWrite, handle: s.getCuration},
		{method: http.MethodPut, path: "/v1/curation/{kind}", access: accessWrite, handle: s.putCuration, timeout: l.Write, body: curation.MaxBytes, writes: true},
		{method: http.MethodGet, path: "/v1/curation/{kind}/history", access: accessWrite, handle: s.curationHistory},
		{method: http.MethodGet, path: "/v1/status", handle: s.status},
		{method: http.MethodGet, path: "/healthz", handle: s.healthz},
		{method: http.MethodGet, path: "/readyz", handle: s.readyz},
		{method: http.MethodGet, path: "/metrics", handle: s.metricsPage},
		{method: http.MethodGet, path: "/version", handle: s.version},
		{method: http.MethodGet, path: "/openapi.json", access: accessRead, handle: s.openAPIPage},
		{method: http.MethodGet, path: "/", handle: s.searchPage, page: true},
		{method: http.MethodGet, path: "/help", handle: s.helpPage, page: true},
		{method: http.MethodGet, path: "/static/{name}", handle: s.static},
	}
	table = append(table, s.postRoutes("/v1/posts/{id}")...)
	table = append(table, s.postRoutes("/v1/post")...)
	for _, path := range []string{"/posts/{id}", "/post"} {
		table = append(table, route{method: http.MethodGet, path: path, handle: s.postPage, page: true})
	}
	for i := range table {
		if table[i].timeout == 0 {
			table[i].timeout = l.Request
		}
	}
	return table
}

// streaming is the timeout of routes that run as long as they move.
const streaming time.Duration = -1

// postRoutes are the routes of one post, with the id in the path or, for proxies
// that decode %2F, in the parameter id.
func (s *Server) postRoutes(base string) []route {
	l := s.opts.Limits
	return []route{
		{method: http.MethodGet, path: base, access: accessRead, handle: s.getPost},
		{method: http.MethodPut, path: base, access: accessWrite, handle: s.putPost, timeout: l.Write, body: l.BodyBytes, writes: true},
		{method: http.MethodDelete, path: base, access: accessWrite, handle: s.deletePost, timeout: l.Write, writes: true},
		{method: http.MethodGet, path: base + "/similar", access: accessRead, handle: s.similar},
	}
}

// ginPath turns the OpenAPI form of a path into gin's: literal colons escaped,
// {name} to :name.
func ginPath(path string) string {
	path = strings.ReplaceAll(path, ":", `\:`)
	path = strings.ReplaceAll(path, "{", ":")
	return strings.ReplaceAll(path, "}", "")
}

// register adds r, and HEAD with each GET.
func (s *Server) register(e *gin.Engine, r route) {
	handler := s.wrap(r)
	e.Handle(r.method, ginPath(r.path), handler)
	if r.method == http.MethodGet {
		e.Handle(http.MethodHead, ginPath(r.path), handler)
	}
}

// registerPreflights answers OPTIONS for every path that other origins may read.
func (s *Server) registerPreflights(e *gin.Engine) {
	methods := map[string][]string{}
	for _, r := range s.routes() {
		if r.access == accessRead {
			methods[r.path] = append(methods[r.path], r.method)
		}
	}
	for path, allowed := range methods {
		slices.Sort(allowed)
		list := strings.Join(allowed, ", ")
		e.Handle(http.MethodOptions, ginPath(path), s.wrap(route{
			method: http.MethodOptions, path: path, access: accessRead, timeout: s.opts.Limits.Request,
			handle: func(*call) (reply, error) { return preflightReply{methods: list}, nil },
		}))
	}
}

func noRoute(c *call) (reply, error) {
	return nil, problemf(http.StatusNotFound, "no_route", "there is nothing at %q", c.req.URL.Path)
}

func noMethod(c *call) (reply, error) {
	return nil, problemf(http.StatusMethodNotAllowed, "bad_method", "%s is not a method of %q", c.req.Method, c.req.URL.Path)
}
