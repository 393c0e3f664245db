package ranking

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
)

// What a generation freezes, proved here:
//  1. A post that is placed under the statistics of a build has the very numbers
//     that the build gave it.
//  2. A model that is loaded under them, from a feed in any order, has the same rows
//     to the last byte.
//  3. So it has after they were saved and restored; damaged ones are refused.

// mixedPosts are n posts of everything that similar posts are made of, with
// namesakes, shared addresses and posts of hardly any text among them.
func mixedPosts(seed uint64, n int) []corpus.Post {
	rng := rand.New(rand.NewPCG(seed, 2))
	out := make([]corpus.Post, n)
	for i := range out {
		out[i] = mixedPost(rng, i, n)
	}
	return out
}

func mixedPost(rng *rand.Rand, i, n int) corpus.Post {
	word := func() string {
		return fmt.Sprintf("word%d", int(float64(n)*rng.Float64()*rng.Float64()*rng.Float64()))
	}
	title := func(i int) string { return fmt.Sprintf("Alpha%d beta%d: gamma%d", i%5, i%11, i) }
	p := corpus.Post{ID: fmt.Sprintf("post-%d", i), Title: title(rng.IntN(n))}
	var body strings.Builder
	for range rng.IntN(70) {
		body.WriteString(word() + " ")
		switch rng.IntN(20) {
		case 0:
			body.WriteString(title(rng.IntN(n)) + ". ")
		case 1:
			fmt.Fprintf(&body, "[see](https://example.org/s%d/post-%d) ", rng.IntN(3), rng.IntN(n))
		case 2:
			fmt.Fprintf(&body, "`fn_%d.call` ", rng.IntN(9))
		case 3:
			body.WriteString("\n\n## " + word() + "\n\n")
		}
	}
	p.Body = body.String()
	if rng.IntN(8) > 0 {
		p.URL = fmt.Sprintf("https://example.org/s%d/post-%d", rng.IntN(3), rng.IntN(n))
		p.Tags = []string{fmt.Sprintf("Tag %d", rng.IntN(12)), "all"}
		p.Stack = []string{word()}
		p.Tools = []string{word() + " " + word()}
		p.Author = corpus.StringList{fmt.Sprintf("Author %d", rng.IntN(5))}
		p.Summary = word() + " " + word()
		p.PublishedAt, _ = corpus.ParseDate(fmt.Sprintf("20%02d-%02d-%02d", 10+rng.IntN(15), 1+rng.IntN(12), 1+rng.IntN(28)))
		quality := float64(rng.IntN(101))
		p.Score = &corpus.Score{Quality: &quality}
	}
	if rng.IntN(6) == 0 {
		p.Series = fmt.Sprintf("Series %d", rng.IntN(3))
	}
	return p
}

func feedAll(posts []corpus.Post) iter.Seq2[corpus.Change, error] {
	return func(yield func(corpus.Change, error) bool) {
		for _, p := range posts {
			if !yield(corpus.Put(p, corpus.PublishAll), nil) {
				return
			}
		}
	}
}

func buildOf(tb testing.TB, posts []corpus.Post) *Model {
	tb.Helper()
	return buildWith(tb, posts, DefaultConfig())
}

func buildWith(tb testing.TB, posts []corpus.Post, c Config) *Model {
	tb.Helper()
	m, err := BuildModel(tb.Context(), feedAll(posts), c, index.NoDay)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func loadOf(tb testing.TB, f *frozen, posts []corpus.Post) *Model {
	tb.Helper()
	m, err := f.load(tb.Context(), feedAll(posts))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// rowsOf are the rows of the living posts, by id.
func rowsOf(m *Model) map[string]corpus.Row {
	out := map[string]corpus.Row{}
	for id, i := range m.byID {
		out[id] = m.Row(int(i))
	}
	return out
}

// sorted is a sparse vector in order of its features.
func sorted(s sparse) []string {
	var out []string
	for k, id := range s.ids {
		out = append(out, fmt.Sprint(id, " ", s.counts[k]))
	}
	slices.Sort(out)
	return out
}

func TestPlacedAsBuilt(t *testing.T) {
	for seed := range uint64(3) {
		posts := mixedPosts(seed, 300)
		m := buildOf(t, posts)
		var all []*corpus.Post
		for i := range posts {
			all = append(all, &posts[i])
		}
		for i, x := range m.placeAll(all) {
			for c := range x.vectors {
				if d := cmp.Diff(sorted(sparseOf(m.vectors[c].row(i))), sorted(x.vectors[c])); d != "" {
					t.Fatalf("seed %d, post %d, channel %d (-built +placed):\n%s", seed, i, c, d)
				}
				if m.vectors[c].inv[i] != x.inv[c] {
					t.Fatalf("post %d, channel %d: length %v built, %v placed", i, c, m.vectors[c].inv[i], x.inv[c])
				}
			}
			got := []any{x.titleSum, x.coveredK, x.coversK, x.factor, x.dated.weight}
			want := []any{m.titleSum[i], m.coveredK[i], m.coversK[i], m.factor[i], m.dates[i].weight}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("post %d (-built +placed):\n%s", i, d)
			}
		}
	}
}

func TestLoadedAsBuilt(t *testing.T) {
	for seed := range uint64(3) {
		posts := mixedPosts(seed, 200)
		m := buildOf(t, posts)
		want := rowsOf(m)
		shuffled := slices.Clone(posts)
		rng := rand.New(rand.NewPCG(seed, 3))
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if d := cmp.Diff(want, rowsOf(loadOf(t, m.frozen, shuffled))); d != "" {
			t.Fatalf("seed %d (-built +loaded):\n%s", seed, d)
		}
	}
}

func TestRestored(t *testing.T) {
	posts := mixedPosts(5, 200)
	m := buildOf(t, posts)
	var saved bytes.Buffer
	if err := m.save(&saved); err != nil {
		t.Fatal(err)
	}
	data := saved.Bytes()
	f, err := restore(bytes.NewReader(data), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rowsOf(m), rowsOf(loadOf(t, f, posts))); d != "" {
		t.Errorf("(-built +restored):\n%s", d)
	}
	for _, n := range []int{0, 1, len(data) / 2, len(data) - 1} {
		if _, err := restore(bytes.NewReader(data[:n]), DefaultConfig()); err == nil {
			t.Errorf("%d of %d bytes were taken for a generation", n, len(data))
		}
	}
	other := tables{Format: tablesFormat + 1}
	if _, err := other.frozen(DefaultConfig()); !errors.Is(err, errTables) {
		t.Errorf("tables of another format: %v", err)
	}
}
