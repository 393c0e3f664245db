package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"alphanode/corpus"
)

// client asks the API: of the process that serves the directory, where one
// does, and of this process otherwise.
type client struct {
	http  *http.Client
	base  string
	token string
	// app is nil when another process holds the directory.
	app   *App
	close func() error
}

// A holder of the directory that serves says where within moments of its start.
const (
	holderTries = 20
	holderPause = 100 * time.Millisecond
)

// connect opens the directory, or finds who serves it.
func (o *rootOptions) connect(ctx context.Context) (*client, error) {
	var locked *corpus.LockedError
	for range holderTries {
		app, err := OpenApp(ctx, appConfig{dir: o.data, logger: o.logger, now: o.now})
		switch {
		case errors.As(err, &locked) && locked.Holder.Addr != "":
			return remoteClient(locked.Holder), nil
		case locked == nil && err != nil:
			return nil, err
		case err == nil:
			return localClient(ctx, app), nil
		}
		if err := pause(ctx, holderPause); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s is in use by process %d, which does not serve; try again when it has ended", o.data, locked.Holder.PID)
}

func remoteClient(h corpus.LockInfo) *client {
	return &client{http: &http.Client{}, base: "http://" + h.Addr, token: h.Token, close: func() error { return nil }}
}

// localClient serves app over an in-process connection.
func localClient(ctx context.Context, app *App) *client {
	ln := newPipeListener()
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- app.Server.Serve(ctx, ln) }()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) { return ln.dial(ctx, network, addr) }}
	return &client{
		http: &http.Client{Transport: transport}, base: "http://127.0.0.1", token: app.token, app: app,
		close: func() error {
			transport.CloseIdleConnections()
			cancel()
			return errors.Join(<-served, app.Close())
		},
	}
}

// do sends a request and gives the answer, or the problem as an error.
func (c *client) do(ctx context.Context, method, path string, query url.Values, body io.Reader) (*http.Response, error) {
	header := http.Header{}
	if body != nil {
		header.Set("Content-Type", "application/x-ndjson")
	}
	return c.send(ctx, method, path, query, body, header)
}

// send is do with headers.
func (c *client) send(ctx context.Context, method, path string, query url.Values, body io.Reader, header http.Header) (*http.Response, error) {
	target := c.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, err
	}
	req.Header = header
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, errors.Join(problemError(resp), resp.Body.Close())
	}
	return resp, nil
}

// problem is the part of an RFC 9457 document that a person wants to read.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// problemError turns a problem answer into an error; a 400 is wrong usage.
func problemError(resp *http.Response) error {
	data, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10)) // What came is shown; the status counts.
	var p problem
	if json.Unmarshal(data, &p) != nil || p.Title == "" {
		p.Title = resp.Status
	}
	err := errors.New(p.Title)
	if p.Detail != "" {
		err = fmt.Errorf("%s: %s", p.Title, p.Detail)
	}
	switch resp.StatusCode {
	case http.StatusBadRequest:
		return usage(err)
	case http.StatusPreconditionFailed:
		return fmt.Errorf("%w: %w", errVersionChanged, err)
	}
	return err
}

// errVersionChanged is wrapped by the error of a write that somebody else came
// before.
var errVersionChanged = errors.New("nothing was written")

// get reads a JSON answer: its bytes as they came, and decoded into v.
func (c *client) get(ctx context.Context, path string, query url.Values, v any) ([]byte, error) {
	resp, err := c.do(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return nil, fmt.Errorf("decode %s: %w", path, err)
	}
	return bytes.TrimSpace(data), nil
}

// catchUp waits until all that is stored is searchable; a server has done so.
func (c *client) catchUp(ctx context.Context) error {
	if c.app == nil {
		return nil
	}
	return c.app.CatchUp(ctx)
}

// with runs f on a connected, caught-up client and closes it after.
func (o *rootOptions) with(ctx context.Context, f func(*client) error) (err error) {
	c, err := o.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.catchUp(ctx); err != nil {
		return err
	}
	return f(c)
}
