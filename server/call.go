package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"alphanode/corpus"
)

// call is one request on its way through the server.
type call struct {
	req   *http.Request
	gin   *gin.Context
	id    string // request id
	route string // path of the route in the form of OpenAPI; "" where none matched
	start time.Time
	marks []mark
	now   func() time.Time
	// long is true once the request may take long.
	long bool
	// local is true when the request carries the local token.
	local bool
}

// mark is one part of Server-Timing.
type mark struct {
	name string
	took time.Duration
}

// ctx is done when the client went away or the route's time is over.
func (c *call) ctx() context.Context { return c.req.Context() }

// timed runs f and adds how long it took to Server-Timing.
func (c *call) timed(name string, f func() error) error {
	start := c.now()
	err := f()
	c.marks = append(c.marks, mark{name, c.now().Sub(start)})
	return err
}

// serverTiming is the value of the Server-Timing header, in milliseconds.
func (c *call) serverTiming() string {
	var b strings.Builder
	for _, m := range c.marks {
		fmt.Fprintf(&b, "%s;dur=%s, ", m.name, milliseconds(m.took))
	}
	return b.String() + "total;dur=" + milliseconds(c.now().Sub(c.start))
}

func milliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', -1, 64)
}

// postID is the id in the path, decoded, or the parameter id.
func (c *call) postID() (string, error) {
	id, inPath := c.gin.Params.Get("id")
	if inPath {
		decoded, err := url.PathUnescape(id)
		if err != nil {
			return "", badParam("id", "the id in the path is not percent-encoded: %v", err)
		}
		id = decoded
	} else {
		id = c.req.URL.Query().Get("id")
	}
	switch {
	case id == "":
		return "", badParam("id", "there is no id")
	case len(id) > corpus.MaxID:
		return "", badParam("id", "the id is over %d bytes", corpus.MaxID)
	case !utf8.ValidString(id):
		return "", badParam("id", "the id is not UTF-8")
	}
	return id, nil
}

// readBody reads the whole body; the route bounds its size.
func (c *call) readBody() ([]byte, error) {
	data, err := io.ReadAll(c.req.Body)
	if err != nil {
		return nil, bodyError(err)
	}
	return data, nil
}

// bodyError tells a body that is too large from one that broke off.
func bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return withCause(problemf(http.StatusBadRequest, "bad_body", "the body could not be read to its end"), err)
}

// readJSON decodes the body into v, strictly: one value, no unknown members.
func (c *call) readJSON(v any) error {
	data, err := c.jsonBody()
	if err != nil {
		return err
	}
	return decodeJSON(data, v)
}

// jsonBody is the body as it came, which must call itself JSON.
func (c *call) jsonBody() ([]byte, error) {
	if err := c.wantType("application/json"); err != nil {
		return nil, err
	}
	return c.readBody()
}

// decodeJSON decodes JSON strictly: one value, no unknown members.
func decodeJSON(data []byte, v any) error {
	if !utf8.Valid(data) {
		return problemf(http.StatusBadRequest, "bad_json", "the body is not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return problemf(http.StatusBadRequest, "bad_json", "the body is not as it must be: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return problemf(http.StatusBadRequest, "bad_json", "there is more than one JSON value in the body")
	}
	return nil
}

// wantType refuses a body that says it is something else. No Content-Type is
// taken as the right one.
func (c *call) wantType(types ...string) error {
	if coding := c.req.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return problemf(http.StatusUnsupportedMediaType, "bad_content_encoding", "Content-Encoding is %q; send the body as it is", coding)
	}
	header := c.req.Header.Get("Content-Type")
	if header == "" {
		return nil
	}
	got, _, err := mime.ParseMediaType(header)
	if err == nil && slices.Contains(types, got) {
		return nil
	}
	return problemf(http.StatusUnsupportedMediaType, "bad_content_type",
		"Content-Type is %q, and must be %s", header, strings.Join(types, " or "))
}
