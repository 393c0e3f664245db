package ranking_test

import (
	"bufio"
	"os"
	"testing"

	"alphanode/corpus"
	"alphanode/corpus/synth"
	"alphanode/index"
	"alphanode/ranking"
)

// benchPosts are the posts of the JSONL file that ALPHANODE_POSTS names, or 2,000
// generated ones.
func benchPosts(b *testing.B) []corpus.Post {
	b.Helper()
	var posts []corpus.Post
	path := os.Getenv("ALPHANODE_POSTS")
	if path == "" {
		for p, err := range synth.New(1, 2000).Posts(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			posts = append(posts, p)
		}
		return posts
	}
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			b.Error(err)
		}
	}()
	scan := bufio.NewScanner(file)
	scan.Buffer(nil, 64<<20)
	for scan.Scan() {
		p, err := corpus.DecodePost(scan.Bytes(), corpus.DefaultLimits())
		if err != nil {
			b.Fatal(err)
		}
		posts = append(posts, p)
	}
	if err := scan.Err(); err != nil {
		b.Fatal(err)
	}
	return posts
}

func perPost(b *testing.B, posts int) {
	b.Helper()
	b.ReportMetric(float64(posts*b.N)/b.Elapsed().Seconds(), "posts/s")
}

func BenchmarkBuildModel(b *testing.B) {
	posts := benchPosts(b)
	for b.Loop() {
		m, err := ranking.BuildModel(b.Context(), feedOf(posts), ranking.DefaultConfig(), index.NoDay)
		if err != nil || m.Len() != len(posts) {
			b.Fatalf("%d posts of %d, %v", m.Len(), len(posts), err)
		}
	}
	perPost(b, len(posts))
}

// benchModel builds a model and checks that its three ways of answering agree.
func benchModel(b *testing.B) (*ranking.Model, []int) {
	b.Helper()
	m := build(b, benchPosts(b), ranking.DefaultConfig())
	sample := make([]int, min(m.Len(), 1000))
	for k := range sample {
		sample[k] = k * (m.Len() / len(sample))
	}
	lists, err := m.Exact(b.Context(), sample, 10, 0)
	if err != nil {
		b.Fatal(err)
	}
	found, all := 0, 0
	for k, i := range sample {
		if k < 3 {
			plain := m.Similar(i, 10)
			for n := range plain {
				if plain[n] != lists[k][n] {
					b.Fatalf("post %d: the kernel says %+v, plain scoring %+v", i, lists[k], plain)
				}
			}
		}
		in := map[int]bool{}
		for _, s := range m.Near(i, 10) {
			in[s.Post] = true
		}
		for _, s := range lists[k] {
			all++
			if in[s.Post] {
				found++
			}
		}
	}
	if recall := float64(found) / float64(max(all, 1)); recall < 0.95 {
		b.Fatalf("recall@10 of candidates is %.3f", recall)
	}
	return m, sample
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
