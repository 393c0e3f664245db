package ranking

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"alphanode/corpus"
)

// BenchmarkUpdate brings one change after another into the published lists: a fifth
// of hubs, the others of any post; edits of body, title or tags, new texts, deletes,
// new posts. Run it with -benchtime 1000x and ALPHANODE_POSTS, or ALPHANODE_DATA, a data
// directory with posts.db and similar.db, which is copied. What an idle server makes ready
// is ready, unless ALPHANODE_COLD is set. With ALPHANODE_VERIFY set, all rows are held
// against a rebuild at the end.
func BenchmarkUpdate(b *testing.B) {
	s, posts := publish(b)
	generation := s.graph.Info().Number
	rng := rand.New(rand.NewPCG(1, 7))
	hubs := s.hubs(b, 200)
	said := tallies{}
	s.engine.opts.Logger = slog.New(said)
	if os.Getenv("ALPHANODE_COLD") == "" {
		start := time.Now()
		for s.engine.warmSome(b.Context()) {
		}
		b.Logf("made ready in %v", time.Since(start))
	}
	var times []time.Duration
	kinds := map[string][]time.Duration{}
	for b.Loop() {
		b.StopTimer()
		kind, c := benchChange(rng, posts, hubs, len(times))
		if _, err := s.store.Apply(b.Context(), c); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		start := time.Now()
		if err := s.engine.BuildGraph(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		times, kinds[kind] = append(times, took), append(kinds[kind], took)
	}
	for _, q := range []struct {
		name string
		at   float64
	}{{"p50-ms", 0.5}, {"p90-ms", 0.9}, {"p99-ms", 0.99}, {"max-ms", 1}} {
		b.ReportMetric(quantile(times, q.at), q.name)
	}
	var lines strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t := kinds[kind]
		fmt.Fprintf(&lines, "%s %d changes: p50 %.1f ms, p90 %.1f, p99 %.1f, at most %.1f; ", kind, len(t), quantile(t, 0.5), quantile(t, 0.9), quantile(t, 0.99), quantile(t, 1))
	}
	b.Log(lines.String()) // In one line: those of a benchmark are cut off after ten.
	b.ReportMetric(float64(said["looked"])/float64(len(times)), "rows-made/op")
	b.ReportMetric(float64(said["written"])/float64(len(times)), "rows-written/op")
	if info := s.graph.Info(); info.Number != generation {
		b.Errorf("generation %d, not %d", info.Number, generation)
	}
	if os.Getenv("ALPHANODE_VERIFY") != "" {
		s.asRebuilt(b)
	}
}

// quantile sorts times and returns one in milliseconds.
func quantile(times []time.Duration, at float64) float64 {
	slices.Sort(times)
	return float64(times[int(at*float64(len(times)-1))].Microseconds()) / 1000
}

// tallies sum the whole numbers of a log by their names.
type tallies map[string]int64

func (t tallies) Enabled(context.Context, slog.Level) bool { return true }
func (t tallies) WithAttrs([]slog.Attr) slog.Handler       { return t }
func (t tallies) WithGroup(string) slog.Handler            { return t }
func (t tallies) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Value.Kind() == slog.KindInt64 {
			t[a.Key] += a.Value.Int64()
		}
		return true
	})
	return nil
}

// publish opens a data directory with the lists of all posts, in the default
// configuration.
func publish(b *testing.B) (shop, []corpus.Post) {
	b.Helper()
	dir, from := b.TempDir(), os.Getenv("ALPHANODE_DATA")
	for _, name := range []string{"posts.db", "similar.db"} {
		if from != "" {
			copyFile(b, filepath.Join(from, name), filepath.Join(dir, name))
		}
	}
	s, err := openShop(dir, within())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.close(); err != nil {
			b.Error(err)
		}
	})
	s.engine.config = DefaultConfig()
	if from == "" {
		for chunk := range slices.Chunk(postsOf(b), 1000) {
			s.put(b, chunk...)
		}
	} else {
		s.engine.opts.Now = time.Now
	}
	start := time.Now()
	s.bring(b)
	if _, err := s.engine.loaded(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d lists in %v", s.graph.Len(), time.Since(start))
	var posts []corpus.Post
	for p, err := range s.store.Posts(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		posts = append(posts, p)
	}
	return s, posts
}

func copyFile(b *testing.B, from, to string) {
	b.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// hubs are the posts that are in most of the longer lists.
func (s shop) hubs(b *testing.B, n int) []string {
	b.Helper()
	in := map[string]int{}
	for row, err := range s.graph.Rows(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range row.Raw {
			in[r.ID]++
		}
	}
	var ids []string
	for id := range in {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y string) int { return cmp.Or(cmp.Compare(in[y], in[x]), cmp.Compare(x, y)) })
	ids = ids[:min(n, len(ids))]
	b.Logf("hubs are in %d to %d lists of %d", in[ids[len(ids)-1]], in[ids[0]], len(in))
	return ids
}

// benchChange makes a random change and says of what kind it is.
func benchChange(rng *rand.Rand, posts []corpus.Post, hubs []string, n int) (string, corpus.Change) {
	p, other := posts[rng.IntN(len(posts))], posts[rng.IntN(len(posts))]
	of := ""
	if rng.IntN(5) == 0 {
		p.ID = hubs[rng.IntN(len(hubs))]
		if i := slices.IndexFunc(posts, func(q corpus.Post) bool { return q.ID == p.ID }); i >= 0 {
			p, of = posts[i], " of a hub"
		}
	}
	kind := ""
	switch k := rng.IntN(20); {
	case k < 6:
		kind = "body"
		p.Body += "\n\n" + other.Body[:min(len(other.Body), 300)]
	case k < 8:
		kind = "title"
		p.Title = other.Title
	case k < 11:
		kind = "text"
		p.Title, p.Body, p.Summary = other.Title, other.Body, other.Summary
	case k < 14:
		return "delete" + of, corpus.Delete(p.ID)
	case k < 17:
		kind, of = "new post", ""
		p.ID, p.URL, p.Body = fmt.Sprintf("new-%d", n), "", p.Body+"\n\n"+other.Body
	default:
		kind = "tags"
		p.Tags = append(slices.Clone(p.Tags), other.Tags...)
	}
	return kind + of, corpus.Put(p, corpus.PublishAll)
}
