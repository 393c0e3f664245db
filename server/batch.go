package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"alphanode/corpus"
)

const (
	batchPosts = 1000    // changes applied together
	batchChunk = 8 << 20 // bytes of input applied together
)

// lineResult is what became of one line of a batch.
type lineResult struct {
	Line   int    `json:"line"`
	ID     string `json:"id,omitempty"`
	Status string `json:"status"`
	Field  string `json:"field,omitempty"`
	Error  string `json:"error,omitempty"`
}

// batchSummary is the last line of the answer.
type batchSummary struct {
	Added      int    `json:"added"`
	Changed    int    `json:"changed"`
	Unchanged  int    `json:"unchanged"`
	Removed    int    `json:"removed"`
	Absent     int    `json:"absent"`
	Rejected   int    `json:"rejected"`
	Seq        uint64 `json:"seq"`
	Searchable bool   `json:"searchable"`
	// Complete is false when the input was not read to its end; see the error.
	Complete bool `json:"complete"`
}

// batchEnd is the line that holds the summary.
type batchEnd struct {
	Summary batchSummary `json:"summary"`
	Error   *Problem     `json:"error,omitempty"`
}

// batchRun is one batch on its way into the store. Results are kept until the
// input is read: many clients do not read before they have sent everything.
type batchRun struct {
	s       *Server
	c       *call
	policy  corpus.Policy
	in      *bufio.Reader
	line    int
	results []lineResult
	summary batchSummary
	// pending are the changes not applied yet, at is where their results go.
	pending []corpus.Change
	at      []int
	bytes   int
}

// batch is POST /v1/posts:batch.
func (s *Server) batch(c *call) (reply, error) {
	p, err := newParams(c, "wait", "publish")
	if err != nil {
		return nil, err
	}
	wait, policy := p.flag("wait", true), p.policy(c)
	if p.err != nil {
		return nil, p.err
	}
	if err := c.wantType("application/x-ndjson", "application/jsonl", "application/json", "text/plain"); err != nil {
		return nil, err
	}
	if c.req.ContentLength > s.opts.Limits.BatchBytes {
		return nil, problemf(http.StatusRequestEntityTooLarge, "too_large", "the body is over %d bytes; send several batches", s.opts.Limits.BatchBytes)
	}
	s.unhurry(c)
	run := &batchRun{s: s, c: c, policy: policy, in: bufio.NewReaderSize(c.req.Body, 64<<10)}
	failure := run.read()
	if failure == nil {
		run.summary.Complete = true
		failure = run.finish(wait)
	}
	return streamReply{s, func(out *lines) error { return run.report(out, failure) }}, nil
}

// read takes the input line by line and applies it in chunks. What precedes an
// error is applied.
func (b *batchRun) read() error {
	for {
		b.hurry()
		line, err := b.nextLine()
		if err == nil || errors.Is(err, errLongLine) || len(line) > 0 && errors.Is(err, io.EOF) {
			if over := b.take(line, err); over != nil {
				return errors.Join(over, b.apply())
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return b.apply()
		case err != nil && !errors.Is(err, errLongLine):
			return errors.Join(bodyError(err), b.apply())
		}
		if len(b.pending) >= batchPosts || b.bytes >= batchChunk {
			if err := b.apply(); err != nil {
				return err
			}
		}
	}
}

// hurry gives the client Limits.Read for the next line.
func (b *batchRun) hurry() {
	rc := http.NewResponseController(b.c.gin.Writer)
	_ = rc.SetReadDeadline(b.c.now().Add(b.s.opts.Limits.Read))
}

// errLongLine is a line over the limit of a record; the rest of it was skipped.
var errLongLine = errors.New("the line is longer than a post may be")

// nextLine reads one line without its end. A line that is too long is skipped.
func (b *batchRun) nextLine() ([]byte, error) {
	var line []byte
	for {
		part, err := b.in.ReadSlice('\n')
		if len(line)+len(part) > b.s.opts.PostLimits.Record {
			return nil, b.skip(err)
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(line), err
		}
	}
}

// skip drops what is left of a line whose first part ended with err.
func (b *batchRun) skip(err error) error {
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = b.in.ReadSlice('\n')
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return errLongLine
}

// take turns one line into a change or a rejection. Its error ends the batch.
func (b *batchRun) take(line []byte, long error) error {
	b.line++
	if len(line) == 0 && long == nil {
		return nil
	}
	if len(b.results) >= b.s.opts.Limits.BatchLines {
		return problemf(http.StatusRequestEntityTooLarge, "too_large", "a batch has at most %d lines; send line %d and what follows in another", b.s.opts.Limits.BatchLines, b.line)
	}
	change, err := b.decode(line, long)
	if err != nil {
		b.reject(line, err)
		return nil
	}
	b.at = append(b.at, len(b.results))
	b.results = append(b.results, lineResult{Line: b.line, ID: change.ID})
	b.pending = append(b.pending, change)
	b.bytes += len(line)
	return nil
}

func (b *batchRun) decode(line []byte, long error) (corpus.Change, error) {
	switch {
	case errors.Is(long, errLongLine):
		return corpus.Change{}, errLongLine
	case !utf8.Valid(line):
		return corpus.Change{}, errors.New("the line is not UTF-8")
	}
	if id, ok := deletion(line); ok {
		return corpus.Delete(id), nil
	}
	post, err := corpus.DecodePost(line, *b.s.opts.PostLimits)
	if err != nil {
		return corpus.Change{}, err
	}
	return corpus.Put(post, b.policy), nil
}

// deletion recognises {"id": "...", "deleted": true}.
func deletion(line []byte) (id string, ok bool) {
	if !bytes.Contains(line, []byte(`"deleted"`)) {
		return "", false
	}
	var d struct {
		ID      string `json:"id"`
		Deleted bool   `json:"deleted"`
	}
	if json.Unmarshal(line, &d) != nil || !d.Deleted || d.ID == "" {
		return "", false
	}
	return d.ID, true
}

// reject records a line that costs only itself.
func (b *batchRun) reject(line []byte, err error) {
	r := lineResult{Line: b.line, ID: idOf(line), Status: outcomeName(corpus.Rejected), Error: err.Error()}
	if field, ok := errors.AsType[*corpus.FieldError](err); ok {
		r.Field = field.Field
	}
	b.results = append(b.results, r)
	b.summary.Rejected++
}

// idOf is the id of a line that may be anything; "" where there is none to tell.
func idOf(line []byte) string {
	var d struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(line, &d) != nil || len(d.ID) > corpus.MaxID {
		return ""
	}
	return d.ID
}

// apply writes the pending changes.
func (b *batchRun) apply() error {
	if len(b.pending) == 0 {
		return nil
	}
	applied, err := b.s.opts.Store.Apply(b.c.ctx(), b.pending...)
	if err != nil {
		b.forget()
		return err
	}
	for i, outcome := range applied.Outcomes {
		b.record(&b.results[b.at[i]], outcome)
	}
	b.summary.Seq = max(b.summary.Seq, applied.Seq)
	b.clear()
	return nil
}

// record notes an outcome in its line and in the summary.
func (b *batchRun) record(r *lineResult, o corpus.Outcome) {
	r.Status = outcomeName(o.Kind)
	switch o.Kind {
	case corpus.Added:
		b.summary.Added++
	case corpus.Changed:
		b.summary.Changed++
	case corpus.Unchanged:
		b.summary.Unchanged++
	case corpus.Removed:
		b.summary.Removed++
	case corpus.Absent:
		b.summary.Absent++
	case corpus.Rejected:
		b.summary.Rejected++
		if p := badPost(o.Err); p != nil {
			r.Field, r.Error = p.Field, p.Detail
		}
	}
}

// forget drops the results of changes that were not applied.
func (b *batchRun) forget() {
	for _, i := range b.at {
		b.results[i].Status, b.results[i].Error = "failed", "not stored"
	}
	b.clear()
}

func (b *batchRun) clear() {
	b.pending, b.at, b.bytes = b.pending[:0], b.at[:0], 0
}

// finish waits until the batch is searchable. There is no limit but the client's
// patience: what is stored stays stored.
func (b *batchRun) finish(wait bool) error {
	rc := http.NewResponseController(b.c.gin.Writer)
	_ = rc.SetReadDeadline(time.Time{})
	if !wait || b.s.opts.Waiter == nil {
		return nil
	}
	err := b.c.timed("index", func() error { return b.s.wait(b.c.ctx(), b.summary.Seq) })
	b.summary.Searchable = err == nil
	return err
}

// report writes one line for each line of the input, then the summary.
func (b *batchRun) report(out *lines, failure error) error {
	for _, r := range b.results {
		if err := out.line(r); err != nil {
			return err
		}
	}
	end := batchEnd{Summary: b.summary}
	if failure != nil {
		b.s.logFailure(b.c, failure)
		end.Error = problemFor(b.c, failure)
	}
	return out.line(end)
}
