package ranking_test

import (
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/ranking"
)

// Derived scores, proved here:
//  1. Of each two posts the one that a person would call deeper, clearer or better
//     made has the greater score.
//  2. Scores lie in 0..100 whatever the input.
//  3. What a post gives is taken as it is.

func derived(p corpus.Post) ranking.Scores { return ranking.DerivedScores(&p) }

const (
	plainSentence = "The cache keeps each page for a minute. "
	hardSentence  = "Notwithstanding aforementioned implementation characteristics, the internationalization infrastructure, " +
		"which transmogrifies representations that subsystems instantiate, and whose configurability administrators " +
		"underestimate, necessitates comprehensive reconceptualization of interoperability considerations. "
)

// article has so many sections of so many words, with code and a link in each.
func article(sections, sentences int) string {
	var b strings.Builder
	for range sections {
		b.WriteString("## A part\n\n")
		for range sentences / 4 {
			b.WriteString(strings.Repeat(plainSentence, 4) + "\n\n")
		}
		b.WriteString("```go\nfunc main() {\n\tserve()\n}\n```\n\nSee [the manual](https://example.org/manual).\n\n")
	}
	return b.String()
}

func TestDerivedOrder(t *testing.T) {
	complete := corpus.Post{
		Title: "Caches", Summary: "How pages are kept.", Tags: []string{"cache"}, Body: article(4, 20), PublishedAt: date("2024-05-01"),
		Images: []corpus.Image{{URL: "a.png", Caption: "A cache"}},
	}
	with := func(change func(*corpus.Post)) corpus.Post {
		p := complete
		change(&p)
		return p
	}
	depth := func(p corpus.Post) float64 { return derived(p).Depth.Value }
	clarity := func(p corpus.Post) float64 { return derived(p).Clarity.Value }
	quality := func(p corpus.Post) float64 { return derived(p).Quality.Value }
	body := func(s string) corpus.Post { return corpus.Post{Title: "T", Body: s} }
	for _, tt := range []struct {
		name          string
		score         func(corpus.Post) float64
		better, worse corpus.Post
	}{
		{"a long article is deeper than a short one", depth, body(article(6, 40)), body(article(1, 8))},
		{"code and links make deeper", depth, body(article(2, 20)), body("## A part\n\n" + strings.Repeat(plainSentence, 40))},
		{"a note is deeper than nothing", depth, body(plainSentence), body("")},
		{"short sentences are clearer", clarity, body(strings.Repeat(plainSentence, 30)), body(strings.Repeat(hardSentence, 8))},
		{
			"paragraphs are clearer than a wall", clarity, body(strings.Repeat(strings.Repeat(plainSentence, 6)+"\n\n", 10)),
			body(strings.Repeat(plainSentence, 60)),
		},
		{
			"headings make a long text clearer", clarity, body(strings.Repeat("## Part\n\n"+strings.Repeat(plainSentence, 6)+"\n\n", 30)),
			body(strings.Repeat(strings.Repeat(plainSentence, 6)+"\n\n", 30)),
		},
		{"a summary makes better", quality, complete, with(func(p *corpus.Post) { p.Summary = "" })},
		{"a title makes better", quality, complete, with(func(p *corpus.Post) { p.Title = " " })},
		{"a date makes better", quality, complete, with(func(p *corpus.Post) { p.PublishedAt = corpus.Date{} })},
		{"captions make better", quality, complete, with(func(p *corpus.Post) { p.Images = []corpus.Image{{URL: "a.png"}} })},
		{"a whole text is better than a stub", quality, complete, with(func(p *corpus.Post) { p.Body = "To do." })},
		{
			"levels of headings in order are better", quality, with(func(p *corpus.Post) { p.Body = "## A\n\n" + article(1, 40) }),
			with(func(p *corpus.Post) { p.Body = "## A\n\n#### B\n\n" + article(1, 40) }),
		},
		{
			"broken characters are worse", quality, complete,
			with(func(p *corpus.Post) { p.Body += "\n\nThe caf\ufffd is closed.\n\nThe caf\ufffd is open." }),
		},
		{"no body is worst", quality, with(func(p *corpus.Post) { p.Body = "One short line." }), with(func(p *corpus.Post) { p.Body = "" })},
	} {
		if b, w := tt.score(tt.better), tt.score(tt.worse); b <= w {
			t.Errorf("%s: %v is not above %v", tt.name, b, w)
		}
	}
}

func TestDerivedBounds(t *testing.T) {
	for _, text := range []string{
		"", " ", "\x00", "```", "# ", "# #\n## ##", strings.Repeat("a", 1<<16), strings.Repeat("# x\n", 2000), strings.Repeat(". ", 5000),
		strings.Repeat("漢字", 3000), strings.Repeat("![x](y) ", 500), "\xff\xfe", strings.Repeat("[a](b) ", 3000),
	} {
		for _, format := range []corpus.BodyFormat{corpus.Markdown, corpus.HTML, corpus.Text} {
			s := derived(corpus.Post{Body: text, BodyFormat: format})
			for name, x := range map[string]ranking.Score{"quality": s.Quality, "depth": s.Depth, "clarity": s.Clarity} {
				if !(x.Value >= 0 && x.Value <= 100) || !x.Computed {
					t.Errorf("%s of %.20q as %s is %+v", name, text, format, x)
				}
			}
		}
	}
	p := corpus.Post{Score: &corpus.Score{Quality: new(7.0), Depth: new(-3.0), Clarity: new(101.0), Freshness: new(12.0)}}
	want := ranking.Scores{
		Quality: ranking.Score{Value: 7}, Depth: ranking.Score{Value: 0}, Clarity: ranking.Score{Value: 100}, Freshness: ranking.Score{Value: 12},
	}
	if got := derived(p); got != want {
		t.Errorf("given scores became %+v", got)
	}
}
