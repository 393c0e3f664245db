package importer_test

// Claims: 1. JSON lines are read strictly, each bad one costs only itself and is
// named by file, line and field; 2. a line over the limit is skipped, the next is
// read; 3. gzip and standard input are read as files are; 4. BEIR metadata goes to
// fields by name, and what does not fit to extra, with a warning and without a
// rejection; 5. the format is told by name, layout and first bytes.

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

func TestJSONLRejectsLineByLine(t *testing.T) {
	long := `{"id":"long","title":"` + strings.Repeat("x", 300) + `"}`
	file := filepath.Join(tree(t, map[string]string{"p.jsonl": `{"id":"a","title":"A"}` + "\n\n" +
		`{"id":"b"` + "\n" + long + "\r\n" + `{"id":"c","title":"C","difficulty":"extreme"}` + "\n" +
		`{"title":"no id"}` + "\n" + `{"id":"d","title":"D","colour":"red"}`}), "p.jsonl")
	r := read(t, importer.JSONL, importer.Options{MaxRecord: 200}, file)
	if diff := cmp.Diff([]string{"a", "d"}, r.ids()); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, e := range r.rejected {
		if e.File != file || e.Err == nil {
			t.Errorf("rejection %+v", e)
		}
		got = append(got, fmt.Sprintf("%d %s", e.Line, e.Field))
	}
	if diff := cmp.Diff([]string{"3 ", "4 ", "5 difficulty", "6 id"}, got); diff != "" {
		t.Error(diff)
	}
	if string(r.posts[1].Extra["colour"]) != `"red"` {
		t.Errorf("extra %v", r.posts[1].Extra)
	}
	if p := r.source.Progress(); p.Records != 6 || p.BytesRead != p.BytesTotal || p.BytesRead == 0 {
		t.Errorf("progress %+v", p)
	}
}

func TestCompressedAndStandardInput(t *testing.T) {
	lines := `{"id":"a","title":"A"}` + "\n" + `{"id":"b","title":"B"}` + "\n"
	file := filepath.Join(t.TempDir(), "posts.jsonl.gz")
	write(t, file, gzipped(t, lines))
	if got := read(t, importer.Auto, importer.Options{}, file).ids(); !cmp.Equal(got, []string{"a", "b"}) {
		t.Errorf("gzip: %v", got)
	}
	r := read(t, importer.Auto, importer.Options{Stdin: strings.NewReader(lines)}, "-")
	if got := r.ids(); !cmp.Equal(got, []string{"a", "b"}) || r.source.Progress().BytesTotal != 0 {
		t.Errorf("standard input: %v", got)
	}
	write(t, file, gzipped(t, strings.Repeat(lines, 5000))[:200])
	if r := read(t, importer.JSONL, importer.Options{}, file); len(r.rejected) != 1 {
		t.Errorf("a file cut off gives %v", r.rejected)
	}
}

func TestBEIRMetadata(t *testing.T) {
	line := `{"_id":7,"title":"T","text":"One.\n\nTwo *x*.","rank":3,"metadata":{"author":"Perlis, A. J.; Samelson,K.","date":"December, 1958",` +
		`"tags":["a","b","a"],"Category":"c","description":"<p>What <b>it</b> is</p>","excerpt":"Other","lastmod":"05/09/2022","language":"pt_BR",` +
		`"url":"https://x.example/a","reading_time":"7 min","view_count":"12","score":{"quality":80},"difficulty":"extreme","image":{"src":"/i.png","alt":"I"}}}`
	r := read(t, importer.Auto, importer.Options{}, tree(t, map[string]string{"corpus.jsonl": line}))
	minutes, views, quality := 7.0, int64(12), 80.0
	want := corpus.Post{
		ID: "7", Title: "T", Body: "One.\n\nTwo *x*.", BodyFormat: corpus.Markdown, Summary: "What it is",
		Author: corpus.StringList{"Perlis, A. J.", "Samelson,K."}, Tags: []string{"c", "a", "b"}, Topic: "c", Lang: "pt-BR",
		URL: "https://x.example/a", ReadingTime: &minutes, ViewCount: &views, Score: &corpus.Score{Quality: &quality},
		Images: []corpus.Image{{URL: "/i.png", Caption: "I"}},
	}
	got := r.one(t)
	if got.PublishedAt.String() != "1958-12-01" || got.UpdatedAt.String() != "2022-05-09" {
		t.Errorf("dates %s, %s", got.PublishedAt, got.UpdatedAt)
	}
	extra := map[string]string{}
	for name, raw := range got.Extra {
		extra[name] = string(raw)
	}
	if diff := cmp.Diff(map[string]string{"difficulty": `"extreme"`, "excerpt": `"Other"`, "rank": "3"}, extra); diff != "" {
		t.Error(diff)
	}
	got.PublishedAt, got.UpdatedAt, got.Extra = corpus.Date{}, corpus.Date{}, nil
	if diff := cmp.Diff(want, got, cmp.Comparer(corpus.Date.Equal)); diff != "" {
		t.Error(diff)
	}
	if len(r.warnings) != 1 || r.warnings[0].Field != "difficulty" || r.warnings[0].Line != 1 {
		t.Errorf("warnings %v", r.warnings)
	}
}

func TestBEIRFormatOfText(t *testing.T) {
	for line, want := range map[string]corpus.BodyFormat{
		`{"_id":"a","text":"One line of 3 * 4 words."}`:                       corpus.Text,
		`{"_id":"a","text":"# H\n\nText."}`:                                   corpus.Markdown,
		`{"_id":"a","text":"<p>x</p>","metadata":{"format":"html"}}`:          corpus.HTML,
		`{"_id":"a","text":"x\n\ny","metadata":{"format":"text"}}`:            corpus.Text,
		`{"_id":"a","text":"x","metadata":{"format":"markdown","tags":null}}`: corpus.Markdown,
	} {
		if p := read(t, importer.BEIR, importer.Options{}, tree(t, map[string]string{"corpus.jsonl": line})).one(t); p.BodyFormat != want {
			t.Errorf("%s is %q, want %q", line, p.BodyFormat, want)
		}
	}
}

func TestBEIRNeverRejectsForMetadata(t *testing.T) {
	huge := strings.Repeat("x", 70_000)
	for name, meta := range map[string]string{
		"types":          `{"tags":{"a":1},"author":[[1]],"date":[2020],"url":5,"lang":["x"],"reading_time":-1,"view_count":1.5,"series":["a","b"],"score":{"quality":900}}`,
		"long values":    `{"tags":["` + huge + `"],"summary":"` + huge + `","url":"https://x.example/` + huge + `","topic":"` + huge + `"}`,
		"many values":    `{"tags":[` + strings.TrimSuffix(strings.Repeat(`"a%d",`, 1), ",") + `` + strings.Repeat(`,"b"`, 10) + manyTags(1200) + `]}`,
		"deep values":    `{"a":` + strings.Repeat("[", 60) + "1" + strings.Repeat("]", 60) + `}`,
		"much extra":     `{"a":"` + strings.Repeat(huge, 4) + `","b":"kept"}`,
		"long name":      `{"` + huge + `":1}`,
		"odd dates":      `{"date":"9999-99-99","lastmod":"0000-00-00","published":"yesterday"}`,
		"bad address":    `{"url":"javascript:alert(1)","image":"data:image/png;base64,AAAA"}`,
		"null and empty": `{"tags":null,"author":"","date":"","summary":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, importer.BEIR, importer.Options{}, tree(t, map[string]string{"corpus.jsonl": `{"_id":"a","title":"T","text":"B","metadata":` + meta + `}`}))
			if p := r.one(t); p.Title != "T" || strings.HasPrefix(p.URL, "javascript") {
				t.Errorf("post %+v", p)
			}
			if name != "deep values" && name != "null and empty" && len(r.warnings) == 0 {
				t.Error("no warning")
			}
		})
	}
}

func manyTags(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"t%d"`, i)
	}
	return b.String()
}

func TestBEIRRejectsWhatIsNoPost(t *testing.T) {
	lines := []string{`[1]`, `{"_id":"a"}`, `{"title":"T"}`, `{"_id":"a","text":5}`, `{"_id":"a","title":"T"} x`, `null`, `{"_id":"a\u0001","title":"T"}`}
	r := read(t, importer.BEIR, importer.Options{}, tree(t, map[string]string{"corpus.jsonl": strings.Join(lines, "\n")}))
	if len(r.posts) != 0 || len(r.rejected) != len(lines) {
		t.Errorf("%d posts, %d rejected of %d", len(r.posts), len(r.rejected), len(lines))
	}
}

func TestFormatIsTold(t *testing.T) {
	root := tree(t, map[string]string{
		"a.jsonl": `{"id":"own","title":"A"}`, "b.jsonl": `{"_id":"beir","title":"B"}`, "c.md": "# C", "d.txt": "D title\n\nText.", "e/corpus.jsonl": `{"_id":"folder","title":"E"}`,
		"f/one.txt": "F title\n\nText.", "g/posts/x.md": "# G",
	})
	var paths []string
	for _, name := range []string{"a.jsonl", "b.jsonl", "c.md", "d.txt", "e", "f", "g"} {
		paths = append(paths, filepath.Join(root, name))
	}
	r := read(t, importer.Auto, importer.Options{}, paths...)
	if diff := cmp.Diff([]string{"own", "beir", "c", "d", "folder", "one", "posts/x"}, r.ids()); diff != "" {
		t.Error(diff)
	}
	if p := r.source.Progress(); p.Records != 7 || p.BytesRead != p.BytesTotal {
		t.Errorf("progress %+v", p)
	}
}

func TestOpenErrors(t *testing.T) {
	file := filepath.Join(tree(t, map[string]string{"x.bin": "\x00\x01"}), "x.bin")
	if _, err := importer.Open(importer.Auto, []string{file}, importer.Options{}); !errors.Is(err, importer.ErrFormat) {
		t.Errorf("a file of no format gives %v", err)
	}
	if _, err := importer.Open("csv", []string{file}, importer.Options{}); !errors.Is(err, importer.ErrFormat) {
		t.Errorf("an unknown format gives %v", err)
	}
	for _, format := range []string{importer.Auto, importer.JSONL, importer.BEIR, importer.Page, importer.Markdown} {
		if _, err := importer.Open(format, []string{file + ".missing"}, importer.Options{}); err == nil {
			t.Errorf("%s: a missing file is opened", format)
		}
		if _, err := importer.Open(format, nil, importer.Options{}); err == nil {
			t.Errorf("%s: no path is opened", format)
		}
	}
}
