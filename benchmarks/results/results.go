// Package results answers: which figures are claimed, when and where were they
// measured, and how is the page about them made.
//
// A result is one JSON file in this folder, written by the command that measured
// it and checked in. docs/benchmarks.md is made of these files and of nothing
// else, so a figure on that page always has a date, a commit and a machine.
package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Section says which part of the page a result belongs to.
type Section string

// The sections, in the order of the page.
const (
	Relevance Section = "relevance"
	Similar   Section = "similar"
	Import    Section = "import"
	Speed     Section = "speed"
	Peers     Section = "peers"
)

// Sections lists all sections in the order of the page.
func Sections() []Section { return []Section{Relevance, Similar, Import, Speed, Peers} }

// Result is one table of figures.
type Result struct {
	// Name is that of the file, without ".json": lower-case letters, digits, "-".
	Name    string  `json:"name"`
	Section Section `json:"section"`
	// Title is a heading; Note says in a few sentences what was measured, what it
	// can be compared with, and what it does not show.
	Title string `json:"title"`
	Note  string `json:"note,omitempty"`
	// Date is the day, YYYY-MM-DD; Commit the revision measured, with "-dirty" when
	// the tree had changes.
	Date    string  `json:"date"`
	Commit  string  `json:"commit"`
	Machine Machine `json:"machine"`
	// Command is what to run to measure it again.
	Command string `json:"command"`
	// Columns are the headings; each row has a cell for each: a text or a number.
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
	// Plot names the columns that are drawn as bars; none draws nothing.
	Plot []string `json:"plot,omitempty"`
}

// Machine is where a figure was measured.
type Machine struct {
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryGB float64 `json:"memory_gb"`
	OS       string  `json:"os"`
	Go       string  `json:"go"`
}

// String gives the machine on one line.
func (m Machine) String() string {
	return fmt.Sprintf("%s, %d cores, %.0f GB, %s, %s", m.CPU, m.Cores, m.MemoryGB, m.OS, m.Go)
}

var nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Validate reports everything that is wrong with a result.
func (r *Result) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !nameForm.MatchString(r.Name) {
		bad("name %q is not lower-case words joined by hyphens", r.Name)
	}
	if !slices.Contains(Sections(), r.Section) {
		bad("section %q is not one of %v", r.Section, Sections())
	}
	if _, err := time.Parse(time.DateOnly, r.Date); err != nil {
		bad("date %q is not YYYY-MM-DD", r.Date)
	}
	for what, value := range map[string]string{"title": r.Title, "commit": r.Commit, "command": r.Command, "machine.cpu": r.Machine.CPU} {
		if value == "" {
			bad("%s is missing", what)
		}
	}
	if len(r.Columns) < 2 || len(r.Rows) == 0 {
		bad("a table needs two columns and a row")
	}
	for i, row := range r.Rows {
		if len(row) != len(r.Columns) {
			bad("row %d has %d cells, there are %d columns", i+1, len(row), len(r.Columns))
		}
		for _, cell := range row {
			if !isCell(cell) {
				bad("row %d: cell %v is neither text nor a number", i+1, cell)
			}
		}
	}
	for _, column := range r.Plot {
		if !slices.Contains(r.Columns[min(1, len(r.Columns)):], column) {
			bad("plot: there is no column of figures %q", column)
		}
	}
	return errors.Join(errs...)
}

func isCell(cell any) bool {
	switch cell.(type) {
	case string, float64, int, int64, json.Number, nil:
		return true
	}
	return false
}

// Encode gives the file of a result.
func (r *Result) Encode() ([]byte, error) {
	if err := r.Validate(); err != nil {
		return nil, fmt.Errorf("result %s: %w", r.Name, err)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return nil, fmt.Errorf("result %s: %w", r.Name, err)
	}
	return out.Bytes(), nil
}

// Read reads all results of a folder, by section, then newest first, then by
// name. A file that is not a valid result is an error that names it.
func Read(folder fs.FS) ([]Result, error) {
	files, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	var out []Result
	for _, file := range files {
		r, err := readFile(folder, file)
		if err != nil {
			return nil, fmt.Errorf("read result %s: %w", file, err)
		}
		out = append(out, r)
	}
	order := Sections()
	slices.SortStableFunc(out, func(a, b Result) int {
		if c := slices.Index(order, a.Section) - slices.Index(order, b.Section); c != 0 {
			return c
		}
		return strings.Compare(b.Date, a.Date)
	})
	return out, nil
}

func readFile(folder fs.FS, file string) (r Result, err error) {
	data, err := fs.ReadFile(folder, file)
	if err != nil {
		return r, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	if err := decoder.Decode(&r); err != nil {
		return r, err
	}
	if err := r.Validate(); err != nil {
		return r, err
	}
	if name := strings.TrimSuffix(path.Base(file), ".json"); name != r.Name {
		return r, fmt.Errorf("name %q is not that of the file", r.Name)
	}
	return r, nil
}

// NameAfter names the result after its file. When the file is there, the title,
// the note and the command in it are kept: people write them.
func (r *Result) NameAfter(file string) error {
	r.Name = strings.TrimSuffix(filepath.Base(file), ".json")
	old, err := readFile(os.DirFS(filepath.Dir(file)), filepath.Base(file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("result %s: %w", r.Name, err)
	}
	r.Title, r.Note, r.Command = old.Title, old.Note, old.Command
	return nil
}
