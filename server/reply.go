package server

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	typeJSON    = "application/json; charset=utf-8"
	typeProblem = "application/problem+json; charset=utf-8"
	typeNDJSON  = "application/x-ndjson; charset=utf-8"
	typeHTML    = "text/html; charset=utf-8"
)

// reply is a complete answer or one that writes itself in parts.
type reply interface {
	write(c *call) error
}

// bytesReply is a complete answer.
type bytesReply struct {
	status      int
	contentType string
	body        []byte
	// etag says that the answer may be revalidated by its content.
	etag bool
	// tag is the entity tag where that is not made of the content.
	tag   string
	cache string // Cache-Control; empty: no-cache with an ETag, else no-store
}

// jsonReply answers v as JSON.
func jsonReply(status int, v any) (reply, error) {
	data, err := encodeJSON(v)
	if err != nil {
		return nil, err
	}
	return bytesReply{status: status, contentType: typeJSON, body: data}, nil
}

// taggedReply answers v as JSON that a client may keep and revalidate.
func taggedReply(v any) (reply, error) {
	data, err := encodeJSON(v)
	if err != nil {
		return nil, err
	}
	return bytesReply{status: http.StatusOK, contentType: typeJSON, body: data, etag: true}, nil
}

// write sends the answer, or 304 when the client has it already.
func (r bytesReply) write(c *call) error {
	h := c.gin.Writer.Header()
	cache := r.cache
	if cache == "" {
		cache = "no-store"
	}
	if r.etag {
		tag := cmp.Or(r.tag, contentTag(r.body))
		h.Set("ETag", tag)
		if r.cache == "" {
			cache = "no-cache"
		}
		if r.status == http.StatusOK && matchesTag(c.req.Header.Get("If-None-Match"), tag) {
			h.Set("Cache-Control", cache)
			h.Set("Server-Timing", c.serverTiming())
			c.gin.Writer.WriteHeader(http.StatusNotModified)
			c.gin.Writer.WriteHeaderNow()
			return nil
		}
	}
	h.Set("Cache-Control", cache)
	h.Set("Content-Type", r.contentType)
	h.Set("Content-Length", strconv.Itoa(len(r.body)))
	h.Set("Server-Timing", c.serverTiming())
	c.gin.Writer.WriteHeader(r.status)
	c.gin.Writer.WriteHeaderNow()
	_, err := c.gin.Writer.Write(r.body)
	return err
}

// contentTag is the entity tag of a body.
func contentTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// matchesTag reports whether an If-None-Match header names tag (weak comparison,
// RFC 9110 section 13.1.2).
func matchesTag(header, tag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	for candidate := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(candidate), "W/") == tag {
			return true
		}
	}
	return false
}

// preflightReply answers OPTIONS.
type preflightReply struct{ methods string }

func (r preflightReply) write(c *call) error {
	h := c.gin.Writer.Header()
	h.Set("Allow", r.methods)
	if h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Allow-Methods", r.methods)
		h.Set("Access-Control-Allow-Headers", "Content-Type, If-None-Match, X-API-Key, X-Request-Id")
		h.Set("Access-Control-Max-Age", "86400")
	}
	c.gin.Writer.WriteHeader(http.StatusNoContent)
	c.gin.Writer.WriteHeaderNow()
	return nil
}
