// Claims proved here:
//
//  1. The first 1,000 posts of a seed are the same bytes on every machine, with
//     any number of workers, and as yielded by Posts.
//  2. A post depends on the seed and its number alone; its Truth is what its
//     fields say.
//  3. Every post is one that the store accepts and reads back the same.
//  4. Facets, statuses, flags and languages have realistic shares; dates are in
//     order.
//  5. The parts of a series share what a series shares and follow each other.
//  6. Writing ends with the context, and with the error of the writer.
package synth_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/synth"
)

// golden is the SHA-256 of the first 1,000 posts of seed 1 as JSON lines. It
// changes when phrases or code change what is written, which is a change of every
// measurement made on generated posts: say so in the CHANGELOG.
const golden = "f9fb78adbb0575d8127765ff7e5dc8c2dc03acdfb8a7fe7252e5519401bc8401"

func TestSameBytesEverywhere(t *testing.T) {
	g := synth.New(1, 1000)
	for _, workers := range []int{1, 3} {
		h := sha256.New()
		if err := g.WriteJSONL(t.Context(), h, workers); err != nil {
			t.Fatalf("WriteJSONL with %d workers: %v", workers, err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != golden {
			t.Errorf("with %d workers: SHA-256 %s, want %s", workers, got, golden)
		}
	}
	h := sha256.New()
	for p, err := range g.Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		h.Write(append(corpus.AppendPost(nil, &p), '\n'))
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != golden {
		t.Errorf("by Posts: SHA-256 %s, want %s", got, golden)
	}
}

func TestPostIsPure(t *testing.T) {
	long, short := synth.New(9, 100_000), synth.New(9, 10)
	for _, i := range []int{0, 5, 31, 32, 999, 1_000_000} {
		if diff := cmp.Diff(encode(long, i), encode(short, i)); diff != "" {
			t.Errorf("post %d depends on the number of posts:\n%s", i, diff)
		}
	}
	if encode(long, 3) == encode(synth.New(10, 100_000), 3) {
		t.Error("post 3 is the same for two seeds")
	}
	if encode(synth.New(9, -5), 3) != encode(long, 3) || synth.New(9, -5).Len() != 0 {
		t.Error("a negative number of posts is not none")
	}
}

func TestTruthIsWhatThePostSays(t *testing.T) {
	g := synth.New(4, 500)
	for i := range 500 {
		p, truth := g.Post(i), g.Truth(i)
		got := synth.Truth{
			Topic: p.Topic, Problem: entity(&p, "problem"), Stack: p.Stack[0], Area: entity(&p, "area"),
			Scenario: truth.Scenario, Component: entity(&p, "product"), Tools: p.Tools, Series: p.Series, Part: truth.Part,
		}
		if diff := cmp.Diff(truth, got); diff != "" {
			t.Fatalf("post %d (-truth +post):\n%s", i, diff)
		}
		if p.Lang == "en" && !strings.Contains(string(p.Payload), truth.Scenario) {
			t.Errorf("post %d: payload %s does not name the scenario %q", i, p.Payload, truth.Scenario)
		}
	}
}

func TestStoreAcceptsEveryPost(t *testing.T) {
	g := synth.New(2, 2000)
	limits := corpus.DefaultLimits()
	ids := map[string]bool{}
	for p, err := range g.Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Validate(limits); err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		line := corpus.AppendPost(nil, &p)
		back, err := corpus.DecodePost(line, limits)
		if err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		if again := corpus.AppendPost(nil, &back); !bytes.Equal(line, again) {
			t.Fatalf("%s is not read back the same: %s", p.ID, cmp.Diff(string(line), string(again)))
		}
		if ids[p.ID] {
			t.Errorf("two posts have the id %s", p.ID)
		}
		ids[p.ID] = true
	}
}

// tally counts what posts have.
type tally map[string]int

func (c tally) post(p *corpus.Post) {
	c["lang "+p.Lang]++
	c["format "+string(p.BodyFormat)]++
	c["difficulty "+p.Difficulty]++
	if p.Revision == nil {
		c["no revision"]++
	} else {
		c["status "+string(p.Revision.Status)]++
	}
	if corpus.Public(p, corpus.PublishReviewed) {
		c["public"]++
	}
	for name, has := range map[string]bool{
		"series": p.Series != "", "images": len(p.Images) > 0, "image heavy": p.Flags.ImageHeavy,
		"needs review": p.Flags.NeedsHumanReview, "no score": p.Score == nil, "no views": p.ViewCount == nil,
		"updated": !p.UpdatedAt.IsZero(), "two authors": len(p.Author) > 1, "code": strings.Contains(p.Body, "```"),
		"half a million views": p.ViewCount != nil && *p.ViewCount > 500_000,
	} {
		if has {
			c[name]++
		}
	}
}

func TestShares(t *testing.T) {
	const n = 4000
	c := tally{}
	for p, err := range synth.New(3, n).Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		c.post(&p)
		if !p.UpdatedAt.IsZero() && p.UpdatedAt.Day() < p.PublishedAt.Day() {
			t.Errorf("%s was updated %s before it was published %s", p.ID, p.UpdatedAt, p.PublishedAt)
		}
		if p.Revision != nil && !p.Revision.LastReviewed.IsZero() && p.Revision.LastReviewed.Day() < p.PublishedAt.Day() {
			t.Errorf("%s was reviewed %s before it was published %s", p.ID, p.Revision.LastReviewed, p.PublishedAt)
		}
	}
	for _, want := range []struct {
		name      string
		low, high float64 // Percent.
	}{
		{"public", 88, 95},
		{"status published", 52, 60},
		{"status reviewed", 29, 37},
		{"no revision", 2.5, 5.5},
		{"status draft", 1, 3},
		{"status pending", 1, 3},
		{"status rejected", 0.4, 1.8},
		{"status archived", 1, 3.5},
		{"needs review", 2, 6},
		{"lang en", 96, 99},
		{"lang de", 0.2, 1.6},
		{"lang fr", 0.2, 1.6},
		{"lang es", 0.2, 1.6},
		{"format markdown", 87, 93},
		{"format html", 5, 9},
		{"format text", 1.5, 4.5},
		{"difficulty beginner", 15, 60},
		{"difficulty intermediate", 25, 60},
		{"difficulty advanced", 8, 35},
		{"series", 3, 10},
		{"images", 58, 72},
		{"image heavy", 6, 14},
		{"no score", 2, 6},
		{"no views", 2, 6},
		{"updated", 48, 62},
		{"two authors", 3, 7},
		{"code", 45, 90},
		{"half a million views", 0.05, 5},
	} {
		if got := 100 * float64(c[want.name]) / n; got < want.low || got > want.high {
			t.Errorf("%s: %.2f %% of posts, want %.2f to %.2f", want.name, got, want.low, want.high)
		}
	}
}

func TestSeriesFollowEachOther(t *testing.T) {
	g := synth.New(5, 3000)
	last := map[string]int{}   // Part last seen.
	before := map[string]int{} // Its post.
	parts := 0
	for i := range g.Len() {
		truth := g.Truth(i)
		if truth.Series == "" {
			continue
		}
		p := g.Post(i)
		key := truth.Series + " by " + p.Author[0]
		if truth.Part != last[key]+1 {
			t.Fatalf("post %d is part %d of %q after part %d", i, truth.Part, key, last[key])
		}
		if truth.Part > 1 {
			first := g.Post(before[key])
			if !p.PublishedAt.Time().After(first.PublishedAt.Time()) {
				t.Errorf("part %d of %q is not later than the part before", truth.Part, key)
			}
			if !strings.Contains(p.Body, first.URL) || !strings.Contains(p.Body, first.Title) {
				t.Errorf("part %d of %q does not lead to the part before", truth.Part, key)
			}
		}
		last[key], before[key] = truth.Part, i
		parts++
	}
	if parts < 100 {
		t.Errorf("only %d of 3000 posts are parts of a series", parts)
	}
}

func TestWritingEndsWithTheContext(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	w := &after{bytes: 1 << 20, do: func() error { cancel(why); return nil }}
	if err := synth.New(1, 1_000_000).WriteJSONL(ctx, w, 2); !errors.Is(err, why) {
		t.Errorf("error %v, want %v", err, why)
	}
	for _, err := range synth.New(1, 10).Posts(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Posts: error %v, want %v", err, context.Canceled)
		}
	}
}

func TestWritingEndsWithTheWriter(t *testing.T) {
	full := errors.New("disk full")
	w := &after{bytes: 1 << 20, do: func() error { return full }}
	err := synth.New(1, 1_000_000).WriteJSONL(t.Context(), w, 0)
	if !errors.Is(err, full) || !strings.Contains(fmt.Sprint(err), "write posts") {
		t.Errorf("error %v, want one that names the posts and wraps %v", err, full)
	}
}

// after is a writer that does something once it has had so many bytes.
type after struct {
	bytes int
	do    func() error
}

func (w *after) Write(p []byte) (int, error) {
	w.bytes -= len(p)
	if w.bytes < 0 {
		return len(p), w.do()
	}
	return len(p), nil
}

func encode(g *synth.Generator, i int) string {
	p := g.Post(i)
	return string(corpus.AppendPost(nil, &p))
}

// entity is the name of the post's first entity of a type.
func entity(p *corpus.Post, kind string) string {
	for _, e := range p.Entities {
		if e.Type == kind {
			return e.Name
		}
	}
	return ""
}
