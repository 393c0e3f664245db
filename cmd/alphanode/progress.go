package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far long work has come: a bar on a terminal, JSON lines
// with --progress json, nothing otherwise. Not safe for concurrent use.
type progress interface {
	// Report says that done of total (0 when unknown) units of stage are done.
	Report(stage string, done, total int64)
	// Done ends the current stage.
	Done()
}

// newProgress reads the value of --progress: auto, json or none.
func newProgress(mode string, w io.Writer, now func() time.Time) (progress, error) {
	switch mode {
	case "json":
		return &jsonProgress{enc: json.NewEncoder(w), now: now}, nil
	case "none":
		return noProgress{}, nil
	case "auto":
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return &barProgress{w: w}, nil
		}
		return noProgress{}, nil
	default:
		return nil, usage(fmt.Errorf("--progress %q: want auto, json or none", mode))
	}
}

type noProgress struct{}

func (noProgress) Report(string, int64, int64) {}
func (noProgress) Done()                       {}

// jsonProgress writes at most four lines a second, and the last of each stage.
type jsonProgress struct {
	enc  *json.Encoder
	now  func() time.Time
	at   time.Time
	last progressLine
}

type progressLine struct {
	Stage string `json:"stage"`
	Done  int64  `json:"done"`
	Total int64  `json:"total,omitempty"`
}

func (p *jsonProgress) Report(stage string, done, total int64) {
	if p.last.Stage != "" && p.last.Stage != stage {
		p.Done()
	}
	p.last = progressLine{Stage: stage, Done: done, Total: total}
	if now := p.now(); now.Sub(p.at) >= 250*time.Millisecond {
		p.at = now
		p.write()
	}
}

func (p *jsonProgress) Done() {
	if p.last.Stage != "" {
		p.write()
	}
	p.last = progressLine{}
}

// write drops the error: progress that cannot be shown must not end the work.
func (p *jsonProgress) write() { _ = p.enc.Encode(p.last) }

type barProgress struct {
	w     io.Writer
	stage string
	bar   *progressbar.ProgressBar
}

func (p *barProgress) Report(stage string, done, total int64) {
	if p.bar == nil || p.stage != stage {
		p.Done()
		p.stage = stage
		if total <= 0 {
			total = -1
		}
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.w),
			progressbar.OptionSetDescription(stage), progressbar.OptionShowCount(),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	_ = p.bar.Set64(done) // A bar that cannot be drawn must not end the work.
}

func (p *barProgress) Done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
	p.bar = nil
}
