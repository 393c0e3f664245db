package importer_test

// Claims: 1. each habit of the static site generators gives the fields that its
// readers expect: title, dates, address, language, tags, authors, status, summary;
// 2. what is no post is skipped, and the order is that of names; 3. ids are paths
// without extension, stable, and never given twice; 4. a broken front matter costs
// its file, with the line; 5. links lead out of the tree or in circles nowhere.

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

// line is what a test says of a post, on one line.
func line(p corpus.Post) string {
	parts := []string{p.ID, p.Title, p.URL, p.PublishedAt.String()}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	add("updated", p.UpdatedAt.String())
	add("tags", strings.Join(p.Tags, ","))
	add("topic", p.Topic)
	add("by", strings.Join(p.Author, ","))
	add("series", p.Series)
	add("lang", p.Lang)
	add("summary", p.Summary)
	if p.Revision != nil {
		add("status", string(p.Revision.Status))
	}
	if p.BodyFormat != corpus.Markdown {
		add("format", string(p.BodyFormat))
	}
	add("body", p.Body)
	return strings.Join(parts, " | ")
}

func TestHabits(t *testing.T) {
	for name, c := range map[string]struct{ path, src, want string }{
		"Hugo YAML": {
			"content/posts/tea.md",
			"---\ntitle: Tea `pot`s & more\ndate: 2020-05-01T10:00:00Z\nlastmod: 2020-06-01\ntags: [go, tea]\ncategories: [Drinks]\nseries: [Kitchen]\nauthor: Ann Example\nsummary: About *tea*.\nweight: 3\n---\nBody.\n",
			"content/posts/tea | Tea pots & more | /posts/tea/ | 2020-05-01T10:00:00Z | updated=2020-06-01 | tags=Drinks,go,tea | topic=Drinks | by=Ann Example | series=Kitchen | summary=About tea. | body=Body.",
		},
		"Hugo TOML": {
			"content/posts/tea.md", "+++\ntitle = \"Tea\"\ndate = 2020-05-01\ndraft = true\ntags = [\"go\"]\n[params]\nauthor = \"Ann\"\n+++\nBody.",
			"content/posts/tea | Tea | /posts/tea/ | 2020-05-01 | tags=go | by=Ann | status=draft | body=Body.",
		},
		"Hugo JSON": {
			"content/a.md", "{\n\"title\": \"Tea\",\n\"slug\": \"pot\",\n\"date\": \"2020-05-01\"\n}\nBody.",
			"content/a | Tea | /pot/ | 2020-05-01 | body=Body.",
		},
		"Hugo bundle": {
			"content/posts/2020-05-01-tea/index.md", "---\ntitle: Tea\n---\nBody.",
			"content/posts/2020-05-01-tea | Tea | /posts/tea/ | 2020-05-01 | body=Body.",
		},
		"Hugo language folder": {
			"content/fr/posts/the.md", "---\ntitle: Le thé\nurl: /fr/boissons/\naliases: [/x/]\n---\nCorps.",
			"content/fr/posts/the | Le thé | /fr/boissons/ |  | lang=fr | body=Corps.",
		},
		"Hugo language suffix": {
			"content/tea.pt-br.md", "---\ntitle: Chá\n---\nTexto.", "content/tea.pt-br | Chá | /tea/ |  | lang=pt-br | body=Texto.",
		},
		"Hugo section with text": {
			"content/posts/_index.md", "---\ntitle: All posts\n---\nWelcome.", "content/posts/_index | All posts | /posts/ |  | body=Welcome.",
		},
		"Hugo more mark": {
			"a.md", "---\ntitle: T\n---\nThe *lead*.\n\n<!--more-->\n\nThe rest.",
			"a | T | /a/ |  | summary=The lead. | body=The *lead*.\n\n<!--more-->\n\nThe rest.",
		},
		"Jekyll post": {
			"_posts/2019-03-01-big-news.markdown", "---\nlayout: post\ntitle: \"Big: news\"\ncategory: release notes\ntags: a, b\nauthor: [ann, bob]\n---\nBody.",
			"_posts/2019-03-01-big-news | Big: news | /release/notes/2019/03/01/big-news.html | 2019-03-01 | tags=release notes,a,b | topic=release notes | by=ann,bob | body=Body.",
		},
		"Jekyll date and zone": {
			"_posts/2019-03-01-x.md", "---\ntitle: T\ndate: 2019-03-02 21:02:13 -0700\n---\nBody.",
			"_posts/2019-03-01-x | T | /2019/03/02/x.html | 2019-03-02T21:02:13-07:00 | body=Body.",
		},
		"Jekyll draft": {
			"_drafts/idea.md", "---\ntitle: Idea\npermalink: /:year/:title/\n---\nBody.", "_drafts/idea | Idea | /idea/ |  | status=draft | body=Body.",
		},
		"Jekyll unpublished": {
			"_posts/2019-03-01-x.md", "---\ntitle: T\npublished: false\npermalink: /t/\n---\nBody.", "_posts/2019-03-01-x | T | /t/ | 2019-03-01 | status=draft | body=Body.",
		},
		"Zola": {
			"content/2021-02-03-tea.md", "+++\ntitle = \"Tea\"\nupdated = 2021-03-04\ndescription = \"All of it\"\nauthors = [\"Ann\"]\n[taxonomies]\ntags = [\"go\"]\ncategories = [\"Drinks\"]\n[extra]\nteam = \"kitchen\"\nimage = \"/i.png\"\n+++\nBody.",
			"content/2021-02-03-tea | Tea | /tea/ | 2021-02-03 | updated=2021-03-04 | tags=Drinks,go | topic=Drinks | by=Ann | summary=All of it | body=Body.",
		},
		"Zola path with date": {
			"content/Tea.md", "+++\npath = \"2025/06/26/Tea\"\ntitle = \"Tea\"\n+++\nBody.", "content/Tea | Tea | /2025/06/26/Tea/ | 2025-06-26 | body=Body.",
		},
		"Eleventy": {
			"src/blog/2022-01-02-tea.md", "---\ntitle: Tea\nteaser: A <b>teaser</b>.\nauthors:\n  - ann\n  - name: Bob B\n    url: /bob\n  - carl:\n---\nBody.",
			"src/blog/2022-01-02-tea | Tea | /blog/tea/ | 2022-01-02 | by=ann,Bob B,carl | summary=A teaser. | body=Body.",
		},
		"Docusaurus": {
			"blog/2022/01/02/tea.mdx", "---\nslug: /hot/tea\nid: tea-id\nlast_update:\n  date: 2022-02-03\n  author: Bob\nunlisted: true\n---\n# Hot *tea*\n\nBody.",
			"tea-id | Hot tea | /hot/tea | 2022-01-02 | updated=2022-02-03 | status=draft | body=Body.",
		},
		"no front matter":           {"notes/my-first_note.md", "Just text.\n\n## A part\n", "notes/my-first_note | A part | /notes/my-first_note/ |  | body=Just text.\n\n## A part"},
		"title of the name":         {"notes/my-first_note.md", "Just text.", "notes/my-first_note | My first note | /notes/my-first_note/ |  | body=Just text."},
		"a rule is no front matter": {"a.md", "---\n\nText below a rule.", "a | A | /a/ |  | body=---\n\nText below a rule."},
		"empty front matter":        {"a.md", "---\n---\nText.", "a | A | /a/ |  | body=Text."},
		"status by name":            {"a.md", "---\ntitle: T\nstatus: Pending\n---\nx", "a | T | /a/ |  | status=pending | body=x"},
		"line ends of Windows":      {"a.md", "\ufeff---\r\ntitle: T\r\n---\r\nText.\r\n", "a | T | /a/ |  | body=Text."},
		"HTML with front matter":    {"a.html", "---\ntitle: T\n---\n<p>Text.</p>", "a | T | /a/ |  | format=html | body=<p>Text.</p>"},
		"HTML fragment":             {"a.htm", "<h1>Head</h1><p>Text.</p>", "a | Head | /a/ |  | format=html | body=<h1>Head</h1><p>Text.</p>"},
		"HTML document": {
			"a.html",
			"<!doctype html><html lang=de><head><title>Der &amp; Tee</title><meta name=description content='Über Tee'><meta name=keywords content='a, b'>" +
				"<meta property=article:published_time content=2020-02-03><link rel=canonical href=https://x.example/tee></head><body><nav>Menu</nav><main><article><p>Text.</p></article></main><footer>Foot</footer></body></html>",
			"a | Der & Tee | https://x.example/tee | 2020-02-03 | tags=a,b | lang=de | summary=Über Tee | format=html | body=<p>Text.</p>",
		},
		"duplicate name in YAML": {"a.md", "---\ntitle: One\ntitle: Two\n---\nx", "a | Two | /a/ |  | body=x"},
		"month without day":      {"2016-10-00-x.md", "---\ntitle: T\n---\nx", "2016-10-00-x | T | /x/ | 2016-10-01 | body=x"},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, importer.Markdown, importer.Options{}, tree(t, map[string]string{c.path: c.src})).one(t)
			if diff := cmp.Diff(c.want, line(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTreeSkipsWhatIsNoPost(t *testing.T) {
	post := "---\ntitle: T\n---\nBody."
	root := tree(t, map[string]string{
		"README.md": "# Readme", "LICENSE.md": "Text", "license-news.md": post, ".hidden/a.md": post, ".b.md": post, "node_modules/c/d.md": post, "_includes/e.html": post,
		"_layouts/f.html": post, "content/posts/a.md": post, "content/posts/_index.md": "---\ntitle: Posts\n---\n", "layouts/g.html": "<p>{{ .Content }}</p>", "themes/x/h.md": post,
		"content/bundle/index.md": post, "content/bundle/part.md": "A resource.", "content/bundle/timing.html": "<p>A resource.</p>", "content/bundle/own.md": post,
		"content/common/_index.md": "---\ncascade:\n  build:\n    render: never\n---\n", "content/common/i.md": post, "notes.txt": "Text.", "style.css": "p{}",
		"docs/j.MD": post, "docs/k.md.gz": string(gzipped(t, post)),
	})
	r := read(t, importer.Markdown, importer.Options{}, root)
	want := []string{"content/bundle", "content/bundle/own", "content/posts/a", "docs/j", "docs/k", "license-news"}
	if diff := cmp.Diff(want, r.ids()); diff != "" || len(r.rejected) > 0 {
		t.Errorf("(-want +got):\n%s\nrejected %v", diff, r.rejected)
	}
}

func TestTreeIDsAreNeverGivenTwice(t *testing.T) {
	root := tree(t, map[string]string{
		"a.md": "---\nid: same\ntitle: A\n---\nx", "b.md": "---\nid: same\ntitle: B\n---\nx", "c.md": "---\ntitle: C\n---\nx", "c/index.md": "---\ntitle: D\n---\nx", "e.md": "---\ntitle: E\n---\nx", "e.html": "<p>E</p>",
	})
	r := read(t, importer.Markdown, importer.Options{}, root)
	if diff := cmp.Diff([]string{"same", "b", "c", "c.md", "e", "e.md"}, r.ids()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(r.warnings) != 3 {
		t.Errorf("warnings %v", r.warnings)
	}
}

func TestFrontMatterErrorsGiveTheLine(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		line int
	}{
		"YAML":            {"---\ntitle: T\na: b: c\n---\nx", 3},
		"YAML list":       {"---\n- a\n- b\n---\nx", 2},
		"TOML":            {"+++\ntitle = \"T\"\n\ndate = = 3\n+++\nx", 4},
		"JSON":            {"{\n\"title\": \"T\",\n\"b\": x\n}\nx", 3},
		"nested YAML":     {"---\na: " + strings.Repeat("[", 5000) + "\n---\nx", 2},
		"alias expansion": {"---\na: &a [" + strings.Repeat("x,", 99) + "x]\nb: &b [" + strings.Repeat("*a,", 99) + "*a]\nc: &c [" + strings.Repeat("*b,", 99) + "*b]\n---\nx", 2},
	} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, map[string]string{"a.md": "---\ntitle: Good\n---\nx", "b.md": c.src})
			r := read(t, importer.Markdown, importer.Options{}, root)
			if len(r.posts) != 1 || len(r.rejected) != 1 {
				t.Fatalf("%d posts, rejected %v", len(r.posts), r.rejected)
			}
			if e := r.rejected[0]; e.File != filepath.Join(root, "b.md") || e.Line != c.line || !strings.Contains(e.Error(), "front matter") {
				t.Errorf("rejected %v, want line %d", e, c.line)
			}
		})
	}
}

func TestFrontMatterIsReadLeniently(t *testing.T) {
	r := read(t, importer.Markdown, importer.Options{}, tree(t, map[string]string{"a.md": "---\ntitle: T\ntags:\n\t- a\ncolour: red\nid: \"\"\n---\nx"}))
	p := r.one(t)
	if len(r.warnings) != 1 || !cmp.Equal(p.Tags, []string{"a"}) || string(p.Extra["colour"]) != `"red"` || p.ID != "a" {
		t.Errorf("warnings %v, post %+v", r.warnings, p)
	}
}

func TestExtraOfFrontMatterIsKept(t *testing.T) {
	src := "---\ntitle: T\nversion: 1.10\nweight: 3\nwhen: 2020-01-02\nnested:\n  2: two\n  list: [1, true, null]\nempty:\n---\nx"
	got := map[string]string{}
	for name, raw := range read(t, importer.Markdown, importer.Options{}, tree(t, map[string]string{"a.md": src})).one(t).Extra {
		got[name] = string(raw)
	}
	want := map[string]string{"version": "1.10", "weight": "3", "when": `"2020-01-02"`, "nested": `{"2":"two","list":[1,true,null]}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFutureAndExpired(t *testing.T) {
	root := tree(t, map[string]string{
		"future.md": "---\ntitle: F\ndate: 2031-01-01\n---\nx", "now.md": "---\ntitle: N\ndate: 2020-01-01\n---\nx", "old.md": "---\ntitle: O\nexpiryDate: 2020-01-01\n---\nx",
	})
	clock := func() time.Time { return time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, p := range read(t, importer.Markdown, importer.Options{Now: clock}, root).posts {
		status := corpus.Status("")
		if p.Revision != nil {
			status = p.Revision.Status
		}
		if want := map[string]corpus.Status{"future": corpus.StatusDraft, "old": corpus.StatusArchived}[p.ID]; status != want {
			t.Errorf("%s is %q, want %q", p.ID, status, want)
		}
	}
}

func TestTreeFilesThatCannotBePosts(t *testing.T) {
	root := tree(t, map[string]string{
		"big.md": strings.Repeat("x", 2000), "good.md": "---\ntitle: T\n---\nx", strings.Repeat("d/", 30) + strings.Repeat("n", 200) + "/" + strings.Repeat("n", 200) + "/" + strings.Repeat("n", 200) + ".md": "x",
		"block.md": "---\ntitle: " + strings.Repeat("y", 300_000) + "\n---\nx",
	})
	r := read(t, importer.Markdown, importer.Options{MaxRecord: 1000}, root)
	if !cmp.Equal(r.ids(), []string{"good"}) || len(r.rejected) != 3 {
		t.Fatalf("posts %v, rejected %v", r.ids(), r.rejected)
	}
	for _, e := range r.rejected {
		if !strings.HasPrefix(e.File, root) || e.Err == nil {
			t.Errorf("rejected %+v", e)
		}
	}
}

func TestTreeLinks(t *testing.T) {
	outside := tree(t, map[string]string{"secret.md": "---\ntitle: Secret\n---\nx"})
	root := tree(t, map[string]string{"a/post.md": "---\ntitle: T\n---\nx"})
	for link, target := range map[string]string{"a/loop": root, "out.md": filepath.Join(outside, "secret.md"), "again.md": filepath.Join(root, "a", "post.md"), "dangling.md": filepath.Join(root, "none")} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Skip("links cannot be made here:", err)
		}
	}
	r := read(t, importer.Markdown, importer.Options{}, root)
	if diff := cmp.Diff([]string{"a/post", "again"}, r.ids()); diff != "" || len(r.rejected) != 1 {
		t.Errorf("(-want +got):\n%s\nrejected %v", diff, r.rejected)
	}
}

func TestGivenTrees(t *testing.T) {
	root := fixture(t, "trees")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Run(entry.Name(), func(t *testing.T) {
			r := read(t, importer.Auto, importer.Options{}, filepath.Join(root, entry.Name()))
			if len(r.posts) < 100 || len(r.rejected) > 0 {
				t.Errorf("%d posts, rejected %v", len(r.posts), r.rejected)
			}
			undated := 0
			for _, p := range r.posts {
				if p.Title == "" || p.URL == "" || strings.Contains(p.Title, "{{") {
					t.Errorf("%s: title %q, url %q", p.ID, p.Title, p.URL)
				}
				if p.PublishedAt.IsZero() {
					undated++
				}
			}
			if undated > 1 && entry.Name() != "hugo-bundles-hugodocs" { // Its pages have no dates.
				t.Errorf("%d posts without a date", undated)
			}
			if p := r.source.Progress(); p.BytesRead != p.BytesTotal || p.Records < len(r.posts) {
				t.Errorf("progress %+v", p)
			}
			store := openStore(t)
			for _, want := range []importer.Summary{{Added: len(r.posts), Warnings: len(r.warnings)}, {Unchanged: len(r.posts), Warnings: len(r.warnings)}} {
				if sum := run(t, store, importer.Auto, importer.RunOptions{}, filepath.Join(root, entry.Name())); sum != want {
					t.Errorf("import %+v, want %+v", sum, want)
				}
			}
		})
	}
}

func FuzzFrontMatter(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: T\ntags: [a, b]\ndate: 2020-01-01\n---\nx", "+++\ntitle = \"T\"\n[extra]\na = 1\n+++\nx", "{\"title\": \"T\"}\nx", "---\n&a [*a]\n---", "---\na: !!binary x\n---\n",
		"---\n<<: {a: b}\n---", "---\n? [a]\n: b\n---", "+++\na = 2020-01-01T00:00:00\n+++\n", "<!doctype html><title>T</title><article>x", "---\ntitle: 5\nauthor: {name: x}\nurl: [a]\n---",
	} {
		f.Add(seed, "a/2020-01-02-b.md")
		f.Add(seed, "_posts/index.fr.html")
	}
	f.Fuzz(func(t *testing.T, src, name string) {
		if len(src) > 1<<14 || !filepath.IsLocal(name) || strings.ContainsAny(name, "\x00\\") || len(name) > 100 {
			t.Skip()
		}
		name = filepath.ToSlash(filepath.Clean(name))
		root := t.TempDir()
		file := filepath.Join(root, filepath.FromSlash(name))
		if os.MkdirAll(filepath.Dir(file), 0o750) != nil || os.WriteFile(file, []byte(src), 0o600) != nil {
			t.Skip()
		}
		source, err := importer.Open(importer.Markdown, []string{file}, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkPosts(t, source)
	})
}

func FuzzPage(f *testing.F) {
	f.Add(samplePage)
	f.Add("T\n\npost meta\npayload\n  • a: b\nscore\n  • quality: x\nSimilar Posts\nz")
	f.Add("post meta\nentities\n    • name: a\n    • name: b\nimages\n • url: javascript:x")
	f.Fuzz(func(t *testing.T, src string) {
		file := filepath.Join(t.TempDir(), "p.txt")
		write(t, file, []byte(src))
		source, err := importer.Open(importer.Page, []string{file}, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkPosts(t, source)
	})
}

// checkPosts wants valid posts and named rejections.
func checkPosts(t *testing.T, source importer.Source) {
	t.Helper()
	for p, err := range source.Posts(t.Context()) {
		var rejected *corpus.RecordError
		switch {
		case errors.As(err, &rejected):
			if rejected.File == "" || rejected.Err == nil {
				t.Errorf("rejection %+v", rejected)
			}
		case err != nil:
			t.Error(err)
		default:
			if err := p.Validate(corpus.DefaultLimits()); err != nil {
				t.Error(fmt.Errorf("invalid post: %w", err))
			}
		}
	}
}
