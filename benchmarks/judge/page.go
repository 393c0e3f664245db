package judge

import (
	_ "embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"alphanode/benchmarks/relevance"
)

//go:embed page.html
var pageSource string

// Page serves the judging page: GET / shows the next decision of ?judge=NAME,
// POST /grade records one, POST /undo takes the latest one back, GET /qrels
// exports all judgments in TREC form, GET /agreement compares the judges. It
// answers loopback names only, and refuses writes from pages of other origins.
type Page struct {
	pool     Pool
	book     *Book
	template *template.Template
	mux      *http.ServeMux
}

// NewPage gives the handler for a pool and a book.
func NewPage(pool Pool, book *Book) (*Page, error) {
	t, err := template.New("page").Parse(pageSource)
	if err != nil {
		return nil, fmt.Errorf("judging page: %w", err)
	}
	p := &Page{pool: pool, book: book, template: t, mux: http.NewServeMux()}
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("POST /grade", p.grade)
	p.mux.HandleFunc("POST /undo", p.undo)
	p.mux.HandleFunc("GET /qrels", p.qrels)
	p.mux.HandleFunc("GET /agreement", p.agreement)
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.Host) {
		http.Error(w, "this page answers on loopback addresses only", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	http.NewCrossOriginProtection().Handler(p.mux).ServeHTTP(w, r)
}

// loopback keeps other sites from reaching the page through a name of theirs.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// shown is what the template sees.
type shown struct {
	Judge       string
	Item        *Item
	Done, Total int
	// Grade is the grade that the decision has already; -1 when none.
	Grade   int
	At      int
	Grades  []string
	Judges  []string
	Percent int
	Left    int // of this query
}

func (p *Page) show(w http.ResponseWriter, r *http.Request) {
	judge := strings.TrimSpace(r.URL.Query().Get("judge"))
	s := shown{Judge: judge, Grade: -1, Total: len(p.pool), Grades: grades[:], Judges: p.book.Judges()}
	if judge != "" {
		s.Done = p.done(judge)
		s.Percent = 100 * s.Done / max(1, s.Total)
		s.At = p.next(judge, r.URL.Query().Get("at"))
		if s.At < len(p.pool) {
			s.Item = &p.pool[s.At]
			s.Left = p.left(judge, s.Item.Query.ID)
			if grade, ok := p.book.Graded(judge, s.Item.Query.ID, s.Item.Doc.ID); ok {
				s.Grade = grade
			}
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.template.Execute(w, s); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (p *Page) done(judge string) int {
	n := 0
	for _, item := range p.pool {
		if _, ok := p.book.Graded(judge, item.Query.ID, item.Doc.ID); ok {
			n++
		}
	}
	return n
}

func (p *Page) left(judge, query string) int {
	n := 0
	for _, item := range p.pool {
		if item.Query.ID == query {
			if _, ok := p.book.Graded(judge, query, item.Doc.ID); !ok {
				n++
			}
		}
	}
	return n
}

// next is the place that was asked for or, without one, the first that the judge
// has not graded; the length of the pool when all are.
func (p *Page) next(judge, at string) int {
	if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < len(p.pool) {
		return i
	}
	i := slices.IndexFunc(p.pool, func(item Item) bool {
		_, ok := p.book.Graded(judge, item.Query.ID, item.Doc.ID)
		return !ok
	})
	if i < 0 {
		return len(p.pool)
	}
	return i
}

// after is the first place behind i that the judge has not graded, from the start
// again when there is none; empty when all are.
func (p *Page) after(judge string, i int) string {
	for n := range len(p.pool) {
		at := (i + 1 + n) % len(p.pool)
		if _, ok := p.book.Graded(judge, p.pool[at].Query.ID, p.pool[at].Doc.ID); !ok {
			return strconv.Itoa(at)
		}
	}
	return ""
}

func (p *Page) grade(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	judge, query, doc := strings.TrimSpace(r.FormValue("judge")), r.FormValue("query"), r.FormValue("doc")
	i := p.pool.index(query, doc)
	if i < 0 {
		http.Error(w, "this decision is not in the pool", http.StatusBadRequest)
		return
	}
	if r.FormValue("grade") != "skip" {
		grade, err := strconv.Atoi(r.FormValue("grade"))
		if err == nil {
			err = p.book.Grade(judge, query, doc, grade)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	p.redirect(w, r, judge, p.after(judge, i))
}

func (p *Page) undo(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	judge := strings.TrimSpace(r.FormValue("judge"))
	query, doc, ok, err := p.book.Undo(judge)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	at := ""
	if i := p.pool.index(query, doc); ok && i >= 0 {
		at = strconv.Itoa(i)
	}
	p.redirect(w, r, judge, at)
}

func (p *Page) redirect(w http.ResponseWriter, r *http.Request, judge, at string) {
	target := "/?judge=" + template.URLQueryEscaper(judge)
	if at != "" {
		target += "&at=" + at
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

func (p *Page) qrels(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="qrels.txt"`)
	if err := relevance.WriteQrels(w, p.book.Qrels()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (p *Page) agreement(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	WriteAgreement(w, p.book.Agreement())
}
