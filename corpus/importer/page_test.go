package importer_test

// Claims: 1. a rendered page becomes a post, and every value of its meta box a
// field; 2. headings, lists, images and code of the article become Markdown, and
// characters that mean something there are escaped; 3. a page without a box, an
// unknown label and a value that does not fit cost nothing but a warning;
// 4. the page given with the task, where it is there, keeps every value.

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/corpus/importer"
)

const samplePage = `queue workers notes: retry storms in a small cluster

retries pile up when nobody counts them. this page shows how to count.

retry storms reference 1
retry storms reference 1. image source: pics.example

what happens

each worker asks again after a failure, so *one* outage becomes ten.
the setting is max_retries in [worker].

    max_retries = 3
    backoff = "2s"

steps

  • count the retries
  • add a limit
    • per host

closing words

keep the limit near the code, and measure it.

site post meta

topicretry storms / queue workers
summarya short text about retries, with limits.
ai outline
  • context: a small cluster
  • stack: queue workers
ai briefwritten for readers in a hurry.
stack
  • queue workers
  • go
toolsgit
code languagego
difficultyIntermediate
reading time4.5
view count1200
score
  • quality: 70
  • clarity: 61.5
revision
  • status: published
  • version: 2.10
  • last reviewed: 2024-02-29
referenceref-12
hashabc123
flags
  • has images: 1
  • needs human review: 0
checklist
  • count the retries
  • add a limit
entities
    • name: queue workers
    • type: stack
    • name: retry storms
    • type: problem
image sources
    • source: pics.example
    • url: https://pics.example/a.png?x=1&y=2
    • caption: retry storms reference 1
payload
  • source id: site-12
  • count: 7
  • code: 007
notes
  • one note, with a comma
mood
  • calm

Similar Posts
another post about queues
`

func TestPage(t *testing.T) {
	file := filepath.Join(tree(t, map[string]string{"q.txt": samplePage}), "q.txt")
	r := read(t, importer.Auto, importer.Options{}, file)
	got := r.one(t)
	reviewed, err := corpus.ParseDate("2024-02-29")
	if err != nil {
		t.Fatal(err)
	}
	want := corpus.Post{
		ID: "site-12", Reference: "ref-12", Hash: "abc123", Title: "queue workers notes: retry storms in a small cluster",
		Summary: "a short text about retries, with limits.", Brief: "written for readers in a hurry.",
		Body: `retries pile up when nobody counts them. this page shows how to count.

![retry storms reference 1](<https://pics.example/a.png?x=1&y=2>)

## what happens

each worker asks again after a failure, so \*one\* outage becomes ten.
the setting is max_retries in \[worker\].

    max_retries = 3
    backoff = "2s"

## steps

- count the retries
- add a limit
  - per host

## closing words

keep the limit near the code, and measure it.`,
		BodyFormat: corpus.Markdown, Topic: "retry storms / queue workers",
		Outline: []corpus.OutlineItem{{Label: "context", Text: "a small cluster"}, {Label: "stack", Text: "queue workers"}},
		Stack:   []string{"queue workers", "go"}, Tools: []string{"git"}, CodeLanguage: "go", Difficulty: corpus.Intermediate,
		ReadingTime: new(4.5), ViewCount: new(int64(1200)), Score: &corpus.Score{Quality: new(70.0), Clarity: new(61.5)},
		Revision: &corpus.Revision{Status: corpus.StatusPublished, Version: "2.10", LastReviewed: reviewed},
		Flags:    &corpus.Flags{HasImages: true}, Checklist: []string{"count the retries", "add a limit"},
		Entities: []corpus.Entity{{Name: "queue workers", Type: "stack"}, {Name: "retry storms", Type: "problem"}},
		Images:   []corpus.Image{{Source: "pics.example", URL: "https://pics.example/a.png?x=1&y=2", Caption: "retry storms reference 1"}},
		Payload:  json.RawMessage(`{"source_id":"site-12","count":7,"code":"007"}`), Notes: []string{"one note, with a comma"},
		Extra: map[string]json.RawMessage{"mood": json.RawMessage(`["calm"]`), "similar posts": json.RawMessage(`["another post about queues"]`)},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(corpus.Date.Equal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(r.warnings) != 0 {
		t.Errorf("warnings %v", r.warnings)
	}
	if prose := body.Parse(got.BodyFormat, got.Body).Prose(); !strings.Contains(prose, "*one* outage") || !strings.Contains(prose, "[worker]") {
		t.Errorf("escapes show in %q", prose)
	}
}

func TestPageWithoutBox(t *testing.T) {
	root := tree(t, map[string]string{
		"a/b.txt": "Title\n\nLead text.\n\n1. not a list\n# not a heading\n\n{{ not }} a <b>template</b>\n", "c.txt": "\n \n", "d.md": "ignored", ".e.txt": "hidden",
	})
	r := read(t, importer.Page, importer.Options{}, root)
	if len(r.posts) != 1 || len(r.rejected) != 1 || r.rejected[0].File != filepath.Join(root, "c.txt") {
		t.Fatalf("posts %v, rejected %v", r.ids(), r.rejected)
	}
	p := r.posts[0]
	doc := body.Parse(p.BodyFormat, p.Body)
	if p.ID != "a/b" || p.Title != "Title" || p.Summary != "Lead text." || doc.Headings() != "" ||
		doc.Prose() != "Lead text.\n1. not a list # not a heading\n{{ not }} a <b>template</b>" {
		t.Errorf("post %+v, prose %q", p, doc.Prose())
	}
}

func TestPageValueThatDoesNotFit(t *testing.T) {
	page := "T\n\nLead.\n\npost meta\n\ndifficultyhellish\nview countmany\nscore\n  • quality: 700\nhasha\nunknown: value\n"
	r := read(t, importer.Page, importer.Options{}, filepath.Join(tree(t, map[string]string{"a.txt": page}), "a.txt"))
	p := r.one(t)
	if len(r.warnings) != 3 || p.Hash != "a" || string(p.Extra["unknown"]) != `"value"` || string(p.Extra["difficulty"]) != `"hellish"` {
		t.Errorf("warnings %v, post %+v", r.warnings, p)
	}
}

// fixture is a file of the fixtures, which are not part of the project.
func fixture(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("ALPHANODE_FIXTURES")
	if root == "" {
		t.Skip("ALPHANODE_FIXTURES is not set: no fixtures to read")
	}
	return filepath.Join(root, name)
}

func TestGivenPageKeepsEveryValue(t *testing.T) {
	file := fixture(t, "alphanode-post.txt")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, importer.Auto, importer.Options{}, file)
	p := r.one(t)
	if len(r.warnings) != 0 || len(p.Extra) != 0 {
		t.Errorf("warnings %v, extra %v", r.warnings, p.Extra)
	}
	checkGivenFields(t, &p)
	rendered := fieldsAsText(t, &p)
	for n, line := range strings.Split(string(text), "\n") {
		for _, value := range pageValues(line) {
			if !strings.Contains(rendered, value) {
				t.Errorf("line %d: %q is in no field", n+1, value)
			}
		}
	}
}

// pageValues are the values of a line: the text itself, or what follows a label.
func pageValues(line string) []string {
	line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "•"))
	if line == "alphanode post meta" || line == "Similar Posts" || line == "" {
		return nil
	}
	labels := []string{"topic", "summary", "ai brief", "code language", "difficulty", "reading time", "view count", "reference", "hash"}
	for _, label := range labels {
		if rest, ok := strings.CutPrefix(line, label); ok && rest != "" && rest[0] != ':' {
			return []string{rest}
		}
	}
	switch line {
	case "ai outline", "stack", "tools", "score", "revision", "flags", "checklist", "entities", "image sources", "payload", "notes":
		return nil
	}
	label, value, ok := strings.Cut(line, ": ")
	switch {
	case ok && strings.Contains(line, "image source: "):
		before, after, _ := strings.Cut(line, ". image source: ")
		return []string{before, after}
	case ok && len(strings.Fields(label)) <= 4 && (value == "1" || value == "0"):
		return nil // The flags; see checkGivenFields.
	case ok && len(strings.Fields(label)) <= 2:
		return []string{value}
	}
	return []string{line}
}

func fieldsAsText(t *testing.T, p *corpus.Post) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		t.Fatal(err)
	}
	doc := body.Parse(p.BodyFormat, p.Body)
	return b.String() + doc.Prose() + doc.Headings()
}

func checkGivenFields(t *testing.T, p *corpus.Post) {
	t.Helper()
	for what, ok := range map[string]bool{
		"id":            p.ID == "alphanode-008498",
		"reference":     p.Reference == "anp-ref-008498-2363",
		"hash":          p.Hash == "5f19b4620ae199681e9eee12",
		"title":         strings.HasPrefix(p.Title, "python services notes: documenting"),
		"summary":       strings.HasPrefix(p.Summary, "this ai-style technical summary"),
		"topic":         p.Topic == "documenting production defaults / python services",
		"brief":         strings.HasPrefix(p.Brief, "the article is written like"),
		"outline":       len(p.Outline) == 4 && p.Outline[3] == corpus.OutlineItem{Label: "recommended action", Text: "measure first, change carefully, document the result"},
		"stack":         cmp.Equal(p.Stack, []string{"python services", "backend", "python"}),
		"tools":         cmp.Equal(p.Tools, []string{"fastapi", "pytest", "uvicorn", "ruff", "git", "logs"}),
		"code language": p.CodeLanguage == "python",
		"difficulty":    p.Difficulty == corpus.Beginner,
		"reading time":  *p.ReadingTime == 10,
		"view count":    *p.ViewCount == 164496,
		"score":         *p.Score.Quality == 88 && *p.Score.Freshness == 58 && *p.Score.Depth == 85 && *p.Score.Clarity == 92,
		"revision":      p.Revision.Status == corpus.StatusReviewed && p.Revision.Version == "1.0.7" && p.Revision.LastReviewed.String() == "2023-04-19",
		"flags":         *p.Flags == corpus.Flags{AIGeneratedStyle: true, HasImages: true, NeedsHumanReview: true},
		"checklist":     len(p.Checklist) == 5 && p.Checklist[4] == "document the migration",
		"entities":      len(p.Entities) == 3 && p.Entities[2] == corpus.Entity{Name: "documenting production defaults", Type: "problem"},
		"images":        len(p.Images) == 1 && p.Images[0].Source == "dummyimage.com" && strings.HasPrefix(p.Images[0].URL, "https://dummyimage.com/1200x630/") && strings.HasSuffix(p.Images[0].Caption, "reference 1"),
		"notes":         len(p.Notes) == 3,
		"payload":       string(p.Payload) == `{"source_id":"alphanode-008498","generator":"anp content synthesizer","paragraphs":7,"scenario":"with a docker based staging setup","seed":8498}`,
		"headings":      body.Parse(p.BodyFormat, p.Body).Headings() == "why this matters\nproduction checks\nimplementation checklist\nfinal notes",
	} {
		if !ok {
			t.Errorf("%s is wrong in %+v", what, p)
		}
	}
}
