package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

// One batch sent to a serving process holds at most so many posts and bytes.
const (
	remoteBatchPosts = 2000
	remoteBatchBytes = 32 << 20
)

// remoteImport sends posts to the serving process, batch by batch.
type remoteImport struct {
	c     *client
	opts  importer.RunOptions
	sum   importer.Summary
	lines bytes.Buffer
	posts int
}

// importRemote feeds src to /v1/posts:batch; the server answers a batch when it
// is searchable.
func (c *client) importRemote(ctx context.Context, src importer.Source, opts importer.RunOptions) (importer.Summary, error) {
	r := &remoteImport{c: c, opts: opts}
	for post, err := range src.Posts(ctx) {
		var rejected *corpus.RecordError
		switch {
		case errors.As(err, &rejected):
			r.reject(rejected)
			continue
		case err != nil:
			return r.sum, err
		}
		if err := r.add(ctx, post); err != nil {
			return r.sum, err
		}
		if r.posts == 0 {
			opts.OnProgress(src.Progress())
		}
	}
	err := r.flush(ctx)
	r.sum.Warnings = src.Warnings()
	return r.sum, err
}

func (r *remoteImport) reject(e *corpus.RecordError) {
	r.sum.Rejected++
	r.opts.OnReject(e)
}

func (r *remoteImport) add(ctx context.Context, p corpus.Post) error {
	line, err := json.Marshal(&p)
	if err != nil {
		return fmt.Errorf("encode post %q: %w", p.ID, err)
	}
	r.lines.Write(line)
	r.lines.WriteByte('\n')
	if r.posts++; r.posts < remoteBatchPosts && r.lines.Len() < remoteBatchBytes {
		return nil
	}
	return r.flush(ctx)
}

func (r *remoteImport) flush(ctx context.Context) error {
	if r.posts == 0 {
		return nil
	}
	query := url.Values{}
	if r.opts.Publish == corpus.PublishAll {
		query.Set("publish", "all")
	}
	resp, err := r.c.do(ctx, http.MethodPost, "/v1/posts:batch", query, bytes.NewReader(r.lines.Bytes()))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	r.lines.Reset()
	r.posts = 0
	return r.read(bufio.NewScanner(resp.Body))
}

// batchLine is one line of the answer: the result of a post, or the end.
type batchLine struct {
	ID      string            `json:"id"`
	Status  string            `json:"status"`
	Field   string            `json:"field"`
	Error   json.RawMessage   `json:"error"`
	Summary *importer.Summary `json:"summary"`
}

func (r *remoteImport) read(lines *bufio.Scanner) error {
	lines.Buffer(nil, 1<<20)
	ended := false
	for lines.Scan() {
		var line batchLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return fmt.Errorf("read the answer of a batch: %w", err)
		}
		switch {
		case line.Summary != nil:
			r.count(line.Summary)
			if ended = true; len(line.Error) > 0 {
				return fmt.Errorf("batch: %s", line.Error)
			}
		case line.Status == "rejected":
			r.opts.OnReject(&corpus.RecordError{File: line.ID, Field: line.Field, Err: errors.New(string(line.Error))})
		}
	}
	if err := lines.Err(); err != nil || ended {
		return err
	}
	return errors.New("the server ended a batch without its summary")
}

func (r *remoteImport) count(s *importer.Summary) {
	r.sum.Added += s.Added
	r.sum.Changed += s.Changed
	r.sum.Unchanged += s.Unchanged
	r.sum.Removed += s.Removed
	r.sum.Rejected += s.Rejected
}
