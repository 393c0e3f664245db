package corpus

import (
	"context"
	"fmt"
	"iter"
)

// Policy says which posts of an import may be shown: it is stored with the post.
type Policy string

// The policies. The zero value is PublishReviewed.
const (
	PublishReviewed Policy = ""    // the review gate holds
	PublishAll      Policy = "all" // the gate is lifted for this post
)

// Change is one entry of the change log: a post written, or an id deleted.
type Change struct {
	// Seq is assigned by Store.Apply, strictly increasing; ignored on input.
	Seq uint64
	ID  string
	// Post is nil when the id is deleted.
	Post *Post
	// Publish is the policy stored with the post.
	Publish Policy
}

// Put returns the change that writes p under policy.
func Put(p Post, policy Policy) Change { return Change{ID: p.ID, Post: &p, Publish: policy} }

// Delete returns the change that deletes id.
func Delete(id string) Change { return Change{ID: id} }

// Source is anything posts can be read from: importers, the generator, the Store.
//
// A yielded error that is a *RecordError costs only that record and iteration
// goes on; any other error ends it. Sources stream: memory does not grow with
// the number of posts.
type Source interface {
	Posts(ctx context.Context) iter.Seq2[Post, error]
}

// RecordError says which record of an input was rejected (or, as a warning,
// which value did not fit) and why.
type RecordError struct {
	File  string
	Line  int    // 1-based; 0 when the input has no lines
	Field string // JSON name; empty when the whole record is bad
	Err   error
}

// Error gives "file:line: field: reason".
func (e *RecordError) Error() string {
	s := e.File
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, e.Line)
	}
	if e.Field != "" {
		s += ": " + e.Field
	}
	return s + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *RecordError) Unwrap() error { return e.Err }
