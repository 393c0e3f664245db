package speed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Answer is what is remembered of an answer: two that are equal are taken to be
// the same.
type Answer struct {
	Total int
	// First is the id of the first hit; empty when there is none.
	First string
	Hits  int
}

// Target answers queries. It is called from many goroutines.
type Target interface {
	Do(ctx context.Context, q Query) (Answer, error)
}

// Asker is a Target that can ask for an answer without taking it apart, which costs the
// machine a part of what the answer did.
type Asker interface {
	// Ask fails where Do does.
	Ask(ctx context.Context, q Query) error
}

// Server is a running alphanode, asked over HTTP.
type Server struct {
	base   string
	key    string
	client *http.Client
}

// NewServer gives the target at a base URL, which keeps up to inFlight
// connections open. Key may be empty.
func NewServer(base, key string, inFlight int) (*Server, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("address %q is not of the form http://host:port", base)
	}
	transport := &http.Transport{MaxIdleConns: inFlight, MaxIdleConnsPerHost: inFlight, DisableCompression: true}
	return &Server{base: strings.TrimRight(base, "/"), key: key, client: &http.Client{Transport: transport}}, nil
}

// body is the part of both answers that is looked at.
type body struct {
	Total   int          `json:"total"`
	Partial bool         `json:"partial"`
	Hits    []identified `json:"hits"`
	Similar []identified `json:"similar"`
}

type identified struct {
	ID string `json:"id"`
}

// Do sends one request and reads the whole answer.
func (s *Server) Do(ctx context.Context, q Query) (Answer, error) {
	data, err := s.get(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	var b body
	if err := json.Unmarshal(data, &b); err != nil {
		return Answer{}, fmt.Errorf("GET %s: %w", path(q), err)
	}
	if b.Partial {
		return Answer{}, partial(q)
	}
	return answer(b.Total, append(b.Hits, b.Similar...)), nil
}

// Ask implements Asker.
func (s *Server) Ask(ctx context.Context, q Query) error {
	data, err := s.get(ctx, q)
	// A quotation mark inside a string of JSON has a backslash before it.
	if err == nil && bytes.Contains(data, []byte(`"partial":true`)) {
		err = partial(q)
	}
	return err
}

func partial(q Query) error { return fmt.Errorf("GET %s: the answer is partial", path(q)) }

// get reads the whole answer.
func (s *Server) get(ctx context.Context, q Query) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path(q), nil)
	if err != nil {
		return nil, err
	}
	if s.key != "" {
		request.Header.Set("Authorization", "Bearer "+s.key)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	data, err := readBody(response)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s: %.200s", path(q), response.Status, data)
	}
	return data, nil
}

// readBody reads a body of a known length at once.
func readBody(response *http.Response) ([]byte, error) {
	if response.ContentLength < 0 || response.ContentLength > longestLine {
		return io.ReadAll(response.Body)
	}
	data := make([]byte, response.ContentLength)
	_, err := io.ReadFull(response.Body, data)
	return data, err
}

func answer(total int, hits []identified) Answer {
	a := Answer{Total: total, Hits: len(hits)}
	if len(hits) > 0 {
		a.First = hits[0].ID
	}
	return a
}

// path is that of the request, with its query.
func path(q Query) string {
	if q.Similar != "" {
		return "/v1/posts/" + url.PathEscape(q.Similar) + "/similar?limit=" + strconv.Itoa(PerPage)
	}
	v := url.Values{"q": {q.Q}, "per_page": {strconv.Itoa(PerPage)}}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("filter", q.Filter)
	set("facets", strings.Join(q.Facets, ","))
	set("sort", q.Sort)
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	if q.Typing {
		v.Set("typing", "true")
	}
	return "/v1/search?" + v.Encode()
}
