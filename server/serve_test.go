package server_test

// Claims, on a real connection:
//  1. A cancelled context lets requests in flight finish, then Serve returns nil and
//     no goroutine is left.
//  2. Requests that do not end are cut off after the grace.
//  3. A client that sends its header or its body slowly is dropped.
//  4. Too large a header, body or batch is refused without being read to its end.
//  5. A stream outlives the write time-out as long as it moves, and a stream that
//     fails ends with an error line and a cut connection.
//  6. A client that goes away ends the work for it.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/server"
)

// started is a server on a real listener.
type started struct {
	addr   string
	cancel context.CancelFunc
	done   chan error
}

func start(t *testing.T, opts server.Options) *started {
	t.Helper()
	opts.Now = time.Now
	s := newServer(t, opts)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	st := &started{addr: ln.Addr().String(), cancel: cancel, done: make(chan error, 1)}
	go func() { st.done <- s.Serve(ctx, ln) }()
	t.Cleanup(func() { cancel() })
	return st
}

// closed closes what a test is done with.
func closed(t *testing.T, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// stop ends the server and gives what Serve returned.
func (s *started) stop(t *testing.T) error {
	t.Helper()
	s.cancel()
	select {
	case err := <-s.done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the server does not stop")
		return nil
	}
}

func (s *started) get(t *testing.T, path string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return client.Do(req)
}

func TestShutdownFinishesRequests(t *testing.T) {
	before := runtime.NumGoroutine()
	entered, release := make(chan struct{}), make(chan struct{})
	st := start(t, server.Options{Searcher: &fakeSearcher{search: func(ctx context.Context, _ index.Request) (*index.Result, error) {
		close(entered)
		select {
		case <-release:
		case <-ctx.Done():
		}
		return &index.Result{}, ctx.Err()
	}}})
	answer := make(chan string, 1)
	go func() {
		resp, err := st.get(t, "/v1/search")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer func() { _ = resp.Body.Close() }()
		answer <- resp.Status
	}()
	<-entered
	st.cancel()
	time.Sleep(50 * time.Millisecond)
	close(release)
	if got := <-answer; got != "200 OK" {
		t.Errorf("request in flight: %s", got)
	}
	if err := st.stop(t); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if resp, err := st.get(t, "/version"); err == nil {
		_ = resp.Body.Close() // It was read.
		t.Error("a stopped server answers")
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func TestShutdownCutsOff(t *testing.T) {
	entered := make(chan struct{})
	st := start(t, server.Options{
		Limits: server.Limits{Shutdown: 100 * time.Millisecond},
		Searcher: &fakeSearcher{search: func(ctx context.Context, _ index.Request) (*index.Result, error) {
			close(entered)
			<-ctx.Done()
			return nil, ctx.Err()
		}},
	})
	go func() {
		if resp, err := st.get(t, "/v1/search"); err == nil {
			_ = resp.Body.Close() // It was read.
		}
	}()
	<-entered
	began := time.Now()
	if err := st.stop(t); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopped after %v", took)
	}
}

func TestListenerFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed(t, ln)
	if err := newServer(t, server.Options{}).Serve(t.Context(), ln); err == nil {
		t.Error("no error from a closed listener")
	}
}

// raw sends bytes and reads until the server closes or time is over.
func raw(t *testing.T, addr, send string) (string, time.Duration) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, conn)
	began := time.Now()
	if _, err := io.WriteString(conn, send); err != nil {
		return "", time.Since(began)
	}
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	data, _ := io.ReadAll(conn) // What came is looked at; a reset is as good as an end.
	return string(data), time.Since(began)
}

func TestSlowClients(t *testing.T) {
	st := start(t, server.Options{Limits: server.Limits{ReadHeader: 300 * time.Millisecond, Read: 500 * time.Millisecond}})
	for name, send := range map[string]string{
		"header": "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
		"body":   "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
		"batch":  "POST /v1/posts:batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"id\":\"a\",",
	} {
		got, took := raw(t, st.addr, send)
		if took > 5*time.Second {
			t.Errorf("%s: held for %v", name, took)
		}
		if strings.Contains(got, "200 OK") && !strings.Contains(got, `"complete":false`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestHugeRequests(t *testing.T) {
	st := start(t, server.Options{Limits: server.Limits{HeaderBytes: 8 << 10, BodyBytes: 1 << 20}})
	got, _ := raw(t, st.addr, "GET /?q="+strings.Repeat("a", 64<<10)+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if !strings.Contains(got, "431") {
		t.Errorf("a huge header: %.80q", got)
	}
	for _, path := range []string{"/v1/search", "/v1/posts/a", "/v1/similar"} {
		method := http.MethodPost
		if path == "/v1/posts/a" {
			method = http.MethodPut
		}
		body := io.LimitReader(endless{}, 100<<20)
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+st.addr+path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
		if err != nil {
			continue // The connection was cut while the rest was being sent: refused too.
		}
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %s", path, resp.Status)
		}
		_ = resp.Body.Close() // It was read.
	}
	if got, _ := raw(t, st.addr, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\n\r\n"); !strings.Contains(got, "400") {
		t.Errorf("two hosts: %.80q", got)
	}
}

// endless is JSON that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("["), len(p))), nil }

func TestStreamOutlivesTimeouts(t *testing.T) {
	st := start(t, server.Options{
		Limits: server.Limits{Read: 200 * time.Millisecond, Write: 200 * time.Millisecond},
		Store:  newFakePosts(corpus.Post{ID: "a", Title: "A"}),
		Searcher: &fakeSearcher{buildGraph: func(ctx context.Context, _ func(done, total int)) error {
			select {
			case <-time.After(700 * time.Millisecond):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}},
	})
	resp, err := st.get(t, "/v1/similar:all")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil || !strings.HasPrefix(string(data), `{"id":"a"`) {
		t.Errorf("%q, %v", data, err)
	}
}

func TestStreamFails(t *testing.T) {
	st := start(t, server.Options{
		Store: newFakePosts(corpus.Post{ID: "a", Title: "A"}, corpus.Post{ID: "b", Title: "B"}),
		Searcher: &fakeSearcher{similar: func(_ context.Context, id string, _ int) ([]corpus.Neighbour, error) {
			if id == "b" {
				return nil, errors.New("graph is gone")
			}
			return nil, nil
		}},
	})
	resp, err := st.get(t, "/v1/similar:all")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if err == nil || len(lines) != 2 || !strings.HasPrefix(lines[1], `{"error":{`) {
		t.Errorf("%q, %v", data, err)
	}
}

func TestClientGoesAway(t *testing.T) {
	entered, left := make(chan struct{}), make(chan struct{})
	st := start(t, server.Options{Searcher: &fakeSearcher{search: func(ctx context.Context, _ index.Request) (*index.Result, error) {
		close(entered)
		<-ctx.Done()
		close(left)
		return nil, ctx.Err()
	}}})
	conn, err := net.Dial("tcp", st.addr)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "GET /v1/search HTTP/1.1\r\nHost: localhost\r\n\r\n")
	<-entered
	closed(t, conn)
	select {
	case <-left:
	case <-time.After(5 * time.Second):
		t.Error("the search goes on for nobody")
	}
}

func TestKeepAliveAfterErrors(t *testing.T) {
	st := start(t, server.Options{})
	conn, err := net.Dial("tcp", st.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, conn)
	in := bufio.NewReader(conn)
	for _, path := range []string{"/nope", "/v1/search?x=1", "/version"} {
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path)
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body) // The next answer follows.
		_ = resp.Body.Close()                 // It was read.
	}
}
