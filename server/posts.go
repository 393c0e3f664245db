package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"alphanode/corpus"
	"alphanode/ranking"
)

// public returns a post that may be shown; a post that is absent and one that is
// not public are the same error.
func (s *Server) public(ctx context.Context, id string) (corpus.Record, error) {
	rec, err := s.opts.Store.Get(ctx, id)
	if errors.Is(err, corpus.ErrNotFound) {
		return corpus.Record{}, notFound(id)
	}
	if err != nil {
		return corpus.Record{}, err
	}
	if !corpus.Public(&rec.Post, rec.Publish) {
		return corpus.Record{}, notFound(id)
	}
	return rec, nil
}

// computedPost is a post with the scores that it does not give itself.
type computedPost struct {
	*corpus.Post
	Computed *ranking.Scores `json:"computed,omitempty"`
}

// getPost is GET /v1/posts/{id}.
func (s *Server) getPost(c *call) (reply, error) {
	p, err := newParams(c, "id", "computed")
	if err != nil {
		return nil, err
	}
	id, err := c.postID()
	if err != nil {
		return nil, err
	}
	computed := p.flag("computed", false)
	if p.err != nil {
		return nil, p.err
	}
	var rec corpus.Record
	err = c.timed("store", func() (err error) {
		rec, err = s.public(c.ctx(), id)
		return err
	})
	if err != nil {
		return nil, err
	}
	answer := computedPost{Post: &rec.Post}
	if computed {
		scores := ranking.DerivedScores(&rec.Post)
		answer.Computed = &scores
	}
	return taggedReply(answer)
}

// written is the answer to a write of one post.
type written struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Seq    uint64 `json:"seq"`
	// Searchable is false when the caller did not want to wait.
	Searchable bool `json:"searchable"`
}

// putPost is PUT /v1/posts/{id}.
func (s *Server) putPost(c *call) (reply, error) {
	w, err := s.writeParams(c)
	if err != nil {
		return nil, err
	}
	data, err := c.jsonBody()
	if err != nil {
		return nil, err
	}
	post, err := corpus.DecodePost(data, *s.opts.PostLimits)
	if err != nil {
		return nil, badPost(err)
	}
	if post.ID != w.id {
		p := problemf(http.StatusConflict, "id_mismatch", "the path says %q and the post %q", w.id, post.ID)
		p.Field = "id"
		return nil, p
	}
	return s.write(c, w, corpus.Put(post, w.policy))
}

// deletePost is DELETE /v1/posts/{id}.
func (s *Server) deletePost(c *call) (reply, error) {
	w, err := s.writeParams(c)
	if err != nil {
		return nil, err
	}
	return s.write(c, w, corpus.Delete(w.id))
}

// writeArgs are the parameters of a write.
type writeArgs struct {
	id     string
	wait   bool
	policy corpus.Policy
}

func (s *Server) writeParams(c *call) (writeArgs, error) {
	p, err := newParams(c, "id", "wait", "publish")
	if err != nil {
		return writeArgs{}, err
	}
	id, err := c.postID()
	if err != nil {
		return writeArgs{}, err
	}
	w := writeArgs{id: id, wait: p.flag("wait", true), policy: p.policy(c)}
	return w, p.err
}

// write applies one change, waits until it is searchable and reports what it did.
func (s *Server) write(c *call, w writeArgs, change corpus.Change) (reply, error) {
	var applied corpus.Applied
	err := c.timed("store", func() (err error) {
		applied, err = s.opts.Store.Apply(c.ctx(), change)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(applied.Outcomes) != 1 {
		return nil, errors.New("store: one change and " + strconv.Itoa(len(applied.Outcomes)) + " outcomes")
	}
	outcome := applied.Outcomes[0]
	switch outcome.Kind {
	case corpus.Rejected:
		return nil, badPost(outcome.Err)
	case corpus.Absent:
		return nil, notFound(w.id)
	case corpus.Added, corpus.Changed, corpus.Unchanged, corpus.Removed:
	}
	searchable := false
	if w.wait {
		if err := c.timed("index", func() error { return s.wait(c.ctx(), outcome.Seq) }); err != nil {
			return nil, err
		}
		searchable = s.opts.Waiter != nil
	}
	status := http.StatusOK
	if outcome.Kind == corpus.Added {
		status = http.StatusCreated
	}
	return jsonReply(status, written{ID: w.id, Status: outcomeName(outcome.Kind), Seq: outcome.Seq, Searchable: searchable})
}

// wait returns when seq is searchable. The write is durable whatever happens, and
// the error says so.
func (s *Server) wait(ctx context.Context, seq uint64) error {
	if s.opts.Waiter == nil {
		return nil
	}
	if err := s.opts.Waiter.Wait(ctx, seq); err != nil {
		return withCause(problemf(http.StatusGatewayTimeout, "stored_not_searchable",
			"the change is stored (seq %d) but was not searchable in time; it will be", seq), err)
	}
	return nil
}

// outcomeName is the word for what a change did.
func outcomeName(k corpus.OutcomeKind) string {
	switch k {
	case corpus.Added:
		return "added"
	case corpus.Changed:
		return "changed"
	case corpus.Unchanged:
		return "unchanged"
	case corpus.Removed:
		return "removed"
	case corpus.Absent:
		return "absent"
	case corpus.Rejected:
		return "rejected"
	default:
		return "rejected"
	}
}

// badPost is the problem of a post that is not as it must be.
func badPost(err error) *Problem {
	p := problemf(http.StatusUnprocessableEntity, "bad_post", "%v", err)
	if field, ok := errors.AsType[*corpus.FieldError](err); ok {
		p.Field = field.Field
	}
	return p
}
