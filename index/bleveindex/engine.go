package bleveindex

import (
	"fmt"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"

	"alphanode/index/bleveindex/exec"
	"alphanode/index/bleveindex/zapwriter"
)

// engine is a running scorch with what belongs to it: its numbers of segments mean
// nothing to another one.
type engine struct {
	dir     string
	scorch  *scorch.Scorch
	queue   *bleve.AnalysisQueue
	marks   marks
	backlog backlog
	views   views
}

// startEngine opens scorch on dir; "" is in memory. It does not look at the content.
func startEngine(dir string, config *exec.Config, prior exec.PriorFunc) (e *engine, err error) {
	defer recoverDamage(&err)
	zapwriter.Register()
	queue := bleve.NewAnalysisQueue(workers())
	// Batches return when they are searchable, and are written to disk in the
	// background; the internal keys go with them.
	opened, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path":         dir,
		"unsafe_batch": true,
		"bolt_timeout": lockWait.String(),
	}, queue)
	if err == nil {
		err = opened.Open()
	}
	if err != nil {
		queue.Close()
		return nil, fmt.Errorf("search index %s: %w", dir, err)
	}
	e = &engine{dir: dir, queue: queue, scorch: opened.(*scorch.Scorch)} //nolint:forcetypeassert // NewScorch gives no other
	e.backlog.init()
	e.views.init(config, prior)
	return e, nil
}

// stop closes scorch. Batches must have returned; searches may go on.
func (e *engine) stop() error {
	err := e.scorch.Close()
	e.queue.Close()
	e.views.close()
	if err != nil {
		return fmt.Errorf("close search index %s: %w", e.dir, err)
	}
	return nil
}

// reader takes a reference to the current snapshot.
func (e *engine) reader() (*scorch.IndexSnapshot, error) {
	r, err := e.scorch.Reader()
	if err != nil {
		return nil, fmt.Errorf("search index %s: %w", e.dir, err)
	}
	s, ok := r.(*scorch.IndexSnapshot)
	if !ok || s == nil {
		return nil, ErrClosed
	}
	return s, nil
}

// view gives the newest snapshot, ready to search, with the priors of day.
func (e *engine) view(day int32) (*view, error) {
	return e.views.view(e.reader, day)
}

// errorCount is how many things went wrong in the background.
func (e *engine) errorCount() uint64 {
	n, _ := e.scorch.StatsMap()["TotOnErrors"].(uint64)
	return n
}
