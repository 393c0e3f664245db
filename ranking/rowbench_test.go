package ranking

import (
	"bufio"
	"os"
	"testing"

	"alphanode/corpus"
)

// postsOf are the posts of the JSONL file that ALPHANODE_POSTS names, or 2,000 made
// up ones.
func postsOf(b *testing.B) []corpus.Post {
	b.Helper()
	path := os.Getenv("ALPHANODE_POSTS")
	if path == "" {
		return mixedPosts(1, 2000)
	}
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var posts []corpus.Post
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

// BenchmarkRules makes rows out of ranked lists: rules, reasons, numbers.
func BenchmarkRules(b *testing.B) {
	m := buildOf(b, postsOf(b))
	sample := make([]int, min(m.Len(), 1000))
	for k := range sample {
		sample[k] = k * (m.Len() / len(sample))
	}
	lists, err := m.exact(b.Context(), sample, m.config.Rules.Raw, 0, nil)
	if err != nil {
		b.Fatal(err)
	}
	r := m.newRower()
	rows := 0
	for b.Loop() {
		k := rows % len(sample)
		v := m.view(sample[k])
		r.shown(&v, lists[k])
		rows++
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
