package speed

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Editor changes posts of a server one after the other, at even distances, while it is
// searched. Each edit puts a post again with another last sentence and waits until that
// can be found. Not safe for concurrent use.
type Editor struct {
	server *Server
	posts  []edited
	every  time.Duration
	now    func() time.Time
	edits  int
}

// edited is a post that is put again and again.
type edited struct {
	id     string
	fields map[string]json.RawMessage
	body   string
}

// longestLine bounds a line of a file of posts, in bytes.
const longestLine = 64 << 20

// NewEditor edits the posts of a file of JSON lines, each with id and body, in turn, so
// many a minute.
func NewEditor(s *Server, path string, perMinute float64, now func() time.Time) (*Editor, error) {
	if perMinute <= 0 {
		return nil, fmt.Errorf("edits: %g a minute, more than 0 are wanted", perMinute)
	}
	posts, err := readEdited(path)
	if err != nil {
		return nil, fmt.Errorf("edits: %w", err)
	}
	return &Editor{server: s, posts: posts, every: time.Duration(float64(time.Minute) / perMinute), now: now}, nil
}

func readEdited(path string) (posts []edited, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, longestLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var e edited
		var known struct{ ID, Body string }
		if err := errors.Join(json.Unmarshal(lines.Bytes(), &e.fields), json.Unmarshal(lines.Bytes(), &known)); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		if known.ID == "" {
			return nil, fmt.Errorf("%s:%d: the post has no id", path, n)
		}
		e.id, e.body = known.ID, known.Body
		posts = append(posts, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(posts) == 0 {
		return nil, fmt.Errorf("%s: no posts", path)
	}
	return posts, nil
}

// Run edits until ctx ends. Latency is from when an edit was due, Service from when it
// was sent, both until the post can be found. The error is that of the first edit that
// failed; the others go on.
func (e *Editor) Run(ctx context.Context) (*KindStats, error) {
	stats, start := newKindStats("edit"), e.now()
	var first error
	for n := 0; ; n++ {
		due := start.Add(time.Duration(n) * e.every)
		if !sleepUntil(ctx, due, e.now) {
			return stats, first
		}
		sent := e.now()
		err := e.next(ctx)
		switch done := e.now(); {
		case ctx.Err() != nil:
			return stats, first
		case err != nil:
			stats.Failed++
			if first == nil {
				first = err
			}
		default:
			_ = stats.Latency.RecordValue(min(done.Sub(due).Nanoseconds(), longest))
			_ = stats.Service.RecordValue(min(done.Sub(sent).Nanoseconds(), longest))
		}
	}
}

// next edits the post whose turn it is.
func (e *Editor) next(ctx context.Context) error {
	post := e.posts[e.edits%len(e.posts)]
	e.edits++
	body, err := json.Marshal(fmt.Sprintf("%s\n\nEdit %d.\n", post.body, e.edits))
	if err != nil {
		return err
	}
	post.fields["body"] = body
	data, err := json.Marshal(post.fields)
	if err != nil {
		return err
	}
	return e.server.put(ctx, post.id, data)
}

// put stores a post and waits until it can be found.
func (s *Server) put(ctx context.Context, id string, data []byte) error {
	path := "/v1/posts/" + url.PathEscape(id)
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, s.base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if s.key != "" {
		request.Header.Set("Authorization", "Bearer "+s.key)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("PUT %s: %s: %.200s", path, response.Status, answer)
	}
	return nil
}
