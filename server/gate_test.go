package server_test

// Claims:
//  1. With one hidden post that carries a unique word, and a searcher that still
//     knows it (an index that has not caught up), no route and no page tells of its
//     id, its title or its word.
//  2. That holds for every reason to be hidden.
//  3. The same post made public is found, so the test can fail.

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
	"alphanode/server"
)

const (
	secretID   = "secret/post"
	secretWord = "xyzzyplugh"
)

// gateServer knows two public posts and the secret one.
func gateServer(t *testing.T, secret corpus.Post) *server.Server {
	t.Helper()
	store := newFakePosts(corpus.Post{ID: "a", Title: "A", Body: "text"}, secret, corpus.Post{ID: "z", Title: "Z"})
	stale := []corpus.Neighbour{{ID: secretID, Score: 2}, {ID: "z", Score: 1}}
	return newServer(t, server.Options{Store: store, Searcher: &fakeSearcher{
		search: func(ctx context.Context, req index.Request) (*index.Result, error) {
			return listing(store)(ctx, req)
		},
		suggest: func(context.Context, string, int) ([]ranking.Suggestion, error) {
			return []ranking.Suggestion{{Kind: "title", Text: secret.Title, ID: secretID}, {Kind: "title", Text: "Z", ID: "z"}}, nil
		},
		similar:   func(context.Context, string, int) ([]corpus.Neighbour, error) { return stale, nil },
		similarTo: func(context.Context, corpus.Post, int) ([]corpus.Neighbour, error) { return stale, nil },
	}})
}

// gateCalls are requests to every route that answers with posts. Those of the
// first list do not name the secret, those of the second do.
var (
	gateCalls = [][3]string{
		{"GET", "/v1/search?facets=*&explain=true&per_page=100", ""},
		{"POST", "/v1/search", "{}"},
		{"GET", "/v1/suggest?q=x", ""},
		{"GET", "/v1/facets/tags", ""},
		{"GET", "/v1/posts/a", ""},
		{"GET", "/v1/posts/a/similar", ""},
		{"GET", "/v1/post/similar?id=a", ""},
		{"POST", "/v1/similar", `{"title":"t"}`},
		{"GET", "/v1/similar:all", ""},
		{"GET", "/", ""},
		{"GET", "/?fragment=1", ""},
		{"GET", "/posts/a", ""},
		{"GET", "/post?id=a", ""},
		{"GET", "/help", ""},
		{"GET", "/metrics", ""},
		{"GET", "/healthz", ""},
		{"GET", "/readyz", ""},
		{"GET", "/openapi.json", ""},
	}
	gateNames = [][2]string{
		{"GET", "/v1/posts/secret%2Fpost"},
		{"GET", "/v1/post?id=secret/post"},
		{"GET", "/v1/posts/secret%2Fpost/similar"},
		{"GET", "/v1/post/similar?id=secret/post"},
		{"GET", "/posts/secret%2Fpost"},
		{"GET", "/post?id=secret/post"},
	}
)

func TestReviewGate(t *testing.T) {
	hidden := map[string]*corpus.Revision{
		"draft":    {Status: corpus.StatusDraft},
		"pending":  {Status: corpus.StatusPending},
		"rejected": {Status: corpus.StatusRejected},
		"archived": {Status: corpus.StatusArchived},
		"review":   nil,
	}
	for name, revision := range hidden {
		t.Run(name, func(t *testing.T) {
			secret := corpus.Post{ID: secretID, Title: "The " + secretWord, Body: secretWord, Tags: []string{secretWord}, Revision: revision}
			if revision == nil {
				secret.Flags = &corpus.Flags{NeedsHumanReview: true}
			}
			s := gateServer(t, secret)
			for _, c := range gateCalls {
				rec := ask(t, s, c[0], c[1], c[2], local...)
				wantStatus(t, rec, http.StatusOK)
				if leak := leaks(rec.Body.String()); leak != "" {
					t.Errorf("%s %s tells %q", c[0], c[1], leak)
				}
			}
			for _, c := range gateNames {
				rec := ask(t, s, c[0], c[1], "", local...)
				wantStatus(t, rec, http.StatusNotFound)
				if strings.Contains(rec.Body.String(), secretWord) {
					t.Errorf("%s %s tells the word", c[0], c[1])
				}
				absent := ask(t, s, c[0], strings.ReplaceAll(c[1], "secret", "absent"), "", local...)
				if got, want := anonymous(rec.Body.String()), anonymous(absent.Body.String()); got != want {
					t.Errorf("%s %s: a hidden post and an absent one differ:\n%s\n%s", c[0], c[1], got, want)
				}
			}
		})
	}
}

// leaks is what a body tells of the secret.
func leaks(body string) string {
	for _, s := range []string{secretWord, secretID, "secret%2Fpost"} {
		if strings.Contains(body, s) {
			return s
		}
	}
	return ""
}

// anonymous takes out what differs between any two answers: ids.
func anonymous(body string) string {
	body = strings.NewReplacer("secret/post", "ID", "absent/post", "ID").Replace(body)
	if i := strings.Index(body, "request"); i >= 0 {
		body = body[:i]
	}
	return body
}

func TestPublicPostIsShown(t *testing.T) {
	s := gateServer(t, corpus.Post{ID: secretID, Title: "The " + secretWord, Body: secretWord})
	for _, i := range []int{0, 1, 2, 5, 7, 8, 9, 11} {
		c := gateCalls[i]
		if rec := ask(t, s, c[0], c[1], c[2], local...); leaks(rec.Body.String()) == "" {
			t.Errorf("%s %s does not show a public post", c[0], c[1])
		}
	}
	for _, c := range gateNames {
		wantStatus(t, ask(t, s, c[0], c[1], ""), http.StatusOK)
	}
}
