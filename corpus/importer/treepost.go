package importer

import (
	"errors"
	"fmt"
	"hash/maphash"
	"html"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

// treePost makes a post of one content file.
type treePost struct {
	mapper

	file  treeFile
	path  treePath
	front frontMatter
	now   func() time.Time // nil: no date is in the future
}

// read fills the post; false for a file that is no post.
func (b *treePost) read(text string) (bool, error) {
	front, err := readFrontMatter(text)
	if err != nil {
		return false, err
	}
	b.front, b.path = front, readPath(b.file.rel)
	if b.skipped() {
		return false, nil
	}
	b.body()
	if b.path.section && strings.TrimSpace(b.post.Body) == "" {
		return false, nil
	}
	if front.repaired != nil {
		b.warning("", front.repaired)
	}
	meta := b.ownNames()
	b.apply(meta)
	b.title()
	b.dates()
	b.language()
	b.status()
	b.address(meta)
	b.summary()
	return true, nil
}

// skipped reports files that are no posts though they have a post's extension.
func (b *treePost) skipped() bool {
	if b.front.meta != nil {
		return false
	}
	if b.file.bundled {
		return true
	}
	name := strings.ToLower(path.Base(b.file.rel))
	name, _, _ = strings.Cut(name, ".")
	switch name {
	case "readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "security", "codeowners", "notice", "404":
		return true
	}
	return false
}

func (b *treePost) body() {
	b.post.Body = strings.TrimSpace(b.front.body)
	b.post.BodyFormat = corpus.Markdown
	switch strings.TrimSuffix(strings.ToLower(contentExt(b.file.rel)), ".gz") {
	case ".html", ".htm":
		b.post.BodyFormat = corpus.HTML
		if doc, ok := readDocument(b.post.Body); ok {
			b.post.Body = doc.body
			for name, value := range doc.meta {
				if _, given := b.front.meta[name]; !given {
					b.setMeta(name, value)
				}
			}
		}
	}
}

func (b *treePost) setMeta(name string, value any) {
	if b.front.meta == nil {
		b.front.meta = make(map[string]any)
	}
	b.front.meta[name] = value
}

// ownNames takes out of the front matter what this importer reads itself.
func (b *treePost) ownNames() map[string]any {
	meta := make(map[string]any, len(b.front.meta))
	for name, value := range b.front.meta {
		switch name {
		case "id":
			if s, ok := scalar(value); ok && corpus.ValidID(s) == nil {
				b.post.ID = s
				continue
			}
		case "title":
			if s, ok := value.(string); ok {
				value = plainTitle(s)
			}
		case "slug", "path":
			if s, ok := scalar(value); ok && s != "" && s != b.path.slug {
				continue // See address.
			}
		}
		meta[name] = value
	}
	return meta
}

// plainTitle drops the backticks and entities that titles hold.
func plainTitle(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.Count(s, "`") > 1 {
		s = strings.ReplaceAll(s, "`", "")
	}
	return html.UnescapeString(s)
}

// title is the first heading or the file's name where the front matter has none.
func (b *treePost) title() {
	if b.post.Title != "" {
		return
	}
	if heading, rest, ok := cutHeading(b.post.Body); ok && b.post.BodyFormat == corpus.Markdown {
		b.post.Title, b.post.Body = heading, rest
	} else {
		b.post.Title = firstHeading(b.post.BodyFormat, b.post.Body)
	}
	if b.post.Title == "" || len(b.post.Title) > b.limits.Text {
		b.post.Title = humanised(b.path.slug, b.path.dirs)
	}
}

// cutHeading cuts a first-level heading that a body begins with, for it is the
// title.
func cutHeading(src string) (heading, rest string, ok bool) {
	line, rest, _ := strings.Cut(src, "\n")
	if !strings.HasPrefix(line, "# ") {
		return "", "", false
	}
	doc := body.Parse(corpus.Markdown, line)
	if len(doc.Blocks) != 1 || doc.Blocks[0].Kind != body.Heading {
		return "", "", false
	}
	return doc.Blocks[0].Text, strings.TrimSpace(rest), true
}

// headingScan is how much of a body is searched for a heading.
const headingScan = 64 << 10

func firstHeading(format corpus.BodyFormat, src string) string {
	for _, block := range body.Parse(format, src[:min(len(src), headingScan)]).Blocks {
		if block.Kind == body.Heading {
			return block.Text
		}
	}
	return ""
}

// humanised makes a title of a file name: "my-first_post" is "My first post".
func humanised(slug string, dirs []string) string {
	if slug == "" && len(dirs) > 0 {
		slug = dirs[len(dirs)-1]
	}
	s := strings.Join(strings.FieldsFunc(slug, func(r rune) bool { return r == '-' || r == '_' || unicode.IsSpace(r) }), " ")
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

// dates falls back on the file name, the folders and the address.
func (b *treePost) dates() {
	if b.post.PublishedAt.IsZero() {
		b.post.PublishedAt = b.path.date
	}
	if !b.post.PublishedAt.IsZero() {
		b.path.date = b.post.PublishedAt
		return
	}
	for _, name := range []string{"path", "url", "permalink", "slug"} {
		if s, ok := b.front.meta[name].(string); ok {
			if d, ok := dateInPath(s); ok {
				b.post.PublishedAt = d
				return
			}
		}
	}
}

func (b *treePost) language() {
	if b.post.Lang == "" {
		b.post.Lang = b.path.lang
	}
}

// status makes drafts of what is in a folder of drafts or lies in the future, and
// archives what has expired.
func (b *treePost) status() {
	if b.post.Revision != nil && b.post.Revision.Status != "" {
		return
	}
	if b.path.draft {
		b.setStatus(corpus.StatusDraft)
	}
	if b.now == nil {
		return
	}
	now := b.now()
	if b.post.PublishedAt.Time().After(now) {
		b.setStatus(corpus.StatusDraft)
	}
	for _, name := range []string{"expiryDate", "expirydate", "unpublishdate"} {
		if d, ok := dateOf(b.front.meta[name]); ok && d.Time().Before(now) {
			b.setStatus(corpus.StatusArchived)
		}
	}
}

// address is the url that the front matter gives, or the default of generators
// with the front matter's slug.
func (b *treePost) address(meta map[string]any) {
	if b.post.ID == "" {
		b.post.ID = b.path.id
	}
	if b.post.URL != "" {
		return
	}
	if s, ok := scalar(b.front.meta["path"]); ok && s != "" && meta["path"] == nil {
		b.setURL("/" + strings.Trim(s, "/") + "/")
		return
	}
	slug := b.path.slug
	if s, ok := scalar(b.front.meta["slug"]); ok && s != "" {
		if strings.HasPrefix(s, "/") {
			b.setURL(s)
			return
		}
		slug = s
	}
	b.setURL(b.path.address(slug, b.categories()))
}

// setURL sets an address that may hold what addresses must escape.
func (b *treePost) setURL(s string) {
	s = strings.NewReplacer(" ", "%20", "{", "%7B", "}", "%7D", "<", "%3C", ">", "%3E", "\"", "%22").Replace(s)
	if len(s) <= b.limits.URL && utf8.ValidString(s) {
		b.post.URL = s
	}
}

// categories are those that Jekyll puts into an address.
func (b *treePost) categories() []string {
	for _, name := range []string{"categories", "category"} {
		switch v := b.front.meta[name].(type) {
		case string:
			return strings.Fields(v)
		case []any:
			values, _ := strs(v)
			return values
		}
	}
	return nil
}

// moreMarks part the summary from the rest.
//
//nolint:gochecknoglobals // immutable table
var moreMarks = []string{"<!--more-->", "<!-- more -->", "<!-- truncate -->", "<!--truncate-->", "<!-- excerpt -->", "<!-- end -->", "{/* truncate */}"}

// summary takes what stands before a "more" mark where the front matter has no
// summary.
func (b *treePost) summary() {
	if b.post.Summary != "" {
		return
	}
	for _, mark := range moreMarks {
		if i := strings.Index(b.post.Body[:min(len(b.post.Body), headingScan)], mark); i > 0 {
			doc := body.Parse(b.post.BodyFormat, b.post.Body[:i])
			b.post.Summary = strings.Join(strings.Fields(doc.Prose()), " ")
			return
		}
	}
}

var errSameID = errors.New("is the id of another file; the path is the id instead")

// claim makes sure that no other file of this import has the id. A repeated id
// of front matter gives way to the path.
func (b *treePost) claim(ids map[uint64]struct{}, seed maphash.Seed) {
	key := maphash.String(seed, b.post.ID)
	if _, taken := ids[key]; taken && b.post.ID != b.path.id {
		b.warning("id", fmt.Errorf("%q %w", b.post.ID, errSameID))
		b.post.ID = b.path.id
		key = maphash.String(seed, b.post.ID)
	}
	if _, taken := ids[key]; taken {
		b.post.ID = strings.TrimPrefix(b.file.rel, "/")
		b.warning("id", fmt.Errorf("%q: %w", b.path.id, errSameID))
		key = maphash.String(seed, b.post.ID)
	}
	ids[key] = struct{}{}
}
