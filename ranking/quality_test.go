package ranking_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/corpus/importer"
	"alphanode/ranking"
)

// collection is a test collection for similar posts in BEIR layout.
type collection struct {
	name    string
	posts   []corpus.Post
	queries []string
	exclude map[string][]string
	grades  map[string]map[string]float64
}

// collectionDir skips the test where the collections are not at hand.
func collectionDir(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("ALPHANODE_COLLECTIONS")
	if dir == "" {
		tb.Skip("ALPHANODE_COLLECTIONS is not set")
	}
	return dir
}

func readCollection(tb testing.TB, name string) *collection {
	tb.Helper()
	dir := filepath.Join(collectionDir(tb), name)
	c := &collection{name: name, posts: readPosts(tb, name), exclude: map[string][]string{}, grades: map[string]map[string]float64{}}
	readLines(tb, filepath.Join(dir, "queries.jsonl"), func(line []byte) {
		var q struct {
			ID       string `json:"_id"`
			Metadata struct {
				Exclude []string `json:"exclude"`
			} `json:"metadata"`
		}
		if err := json.Unmarshal(line, &q); err != nil {
			tb.Fatal(err)
		}
		c.queries = append(c.queries, q.ID)
		c.exclude[q.ID] = q.Metadata.Exclude
	})
	readLines(tb, filepath.Join(dir, "qrels", "test.tsv"), func(line []byte) {
		f := strings.Split(string(line), "\t")
		grade, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return // The header.
		}
		if c.grades[f[0]] == nil {
			c.grades[f[0]] = map[string]float64{}
		}
		c.grades[f[0]][f[1]] = grade
	})
	return c
}

// readPosts reads the posts of a collection.
func readPosts(tb testing.TB, name string) []corpus.Post {
	tb.Helper()
	src, err := importer.Open("beir", []string{filepath.Join(collectionDir(tb), name)}, importer.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	var posts []corpus.Post
	for p, err := range src.Posts(tb.Context()) {
		if err != nil {
			tb.Fatal(err)
		}
		posts = append(posts, p)
	}
	return posts
}

func readLines(tb testing.TB, path string, f func([]byte)) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			tb.Error(err)
		}
	}()
	scan := bufio.NewScanner(file)
	scan.Buffer(nil, 64<<20)
	for scan.Scan() {
		f(scan.Bytes())
	}
	if err := scan.Err(); err != nil {
		tb.Fatal(err)
	}
}

func feedOf(posts []corpus.Post) iter.Seq2[corpus.Change, error] {
	return func(yield func(corpus.Change, error) bool) {
		for i := range posts {
			if !yield(corpus.Put(posts[i], corpus.PublishAll), nil) {
				return
			}
		}
	}
}

// ndcg is nDCG@10 over all queries with judgments, the ideal made of all
// judgments. List makes the list that is judged out of the exact one.
func (c *collection) ndcg(tb testing.TB, m *ranking.Model, list func(post int, ranked []ranking.Scored) []ranking.Scored) float64 {
	tb.Helper()
	found := c.lists(tb, m)
	sum, n := 0.0, 0
	for _, q := range c.queries {
		grades := c.grades[q]
		if len(grades) == 0 {
			continue
		}
		skip := map[string]bool{q: true}
		for _, id := range c.exclude[q] {
			skip[id] = true
		}
		post, _ := m.Lookup(q)
		sum += gain(m, list(post, found[q]), grades, skip)
		n++
	}
	return sum / float64(n)
}

// lists are the similar posts of all queries, long enough to leave out the
// excluded ones.
func (c *collection) lists(tb testing.TB, m *ranking.Model) map[string][]ranking.Scored {
	tb.Helper()
	longest := 0
	posts := make([]int, len(c.queries))
	for n, q := range c.queries {
		i, ok := m.Lookup(q)
		if !ok {
			tb.Fatalf("%s: no post %s", c.name, q)
		}
		posts[n] = i
		longest = max(longest, len(c.exclude[q]))
	}
	found, err := m.Exact(tb.Context(), posts, 11+longest, 0)
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string][]ranking.Scored{}
	for n, q := range c.queries {
		out[q] = found[n]
	}
	return out
}

func gain(m *ranking.Model, found []ranking.Scored, grades map[string]float64, skip map[string]bool) float64 {
	dcg, rank := 0.0, 0
	for _, s := range found {
		id := m.ID(s.Post)
		if skip[id] || rank == 10 {
			continue
		}
		rank++
		dcg += grades[id] / math.Log2(float64(rank)+1)
	}
	var ideal []float64
	for id, g := range grades {
		if !skip[id] && g > 0 {
			ideal = append(ideal, g)
		}
	}
	sortDescending(ideal)
	idcg := 0.0
	for r, g := range ideal[:min(len(ideal), 10)] {
		idcg += g / math.Log2(float64(r)+2)
	}
	if idcg == 0 {
		return 0
	}
	return dcg / idcg
}

func sortDescending(x []float64) {
	for i := range x {
		for j := i; j > 0 && x[j] > x[j-1]; j-- {
			x[j], x[j-1] = x[j-1], x[j]
		}
	}
}

// moreLikeThis are the figures to beat: 25 terms, title and text as one field.
func moreLikeThis() map[string]float64 {
	return map[string]float64{"blog-links-dev": 0.421, "cpp-seealso": 0.434, "cacm-related": 0.327}
}

// withRules is the list as the rules leave it, what they displaced after it by
// score; fill is no part of it.
func withRules(m *ranking.Model, post int, ranked []ranking.Scored) []ranking.Scored {
	var out []ranking.Scored
	shown := map[int]bool{}
	for _, n := range m.Row(post).Shown {
		if i, ok := m.Lookup(n.ID); ok && !n.Fill {
			out = append(out, ranking.Scored{Post: i, Score: n.Score})
			shown[i] = true
		}
	}
	for _, s := range ranked {
		if !shown[s.Post] {
			out = append(out, s)
		}
	}
	return out
}

// TestQuality holds the promise of the default configuration and mode: each collection above More Like This, and their mean
// at least 18 % above. What it logs is the table of docs/ranking.md.
func TestQuality(t *testing.T) {
	sums := map[string]float64{}
	for name, baseline := range moreLikeThis() {
		c := readCollection(t, name)
		for _, prior := range []bool{true, false} {
			conf := ranking.DefaultConfig()
			if !prior {
				conf.SimilarBeta = 0
			}
			m := build(t, c.posts, conf)
			for label, list := range map[string]func(int, []ranking.Scored) []ranking.Scored{
				"exact": func(_ int, ranked []ranking.Scored) []ranking.Scored { return ranked },
				"default": func(post int, ranked []ranking.Scored) []ranking.Scored {
					return m.Near(post, len(ranked))
				},
				"rules": func(post int, ranked []ranking.Scored) []ranking.Scored { return withRules(m, post, ranked) },
			} {
				got := c.ndcg(t, m, list)
				label = fmt.Sprintf("%s, prior %v", label, prior)
				sums[label] += 100 * (got/baseline - 1) / 3
				t.Logf("%-14s %-24s %.4f %+.1f %%", name, label, got, 100*(got/baseline-1))
				if got <= baseline {
					t.Errorf("%s, %s: %.4f is not above %.3f", name, label, got, baseline)
				}
			}
		}
	}
	for label, mean := range sums {
		t.Logf("mean %-24s %+.1f %%", label, mean)
		if mean < 18 {
			t.Errorf("%s: %.1f %% above More Like This on average, want 18", label, mean)
		}
	}
}
