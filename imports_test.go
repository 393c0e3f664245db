// Claims proved here:
//
//  1. Every package imports only packages to its left on the line
//     corpus <- index <- ranking <- server <- cmd, tests included.
//  2. benchmarks stands beside server and never imports it.
//  3. A third-party library is imported only by the package that owns it.
package alphanode_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layers maps each top folder to the folders that it may import.
var layers = map[string][]string{
	"corpus":     {"corpus"},
	"index":      {"corpus", "index"},
	"ranking":    {"corpus", "index", "ranking"},
	"server":     {"corpus", "index", "ranking", "server"},
	"benchmarks": {"corpus", "index", "ranking", "benchmarks"},
	"cmd":        {"corpus", "index", "ranking", "server", "benchmarks", "cmd"},
}

// owned maps the import path prefix of a library to the folders that may import it.
var owned = []struct {
	prefix string
	owners []string
	reason string
}{
	// bleveindex looks into the file in which scorch keeps its snapshots.
	{"go.etcd.io/bbolt", []string{"corpus", "index/bleveindex"}, "storage lives in corpus; use corpus.Store or corpus.Graph"},
	{"github.com/blevesearch/snowballstem", []string{"index/analysis"}, "stemming lives in index/analysis"},
	{"github.com/blevesearch/", []string{"index/bleveindex"}, "the engine lives in index/bleveindex; use index.Index"},
	{"github.com/gin-gonic/gin", []string{"server"}, "HTTP lives in server"},
	{"github.com/spf13/", []string{"cmd"}, "commands and flags live in cmd"},
	{"github.com/yuin/goldmark", []string{"corpus/body"}, "markup is read in corpus/body"},
	{"github.com/microcosm-cc/bluemonday", []string{"corpus/body"}, "markup is sanitised in corpus/body"},
	{"github.com/schollz/progressbar", []string{"cmd"}, "progress bars are drawn in cmd"},
}

// pure maps a folder to standard packages that it must stay free of.
var pure = map[string][]string{
	"ranking":        {"net/http"},
	"index/query":    {"net/http", "os"},
	"index/analysis": {"net/http", "os"},
}

// A listedPackage is what `go list -json` says of a package.
type listedPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// dir is the folder of the package below the module root; "" for the root.
func (p listedPackage) dir() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "alphanode"), "/")
}

func TestImportsPointLeft(t *testing.T) {
	for _, p := range list(t) {
		top, _, _ := strings.Cut(p.dir(), "/")
		if top == "" || top == "dist" { // What make wrote is no package of ours.
			continue
		}
		allowed, known := layers[top]
		if !known {
			t.Errorf("folder %s is on no layer; give it one here and in ARCHITECTURE.md", top)
			continue
		}
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			rest, ours := strings.CutPrefix(imp, "alphanode/")
			target, _, _ := strings.Cut(rest, "/")
			if ours && !slices.Contains(allowed, target) {
				t.Errorf("%s imports %s: %s may import only %s, because the line of packages points left (docs/decisions/0001-layout.md)",
					p.ImportPath, imp, top, strings.Join(allowed, ", "))
			}
		}
	}
}

func TestLibrariesHaveOneOwner(t *testing.T) {
	for _, p := range list(t) {
		for _, imp := range p.Imports {
			for _, o := range owned {
				if !strings.HasPrefix(imp, o.prefix) {
					continue
				}
				if !slices.ContainsFunc(o.owners, func(owner string) bool { return inside(p.dir(), owner) }) {
					t.Errorf("%s imports %s: %s", p.ImportPath, imp, o.reason)
				}
				break // the first prefix decides: the stemmers are not the engine's
			}
		}
	}
}

func TestPurePackagesStayPure(t *testing.T) {
	for _, p := range list(t) {
		for folder, denied := range pure {
			if !inside(p.dir(), folder) {
				continue
			}
			for _, imp := range p.Imports {
				if slices.Contains(denied, imp) {
					t.Errorf("%s imports %s: %s is pure, so that it can be tested and reused without a machine around it", p.ImportPath, imp, folder)
				}
			}
		}
	}
}

// inside reports whether dir is folder or lies below it.
func inside(dir, folder string) bool {
	return dir == folder || strings.HasPrefix(dir, folder+"/")
}

// list runs `go list -json ./...` on the module; -e so that a package that does
// not compile still shows its imports.
func list(t *testing.T) []listedPackage {
	t.Helper()
	walkTree(t)
	out, err := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listedPackage
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listedPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list output: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 2 {
		t.Fatalf("go list found %d packages; the test must run in the module root", len(all))
	}
	return all
}

// walkTree reads every folder of the module, because the test cache notices a
// changed file only where the test itself looked, not where a child process did.
func walkTree(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || path == "data" || path == "bin" || path == "dist") {
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatalf("walk the module: %v", err)
	}
}
