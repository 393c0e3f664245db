package server

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"alphanode/corpus"
	"alphanode/index/curation"
)

// curationKind is the kind in the path.
func (s *Server) curationKind(c *call) (string, error) {
	kind := c.gin.Param("kind")
	if !curation.Known(kind) {
		return "", problemf(http.StatusNotFound, "not_found", "there is no curation of %q; there are: %s",
			printable(kind), strings.Join(curation.Kinds(), ", "))
	}
	if s.opts.Curation == nil {
		return "", problemf(http.StatusNotImplemented, "no_curation", "this server keeps no curation")
	}
	return kind, nil
}

// getCuration is GET /v1/curation/{kind}: the document itself, its version as ETag.
func (s *Server) getCuration(c *call) (reply, error) {
	p, err := newParams(c, "version")
	if err != nil {
		return nil, err
	}
	kind, err := s.curationKind(c)
	if err != nil {
		return nil, err
	}
	version := p.number("version", 0, 1, maxVersion)
	if p.err != nil {
		return nil, p.err
	}
	var doc corpus.Curation
	if version == 0 {
		doc, err = s.opts.Curation.Curation(c.ctx(), kind)
	} else {
		doc, err = s.opts.Curation.CurationAt(c.ctx(), kind, uint64(version)) //nolint:gosec // positive
	}
	if errors.Is(err, corpus.ErrNotFound) {
		return nil, problemf(http.StatusNotFound, "not_found", "version %d of %s is not kept", version, kind)
	}
	if err != nil {
		return nil, err
	}
	if doc.Version == 0 {
		doc.Body = curation.Empty(kind)
	}
	return bytesReply{
		status: http.StatusOK, contentType: typeJSON, body: append(doc.Body, '\n'),
		etag: true, tag: versionTag(doc.Version),
	}, nil
}

const maxVersion = 1 << 31

// versionTag is the entity tag of a version.
func versionTag(v uint64) string { return `"` + strconv.FormatUint(v, 10) + `"` }

// curationVersion is a version without its document.
type curationVersion struct {
	Kind    string `json:"kind"`
	Version uint64 `json:"version"`
	// UpdatedAt is zero for a document that was never written.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
	Bytes     int       `json:"bytes"`
	// Unknown are ids in a document of similar posts that no public post has, at most
	// 100; told by the write.
	Unknown []string `json:"unknown,omitempty"`
}

func newCurationVersion(doc corpus.Curation) curationVersion {
	return curationVersion{Kind: doc.Kind, Version: doc.Version, UpdatedAt: doc.Time, Bytes: len(doc.Body)}
}

// putCuration is PUT /v1/curation/{kind}: writes the next version, if the one that
// If-Match names is still the latest.
func (s *Server) putCuration(c *call) (reply, error) {
	if _, err := newParams(c); err != nil {
		return nil, err
	}
	kind, err := s.curationKind(c)
	if err != nil {
		return nil, err
	}
	expected, err := expectedVersion(c.req.Header)
	if err != nil {
		return nil, err
	}
	if err := c.wantType("application/json", "application/yaml"); err != nil {
		return nil, err
	}
	data, err := c.readBody()
	if err != nil {
		return nil, err
	}
	body, err := curation.Normalise(kind, data)
	if err != nil {
		return nil, badCuration(err)
	}
	doc, err := s.opts.Curation.PutCuration(c.ctx(), kind, body, expected)
	if conflict, ok := errors.AsType[*corpus.VersionError](err); ok {
		return nil, problemf(http.StatusPreconditionFailed, "version_changed",
			"%s is at version %d by now; read it, and make the change again", kind, conflict.Got)
	}
	if err != nil {
		return nil, err
	}
	c.gin.Writer.Header().Set("ETag", versionTag(doc.Version))
	v := newCurationVersion(doc)
	if kind == curation.KindSimilar {
		v.Unknown, err = s.curatedSimilar(c, doc)
	}
	if err != nil {
		return nil, err
	}
	return jsonReply(http.StatusOK, v)
}

// expectedVersion reads If-Match, and If-None-Match: * for a document that was never
// written.
func expectedVersion(h http.Header) (uint64, error) {
	match := strings.TrimSpace(h.Get("If-Match"))
	switch {
	case strings.TrimSpace(h.Get("If-None-Match")) == "*":
		return 0, nil
	case match == "", match == "*":
		return corpus.AnyVersion, nil
	}
	digits, quoted := strings.CutPrefix(strings.TrimSuffix(match, `"`), `"`)
	v, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || !quoted {
		return 0, badParam("If-Match", "If-Match must be the ETag of a version, such as %q", versionTag(1))
	}
	return v, nil
}

// badCuration is the problem of a document that is not as it must be.
func badCuration(err error) *Problem {
	p := problemf(http.StatusBadRequest, "bad_curation", "%v", err)
	if place, ok := errors.AsType[*curation.Error](err); ok {
		p.Field, p.Line, p.Column = place.Path, place.Line, place.Column
	}
	return p
}

// historyAnswer is the answer of GET /v1/curation/{kind}/history.
type historyAnswer struct {
	Kind     string            `json:"kind"`
	Versions []curationVersion `json:"versions"`
}

// curationHistory is GET /v1/curation/{kind}/history: the versions that are kept, the
// latest first.
func (s *Server) curationHistory(c *call) (reply, error) {
	if _, err := newParams(c); err != nil {
		return nil, err
	}
	kind, err := s.curationKind(c)
	if err != nil {
		return nil, err
	}
	docs, err := s.opts.Curation.CurationHistory(c.ctx(), kind)
	if err != nil {
		return nil, err
	}
	out := historyAnswer{Kind: kind, Versions: make([]curationVersion, len(docs))}
	for i, doc := range docs {
		out.Versions[i] = newCurationVersion(doc)
	}
	return jsonReply(http.StatusOK, out)
}
