package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// streamReply writes NDJSON lines while run makes them. When run fails, the last
// line is {"error": problem}, and the connection is cut: neither a client that
// reads lines nor one that copies bytes takes a part for the whole.
type streamReply struct {
	s   *Server
	run func(out *lines) error
}

// lines writes NDJSON. It is safe for concurrent use.
type lines struct {
	s  *Server
	c  *call
	rc *http.ResponseController

	mu       sync.Mutex
	buf      bytes.Buffer
	enc      *json.Encoder
	failed   error
	progress time.Time // of the latest progress line
}

// flushBytes is how much is gathered before it is sent.
const flushBytes = 32 << 10

func (r streamReply) write(c *call) error {
	out := &lines{s: r.s, c: c, rc: http.NewResponseController(c.gin.Writer)}
	out.enc = json.NewEncoder(&out.buf)
	out.enc.SetEscapeHTML(false)
	_ = out.rc.SetWriteDeadline(time.Time{}) // Sending sets its own.
	h := c.gin.Writer.Header()
	h.Set("Content-Type", typeNDJSON)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	h.Set("Server-Timing", c.serverTiming())
	if err := r.run(out); err != nil && c.ctx().Err() == nil {
		r.s.logFailure(c, err)
		_ = out.line(errorLine{problemFor(c, err)})
		_ = out.flush()
		panic(http.ErrAbortHandler)
	}
	return out.flush()
}

// errorLine is the last line of a stream that failed.
type errorLine struct {
	Error *Problem `json:"error"`
}

// problemFor is the document of err with the request id.
func problemFor(c *call, err error) *Problem {
	p := *asProblem(err)
	p.RequestID = c.id
	return &p
}

// line writes one value. Its error is that of the connection.
func (l *lines) line(v any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed != nil {
		return l.failed
	}
	if err := l.enc.Encode(v); err != nil {
		return err
	}
	if l.buf.Len() >= flushBytes {
		l.failed = l.send()
	}
	return l.failed
}

// flush sends what is gathered.
func (l *lines) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed == nil {
		l.failed = l.send()
	}
	return l.failed
}

// send writes the buffer to the client, which has Limits.Write to take it.
func (l *lines) send() error {
	_ = l.rc.SetWriteDeadline(l.c.now().Add(l.s.opts.Limits.Write))
	_, err := l.c.gin.Writer.Write(l.buf.Bytes())
	l.buf.Reset()
	if err == nil {
		l.c.gin.Writer.Flush()
	}
	_ = l.rc.SetWriteDeadline(time.Time{})
	return err
}

// progressLine tells how much of a long job is done.
type progressLine struct {
	Progress struct {
		Done  int `json:"done"`
		Total int `json:"total"`
	} `json:"progress"`
}

// progressEvery is the least time between two progress lines.
const progressEvery = 250 * time.Millisecond

// report is a Progress that writes lines at a bearable rate.
func (l *lines) report(done, total int) {
	now := l.c.now()
	l.mu.Lock()
	due := now.Sub(l.progress) >= progressEvery || done == total
	if due {
		l.progress = now
	}
	l.mu.Unlock()
	if !due {
		return
	}
	var p progressLine
	p.Progress.Done, p.Progress.Total = done, total
	if l.line(p) == nil {
		_ = l.flush()
	}
}

// unhurry lifts the connection's time-outs once the request is read: the work may
// take as long as the client waits.
func (s *Server) unhurry(c *call) {
	if !c.long {
		c.long = true
		s.answering.Add(-1)
	}
	rc := http.NewResponseController(c.gin.Writer)
	_ = rc.SetReadDeadline(time.Time{})
	_ = rc.SetWriteDeadline(time.Time{})
}
