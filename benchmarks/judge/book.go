package judge

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"alphanode/benchmarks/relevance"
)

// MaxGrade is the best grade; 0 is the worst.
const MaxGrade = 3

// grades says what each grade means.
//
//nolint:gochecknoglobals // immutable table
var grades = [MaxGrade + 1]string{"has nothing to do with it", "touches it", "answers part of it", "is what was looked for"}

// Entry is one line of a book.
type Entry struct {
	Judge string `json:"judge"`
	Query string `json:"query"`
	Doc   string `json:"doc"`
	// Grade is 0 to [MaxGrade]; nil takes back an earlier grade.
	Grade *int      `json:"grade"`
	At    time.Time `json:"at"`
}

// key is what a judge decides on.
type key struct{ query, doc string }

// Book keeps grades in a file of JSON lines, the latest line of a decision
// counting. All methods are safe for concurrent use; two programs must not write
// the same file.
type Book struct {
	mu     sync.Mutex
	file   *os.File
	now    func() time.Time
	grades map[string]map[key]int // by judge
	last   map[string][]key       // each judge's decisions, oldest first
}

// OpenBook opens or creates a book. An unfinished last line, which a crash can
// leave, is dropped; any other bad line is an error that names it.
func OpenBook(path string, now func() time.Time) (*Book, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644) //nolint:gosec // judgments are shared
	if err != nil {
		return nil, fmt.Errorf("open judgments: %w", err)
	}
	b := &Book{file: f, now: now, grades: make(map[string]map[key]int), last: make(map[string][]key)}
	if err := b.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("open judgments %s: %w", path, err), f.Close())
	}
	return b, nil
}

func (b *Book) read() error {
	good := int64(0)
	reader := bufio.NewReader(b.file)
	for line := 1; ; line++ {
		text, err := reader.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		var e Entry
		if err := json.Unmarshal(text, &e); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if err := e.check(); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		b.apply(e)
		good += int64(len(text))
	}
	if err := b.file.Truncate(good); err != nil {
		return err
	}
	_, err := b.file.Seek(good, io.SeekStart)
	return err
}

func (e Entry) check() error {
	switch {
	case e.Judge == "" || e.Query == "" || e.Doc == "":
		return errors.New("a judgment needs judge, query and doc")
	case e.Grade != nil && (*e.Grade < 0 || *e.Grade > MaxGrade):
		return fmt.Errorf("grade %d is not 0 to %d", *e.Grade, MaxGrade)
	}
	return nil
}

func (b *Book) apply(e Entry) {
	k := key{e.Query, e.Doc}
	if b.grades[e.Judge] == nil {
		b.grades[e.Judge] = make(map[key]int)
	}
	b.last[e.Judge] = slices.DeleteFunc(b.last[e.Judge], func(old key) bool { return old == k })
	if e.Grade == nil {
		delete(b.grades[e.Judge], k)
		return
	}
	b.grades[e.Judge][k] = *e.Grade
	b.last[e.Judge] = append(b.last[e.Judge], k)
}

// Grade records a decision; it is durable when Grade returns.
func (b *Book) Grade(judge, query, doc string, grade int) error {
	return b.write(Entry{Judge: judge, Query: query, Doc: doc, Grade: &grade})
}

// Undo takes back the judge's latest decision and says which it was; ok is false
// when there is none.
func (b *Book) Undo(judge string) (query, doc string, ok bool, err error) {
	b.mu.Lock()
	last := b.last[judge]
	if len(last) == 0 {
		b.mu.Unlock()
		return "", "", false, nil
	}
	k := last[len(last)-1]
	b.mu.Unlock()
	return k.query, k.doc, true, b.write(Entry{Judge: judge, Query: k.query, Doc: k.doc})
}

func (b *Book) write(e Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	e.At = b.now().UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write judgment: %w", err)
	}
	if _, err := b.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write judgment: %w", err)
	}
	if err := b.file.Sync(); err != nil {
		return fmt.Errorf("write judgment: %w", err)
	}
	b.apply(e)
	return nil
}

// Graded gives the judge's grade of a decision.
func (b *Book) Graded(judge, query, doc string) (grade int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	grade, ok = b.grades[judge][key{query, doc}]
	return grade, ok
}

// Judges lists who has graded anything, in ascending order.
func (b *Book) Judges() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.judges()
}

func (b *Book) judges() []string {
	var out []string
	for judge, grades := range b.grades {
		if len(grades) > 0 {
			out = append(out, judge)
		}
	}
	slices.Sort(out)
	return out
}

// Qrels gives the judgments of all judges together: the median of their grades
// and, between two, the lower one.
func (b *Book) Qrels() relevance.Qrels {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make(map[key][]int)
	for _, byKey := range b.grades {
		for k, grade := range byKey {
			all[k] = append(all[k], grade)
		}
	}
	qrels := make(relevance.Qrels)
	for k, list := range all {
		slices.Sort(list)
		if qrels[k.query] == nil {
			qrels[k.query] = make(map[string]int)
		}
		qrels[k.query][k.doc] = list[(len(list)-1)/2]
	}
	return qrels
}

// Close closes the file.
func (b *Book) Close() error { return b.file.Close() }
