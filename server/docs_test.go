package server_test

// Claims:
//  1. docs/api.md names every route, every parameter, every problem code, every facet
//     and every field to sort by.
//  2. The defaults in its table of limits are those of the program.

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alphanode/index"
	"alphanode/server"
)

func readDocs(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "docs", "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDocsNameEverything(t *testing.T) {
	docs := readDocs(t)
	s := specServer(t)
	for _, r := range server.RouteList(s) {
		_, path, _ := strings.Cut(r, " ")
		if !strings.Contains(docs, path) && path != "/static/{name}" {
			t.Errorf("route %s is not in docs/api.md", r)
		}
	}
	doc, _ := loadSpec(t, s)
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for _, p := range op.Parameters {
				if !strings.Contains(docs, "`"+p.Value.Name) && !strings.Contains(docs, "{"+p.Value.Name+"}") && !strings.Contains(docs, p.Value.Name+"=") {
					t.Errorf("parameter %s is not in docs/api.md", p.Value.Name)
				}
			}
		}
	}
	for _, f := range index.Fields() {
		if (f.Facet || f.Kind == index.Number || f.Kind == index.Date) && !f.Internal && !strings.Contains(docs, "`"+f.Name+"`") {
			t.Errorf("field %s is not in docs/api.md", f.Name)
		}
	}
}

func TestDocsNameEveryCode(t *testing.T) {
	docs := readDocs(t)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`problemf\([A-Za-z.]+, "([a-z_]+)"`)
	found := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(data), -1) {
			found++
			if !strings.Contains(docs, "`"+m[1]+"`") {
				t.Errorf("code %s of %s is not in docs/api.md", m[1], file)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d codes were found in the source", found)
	}
}

func TestDocsLimits(t *testing.T) {
	l := server.DefaultLimits()
	if l.BodyBytes != 8<<20 || l.BatchBytes != 256<<20 || l.BatchLines != 100_000 || l.HeaderBytes != 64<<10 || l.QueryBytes != 16<<10 ||
		l.FilterBytes != 16<<10 || l.Depth != 10_000 || l.Facets != 32 || l.Request.Seconds() != 10 || l.Write.Seconds() != 60 ||
		l.ReadHeader.Seconds() != 5 || l.Read.Seconds() != 60 || l.Idle.Seconds() != 120 || l.Shutdown.Seconds() != 10 {
		t.Errorf("limits changed; change the table of docs/api.md with them: %+v", l)
	}
	wantStatus(t, ask(t, newServer(t, server.Options{}), http.MethodGet, "/v1/search?q="+strings.Repeat("a+", 20<<10), ""), http.StatusOK)
}
