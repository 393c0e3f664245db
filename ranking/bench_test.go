package ranking_test

import (
	"bufio"
	"iter"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/synth"
	"alphanode/index"
	"alphanode/ranking"
)

// benchFeed are the posts of the JSONL file that ALPHANODE_POSTS names, or as many
// generated ones as ALPHANODE_GENERATED says, else 2,000. They are read as they are
// needed.
func benchFeed(b *testing.B) iter.Seq2[corpus.Change, error] {
	b.Helper()
	posts := synth.New(1, 2000).Posts(b.Context())
	if n, err := strconv.Atoi(os.Getenv("ALPHANODE_GENERATED")); err == nil {
		posts = synth.New(1, n).Posts(b.Context())
	}
	if path := os.Getenv("ALPHANODE_POSTS"); path != "" {
		posts = postsOf(path)
	}
	return func(yield func(corpus.Change, error) bool) {
		for p, err := range posts {
			if !yield(corpus.Put(p, corpus.PublishAll), err) {
				return
			}
		}
	}
}

func postsOf(path string) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(corpus.Post{}, err)
			return
		}
		defer file.Close() //nolint:errcheck // only read
		scan := bufio.NewScanner(file)
		scan.Buffer(nil, 64<<20)
		for scan.Scan() {
			if p, err := corpus.DecodePost(scan.Bytes(), corpus.DefaultLimits()); !yield(p, err) {
				return
			}
		}
		if err := scan.Err(); err != nil {
			yield(corpus.Post{}, err)
		}
	}
}

func perPost(b *testing.B, posts int) {
	b.Helper()
	b.ReportMetric(float64(posts*b.N)/b.Elapsed().Seconds(), "posts/s")
}

func BenchmarkBuildModel(b *testing.B) {
	posts := 0
	for b.Loop() {
		m, err := ranking.BuildModel(b.Context(), benchFeed(b), ranking.DefaultConfig(), index.NoDay)
		if err != nil || m.Len() == 0 {
			b.Fatal(err)
		}
		posts = m.Len()
	}
	perPost(b, posts)
}

// benchModel builds a model, and samples posts of it.
func benchModel(b *testing.B) (*ranking.Model, []int) {
	b.Helper()
	m, err := ranking.BuildModel(b.Context(), benchFeed(b), ranking.DefaultConfig(), index.NoDay)
	if err != nil {
		b.Fatal(err)
	}
	sample := make([]int, min(m.Len(), 1000))
	for k := range sample {
		sample[k] = k * (m.Len() / len(sample))
	}
	return m, sample
}

// recall is the share of the first ten of the exact lists that the default ones
// have too. The exact ones are held against the plain scorer.
func recall(b *testing.B, m *ranking.Model, sample []int) float64 {
	b.Helper()
	want, err := m.Exact(b.Context(), sample, 10, 0)
	if err != nil {
		b.Fatal(err)
	}
	for k, i := range sample[:min(3, len(sample))] {
		if d := cmp.Diff(m.Similar(i, 10), want[k]); d != "" {
			b.Fatalf("post %d (-plain +exact): %s", i, d)
		}
	}
	got, err := m.Lists(b.Context(), sample, 10, 0)
	if err != nil {
		b.Fatal(err)
	}
	found, all := 0, 0
	for k, list := range want {
		all += len(list)
		for _, s := range list {
			if slices.Contains(got[k], s) {
				found++
			}
		}
	}
	return float64(found) / float64(max(all, 1))
}

// BenchmarkLists makes the lists of ten of all posts, in the default mode, and says
// how good the same lists are, and what memory the model and its kernel take.
func BenchmarkLists(b *testing.B) {
	m, sample := benchModel(b)
	found := recall(b, m, sample)
	posts := make([]int, m.Len())
	for i := range posts {
		posts[i] = i
	}
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	for b.Loop() {
		if _, err := m.Lists(b.Context(), posts, 10, 0); err != nil {
			b.Fatal(err)
		}
	}
	perPost(b, len(posts))
	b.ReportMetric(found, "recall@10")
	b.ReportMetric(float64(mem.HeapAlloc)/1e6, "heap-MB")
	if found < 0.99 {
		b.Errorf("recall@10 is %.4f, want 0.99", found)
	}
}

func BenchmarkExact(b *testing.B) {
	m, sample := benchModel(b)
	for b.Loop() {
		if _, err := m.Exact(b.Context(), sample, 10, 0); err != nil {
			b.Fatal(err)
		}
	}
	perPost(b, len(sample))
}

func BenchmarkNear(b *testing.B) {
	m, sample := benchModel(b)
	k := 0
	for b.Loop() {
		m.Near(sample[k%len(sample)], 10)
		k++
	}
	perPost(b, 1)
}

func BenchmarkRow(b *testing.B) {
	m, sample := benchModel(b)
	k := 0
	for b.Loop() {
		m.Row(sample[k%len(sample)])
		k++
	}
	perPost(b, 1)
}
