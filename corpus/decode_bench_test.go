package corpus_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"alphanode/corpus"
)

// benchPost is post i of a corpus for benchmarks: 3 KB of JSON.
func benchPost(i int) corpus.Post {
	words := strings.Fields("queue limit retries before the pool answers \"late\" and\n\nthe café owner sees cache misses, slow queries or `ctx.Done()` in logs")
	var body strings.Builder
	for n := i; body.Len() < 2000; n++ {
		body.WriteString(words[n*n%len(words)])
		fmt.Fprintf(&body, "%d ", n%7*i%1000)
	}
	quality := float64(i % 101)
	views := int64(i * 17)
	return corpus.Post{
		ID: fmt.Sprintf("guides/post-%06d", i*7919%1000003), URL: fmt.Sprintf("https://example.org/guides/post-%06d", i),
		Title: fmt.Sprintf("Notes on queue limits, part %d", i), Summary: "How the limit was found.", Body: body.String(), BodyFormat: corpus.Markdown,
		Tags: []string{"queues", "limits", "go"}, Stack: []string{"go services"}, Tools: []string{"pgbouncer", "prometheus"}, Topic: "queues / go",
		Difficulty: corpus.Beginner, Author: corpus.StringList{"Ada"}, PublishedAt: corpus.Date{}, ViewCount: &views,
		Outline:  []corpus.OutlineItem{{Label: "context", Text: "a staging setup"}, {Label: "problem", Text: "queue limits"}},
		Score:    &corpus.Score{Quality: &quality},
		Revision: &corpus.Revision{Status: corpus.StatusReviewed, Version: "1.0.7"},
		Flags:    &corpus.Flags{HasImages: true},
		Entities: []corpus.Entity{{Name: "go services", Type: "stack"}, {Name: "queues", Type: "area"}},
		Images:   []corpus.Image{{Source: "example.org", URL: "https://example.org/1200x630.png", Caption: "visual reference 1"}},
		Payload:  json.RawMessage(`{"source id":"alphanode-008498","paragraphs":7,"seed":8498}`),
	}
}

func BenchmarkDecodePost(b *testing.B) {
	p := benchPost(7)
	data := corpus.AppendPost(nil, &p)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := corpus.DecodePost(data, corpus.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodingJSON(b *testing.B) {
	p := benchPost(7)
	data := corpus.AppendPost(nil, &p)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		var q corpus.Post
		if err := json.Unmarshal(data, &q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendPost(b *testing.B) {
	p := benchPost(7)
	dst := corpus.AppendPost(nil, &p)
	b.SetBytes(int64(len(dst)))
	b.ReportAllocs()
	for b.Loop() {
		dst = corpus.AppendPost(dst[:0], &p)
	}
}

func BenchmarkCanonicalHash(b *testing.B) {
	p := benchPost(7)
	dst := corpus.AppendCanonical(nil, &p)
	b.SetBytes(int64(len(dst)))
	for b.Loop() {
		dst = corpus.AppendCanonical(dst[:0], &p)
		_ = sha256.Sum256(dst)
	}
}
