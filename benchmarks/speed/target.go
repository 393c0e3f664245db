package speed

import (
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
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path(q), nil)
	if err != nil {
		return Answer{}, err
	}
	if s.key != "" {
		request.Header.Set("Authorization", "Bearer "+s.key)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	data, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return Answer{}, err
	}
	if response.StatusCode != http.StatusOK {
		return Answer{}, fmt.Errorf("GET %s: %s: %.200s", path(q), response.Status, data)
	}
	var b body
	if err := json.Unmarshal(data, &b); err != nil {
		return Answer{}, fmt.Errorf("GET %s: %w", path(q), err)
	}
	if b.Partial {
		return Answer{}, fmt.Errorf("GET %s: the answer is partial", path(q))
	}
	return answer(b.Total, append(b.Hits, b.Similar...)), nil
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
