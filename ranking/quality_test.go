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
	"alphanode/index"
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
	c := &collection{name: name, exclude: map[string][]string{}, grades: map[string]map[string]float64{}}
	src, err := importer.Open("beir", []string{dir}, importer.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	for p, err := range src.Posts(tb.Context()) {
		if err != nil {
			tb.Fatal(err)
		}
		c.posts = append(c.posts, p)
	}
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

func readLines(tb testing.TB, path string, f func([]byte)) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
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
// judgments.
func (c *collection) ndcg(tb testing.TB, m *ranking.Model) float64 {
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
		sum += gain(m, found[q], grades, skip)
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

func TestQuality(t *testing.T) {
	configs := map[string]func(*ranking.Config){
		"default":  func(*ranking.Config) {},
		"no prior": func(c *ranking.Config) { c.SimilarBeta = 0 },
	}
	for _, name := range []string{"blog-links-dev", "cpp-seealso", "cacm-related"} {
		c := readCollection(t, name)
		for label, change := range configs {
			conf := ranking.DefaultConfig()
			change(&conf)
			m, err := ranking.BuildModel(t.Context(), feedOf(c.posts), conf, index.NoDay)
			if err != nil {
				t.Fatal(err)
			}
			got := c.ndcg(t, m)
			t.Log(fmt.Sprintf("%-16s %-10s %.4f %+.1f %%", name, label, got, 100*(got/moreLikeThis()[name]-1)))
		}
	}
}
