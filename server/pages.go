package server

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"alphanode/index/query"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages renders what people see. Everything works without JavaScript; app.js only
// makes it quicker.
type pages struct {
	assets *assets
	all    map[string]*template.Template // by page
}

// pageNames are the pages; each is a file that fills the blocks of base.html.
//
//nolint:gochecknoglobals // immutable table
var pageNames = []string{"search", "post", "help", "error"}

func newPages() (*pages, error) {
	a, err := newAssets()
	if err != nil {
		return nil, err
	}
	p := &pages{assets: a, all: map[string]*template.Template{}}
	funcs := pageFuncs()
	funcs["asset"] = a.url
	for _, name := range pageNames {
		t, err := template.New("base.html").Funcs(funcs).ParseFS(templateFiles, "templates/base.html", "templates/parts.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		p.all[name] = t
	}
	return p, nil
}

// frame is what base.html needs around a page.
type frame struct {
	Title       string
	Description string
	Canonical   string
	NoIndex     bool
	Q           string
	// Hidden keeps the state of the page when the search form is sent.
	Hidden  []hiddenField
	Version string
	Page    any
}

type hiddenField struct{ Name, Value string }

// render fills block of page; an unknown part of the answer never reaches the
// client, as the page is made before anything is sent.
func (s *Server) render(c *call, status int, page, block string, f frame) (reply, error) {
	f.Version = s.opts.Version
	var buf bytes.Buffer
	if err := s.pages.all[page].ExecuteTemplate(&buf, block, f); err != nil {
		return nil, fmt.Errorf("render %s: %w", page, err)
	}
	s.pageHeaders(c)
	return bytesReply{status: status, contentType: typeHTML, body: buf.Bytes(), etag: status == http.StatusOK, cache: "private, no-cache"}, nil
}

// pageHeaders closes everything that the pages do not use.
func (s *Server) pageHeaders(c *call) {
	images := "'self'"
	if s.opts.RemoteImages {
		images = "'self' https: http: data:"
	}
	h := c.gin.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src "+images+
		"; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Vary", "Accept")
}

// errorView is what error.html shows.
type errorView struct {
	Status    int
	Heading   string
	Detail    string
	RequestID string
}

// writeErrorPage writes a problem for people.
func (s *Server) writeErrorPage(c *call, p *Problem) {
	view := errorView{Status: p.Status, Heading: p.Title, Detail: p.Detail, RequestID: c.id}
	if p.Status == http.StatusNotFound {
		view.Heading = "There is nothing here"
	}
	answer, err := s.render(c, p.Status, "error", "base.html", frame{Title: view.Heading, NoIndex: true, Page: view})
	if err != nil {
		s.logFailure(c, err)
		s.writeProblem(c, p)
		return
	}
	_ = answer.write(c)
}

// wantsPage reports whether a person's browser asks.
func wantsPage(c *call) bool {
	return strings.Contains(c.req.Header.Get("Accept"), "text/html")
}

// helpView is what help.html shows.
type helpView struct {
	Keywords []query.Keyword
	Facets   []string
	Sorts    []string
}

// helpPage is GET /help.
func (s *Server) helpPage(c *call) (reply, error) {
	return s.render(c, http.StatusOK, "help", "base.html", frame{
		Title: "How to search", Description: "The words, phrases and fields that the search understands.",
		Page: helpView{Keywords: query.Keywords(), Facets: facetFields(), Sorts: sortFields()},
	})
}
