package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"alphanode/corpus"
	"alphanode/index/query"
	"alphanode/ranking"
)

// Problem is an RFC 9457 problem document and the error that handlers return.
// Code is stable and made for programs; Detail is made for people.
//
//nolint:errname // the term of RFC 9457
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
	// Param or Field names the offending parameter or post field.
	Param string `json:"param,omitempty"`
	Field string `json:"field,omitempty"`
	// Position is the byte offset of the error in Param.
	Position *int `json:"position,omitempty"`
	// Line and Column are the place of an error in a body, from 1.
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	RequestID string `json:"request_id,omitempty"`

	cause error
}

// Error gives "code: detail".
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// Unwrap returns the cause, which is logged and never sent.
func (p *Problem) Unwrap() error { return p.cause }

// problemf makes a problem document of one kind.
func problemf(status int, code, format string, args ...any) *Problem {
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Code: code, Detail: fmt.Sprintf(format, args...),
	}
}

// badParam says what is wrong with one parameter.
func badParam(param, format string, args ...any) *Problem {
	p := problemf(http.StatusBadRequest, "bad_parameter", format, args...)
	p.Param = param
	return p
}

// notFound is the answer for posts that are absent and for posts that are not
// public alike, so that the two cannot be told apart.
func notFound(id string) *Problem {
	return problemf(http.StatusNotFound, "not_found", "there is no post %q", id)
}

// asProblem turns any error of a handler into the document that is sent. What is
// not known is a 500 that says nothing of its cause.
func asProblem(err error) *Problem {
	var (
		problem *Problem
		syntax  *query.SyntaxError
		field   *corpus.FieldError
		tooBig  *http.MaxBytesError
	)
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &syntax):
		p := problemf(http.StatusBadRequest, "bad_filter", "%s (at byte %d)", syntax.Msg, syntax.Pos)
		p.Param, p.Position = "filter", &syntax.Pos
		return p
	case errors.As(err, &field):
		p := problemf(http.StatusUnprocessableEntity, "bad_post", "%s", field.Error())
		p.Field = field.Field
		return p
	case errors.As(err, &tooBig):
		return problemf(http.StatusRequestEntityTooLarge, "too_large", "the body is over %d bytes", tooBig.Limit)
	case errors.Is(err, corpus.ErrNotFound):
		return problemf(http.StatusNotFound, "not_found", "there is no such post")
	case errors.Is(err, ranking.ErrNotReady):
		return withCause(problemf(http.StatusServiceUnavailable, "not_ready", "%v", ranking.ErrNotReady), err)
	case errors.Is(err, ranking.ErrNoModel):
		return withCause(problemf(http.StatusServiceUnavailable, "not_ready", "%v", ranking.ErrNoModel), err)
	case errors.Is(err, context.DeadlineExceeded):
		return withCause(problemf(http.StatusGatewayTimeout, "timeout", "the answer took too long"), err)
	case errors.Is(err, context.Canceled):
		return withCause(problemf(statusClientClosed, "canceled", "the request was canceled"), err)
	}
	return withCause(problemf(http.StatusInternalServerError, "internal", "something went wrong; the log has it under the request id"), err)
}

// statusClientClosed is what logs and metrics show when the client went away; no
// client sees it.
const statusClientClosed = 499

func withCause(p *Problem, err error) *Problem {
	p.cause = err
	if p.Title == "" {
		p.Title = "Client Closed Request"
	}
	return p
}

// body is the document as bytes, with the request id.
func (p *Problem) body(requestID string) []byte {
	doc := *p
	doc.RequestID = requestID
	data, err := encodeJSON(&doc)
	if err != nil { // A document is strings and numbers; this cannot be.
		return []byte(`{"type":"about:blank","title":"Internal Server Error","status":500,"code":"internal"}` + "\n")
	}
	return data
}

// encodeJSON does not escape <, > and &: answers are never embedded in HTML.
func encodeJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return buf.Bytes(), nil
}
