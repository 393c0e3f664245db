package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// facets are those of the search page.
const facets = "tags,stack,tools,difficulty,code_language,topic,author,series,year,reading_time,quality,entities,lang"

// measurement is what one data directory gave.
type measurement struct {
	posts int
	disk  int64
	// open is from the start of the program to the first answer.
	open time.Duration
	// first are the times of what was asked for the first time, again those of the same
	// later, by kind.
	first, again map[string][]time.Duration
	// peak is the most anonymous memory; rest what of it is left.
	peak, rest int64
}

func columns() []string {
	return []string{
		"posts", "open to first answer, s", "prefix, p50 ms", "prefix, p99 ms", "word and prefix, p50 ms", "word and prefix, p99 ms",
		"first touch, p50 ms", "first touch, p99 ms", "anonymous memory, MB", "search on disk, MB",
	}
}

func plotted() []string {
	return []string{"open to first answer, s", "prefix, p99 ms", "word and prefix, p99 ms", "first touch, p99 ms", "anonymous memory, MB"}
}

func (m *measurement) row() []any {
	row := []any{thousands(m.posts), m.open.Seconds()}
	for _, times := range [][]time.Duration{m.again[alone], m.again[after], slices.Concat(m.first[alone], m.first[after])} {
		row = append(row, ms(percentile(times, 50)), ms(percentile(times, 99)))
	}
	return append(row, m.peak/1e6, m.disk/1e6)
}

// String gives all figures on a few lines.
func (m *measurement) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s posts, %d MB on disk: open %.3f s, anonymous memory %d MB at most, %d MB at the end", thousands(m.posts), m.disk/1e6, m.open.Seconds(), m.peak/1e6, m.rest/1e6)
	for _, pass := range []struct {
		name  string
		times map[string][]time.Duration
	}{{"first", m.first}, {"again", m.again}} {
		for _, kind := range []string{alone, after} {
			t := pass.times[kind]
			fmt.Fprintf(&b, "\n  %s %-13s n %5d  p50 %7.2f  p90 %7.2f  p99 %7.2f  max %7.2f ms", pass.name, kind, len(t),
				ms(percentile(t, 50)), ms(percentile(t, 90)), ms(percentile(t, 99)), ms(percentile(t, 100)))
		}
	}
	return b.String()
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// percentile is the p-th of times; 0 of none.
func percentile(times []time.Duration, p int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// measure serves a directory and asks for all keystrokes.
func measure(ctx context.Context, o *options, dir string, keys []keystroke) (m *measurement, err error) {
	start := time.Now()
	p, err := serve(ctx, o, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	m = &measurement{disk: size(filepath.Join(dir, "search")), first: map[string][]time.Duration{}, again: map[string][]time.Duration{}}
	c := &client{base: "http://" + o.addr}
	if err := c.await(ctx, keys[0].text); err != nil {
		return nil, err
	}
	m.open = time.Since(start)
	if m.posts, err = c.posts(ctx); err != nil {
		return nil, err
	}
	asked := make(map[string]bool)
	for round := range o.rounds + 1 {
		for _, k := range keys {
			if round == 0 && asked[k.text] {
				continue
			}
			asked[k.text] = true
			took, err := c.search(ctx, k.text)
			if err != nil {
				return nil, err
			}
			if round == 0 {
				m.first[k.kind] = append(m.first[k.kind], took)
			} else {
				m.again[k.kind] = append(m.again[k.kind], took)
			}
		}
	}
	m.peak, m.rest = p.peak.Load(), p.anonymous()
	return m, nil
}

// size is that of the files below a folder, in bytes.
func size(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	return total
}

// client asks a server.
type client struct {
	base string
	http http.Client
}

// patience is how long a server may take to open its directory.
const patience = 5 * time.Minute

// await asks until there is an answer.
func (c *client) await(ctx context.Context, q string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		_, err := c.search(ctx, q)
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// search asks for the first page of what stands in the box while it is typed, and gives how
// long the answer took.
func (c *client) search(ctx context.Context, q string) (time.Duration, error) {
	v := url.Values{"q": {q}, "typing": {"true"}, "facets": {facets}, "highlight": {"true"}}
	start := time.Now()
	_, err := c.get(ctx, "/v1/search?"+v.Encode())
	return time.Since(start), err
}

// posts is how many posts can be found.
func (c *client) posts(ctx context.Context) (int, error) {
	data, err := c.get(ctx, "/v1/search?per_page=0")
	if err != nil {
		return 0, err
	}
	var answer struct {
		Total int `json:"total"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return 0, fmt.Errorf("count posts: %w", err)
	}
	return answer.Total, nil
}

func (c *client) get(ctx context.Context, path string) (data []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if data, err = io.ReadAll(response.Body); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s: %.200s", path, response.Status, data)
	}
	return data, nil
}
