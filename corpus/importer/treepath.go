package importer

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"alphanode/corpus"
)

// treePath is what the path of a content file says.
type treePath struct {
	id    string // the path without extension, and without a bundle's "index"
	dirs  []string
	slug  string // of the file or the bundle's folder, without date and language
	date  corpus.Date
	lang  string
	draft bool // in a folder of drafts

	jekyll  bool // in _posts or _drafts
	section bool // _index
}

// datedName is "2019-03-01-title" or "2019-03-01T10-00-00Z-title"; a day of zero
// ("2016-10-00-title") is the first of the month.
var (
	datedName = regexp.MustCompile(`^(\d{4})[-_](\d{1,2})[-_](\d{1,2})(?:T[\d:-]+Z?)?(?:[-_ ](.+))?$`)
	dotLang   = regexp.MustCompile(`^(.+)\.([a-z]{2}(?:-[A-Za-z]{2})?)$`)
	datedPath = regexp.MustCompile(`(?:^|/)(\d{4})/(\d{1,2})(?:/(\d{1,2}))?(?:/|$)`)
)

// readPath takes a path apart.
func readPath(rel string) treePath {
	stem := strings.TrimSuffix(rel, contentExt(rel))
	dir, name := path.Split(stem)
	p := treePath{id: stem}
	if dir != "" {
		p.dirs = strings.Split(strings.TrimSuffix(dir, "/"), "/")
	}
	if m := dotLang.FindStringSubmatch(name); m != nil && isLanguage(m[2]) {
		name, p.lang = m[1], m[2]
	}
	p.folders()
	switch name {
	case "_index":
		p.section = true
		name = ""
	case "index":
		name = ""
		if n := len(p.dirs); n > 0 {
			name, p.dirs = p.dirs[n-1], p.dirs[:n-1]
			p.id = strings.TrimSuffix(strings.TrimSuffix(stem, "index"), "/")
			if p.lang != "" {
				p.id = path.Join(dir, "") + "." + p.lang
			}
		}
	}
	p.slug = p.dated(name)
	return p
}

// contentExt is the extension of a content file, with ".gz" where it has that too.
func contentExt(name string) string {
	plain := strings.TrimSuffix(name, ".gz")
	return name[len(plain)-len(path.Ext(plain)):]
}

// dated cuts the date from a name, or else takes it from folders named by year
// and month.
func (p *treePath) dated(name string) string {
	if m := datedName.FindStringSubmatch(name); m != nil {
		if d, ok := dayOf(m[1], m[2], m[3]); ok {
			p.date = d
			if m[4] != "" {
				return m[4]
			}
			return name
		}
	}
	if d, ok := dateInPath(strings.Join(p.dirs, "/")); ok {
		p.date = d
	}
	return name
}

func dateInPath(s string) (corpus.Date, bool) {
	m := datedPath.FindStringSubmatch(s)
	if m == nil {
		return corpus.Date{}, false
	}
	return dayOf(m[1], m[2], m[3])
}

// dayOf makes a day; an absent or zero day of the month is the first.
func dayOf(year, month, day string) (corpus.Date, bool) {
	if strings.Trim(day, "0") == "" {
		day = "1"
	}
	t, err := time.Parse("2006-1-2", year+"-"+strings.TrimPrefix(month, "0")+"-"+strings.TrimPrefix(day, "0"))
	return corpus.DayOf(t), err == nil
}

// folders reads what the folders mean: language, drafts, Jekyll's collections.
func (p *treePath) folders() {
	for i, dir := range p.dirs {
		switch {
		case dir == "_drafts" || dir == "drafts":
			p.draft = true
			p.jekyll = p.jekyll || dir == "_drafts"
		case dir == "_posts":
			p.jekyll = true
		case p.lang == "" && isLanguage(dir) && (i == 0 || p.dirs[i-1] == "content" || p.dirs[i-1] == "i18n"):
			p.lang = dir
		}
	}
}

// languages are the codes that are taken for a language in a name or folder.
//
//nolint:gochecknoglobals // immutable table
var languages = stringSet(strings.Fields("ar bg bn ca cs da de el en es et fa fi fr gl gu he hi hr hu id it ja ka kk ko lt lv ml mr ms nb nl " +
	"nn no pa pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh")...)

func isLanguage(s string) bool {
	base, region, found := strings.Cut(strings.ToLower(s), "-")
	return languages[base] && (!found || len(region) == 2 || len(region) == 4)
}

// contentDirs are left out of an address: what is in them is the site.
//
//nolint:gochecknoglobals // immutable table
var contentDirs = stringSet("content", "_posts", "_drafts", "src", "pages")

// address is the path at which generators publish the file by default:
//
//	Jekyll        /category/2019/03/01/slug.html
//	the others    /folders/slug/
func (p *treePath) address(slug string, categories []string) string {
	if p.jekyll && !p.date.IsZero() {
		parts := make([]string, 0, len(categories)+1)
		for _, c := range categories {
			parts = append(parts, strings.ToLower(strings.Join(strings.Fields(c), "%20")))
		}
		parts = append(parts, strings.ReplaceAll(p.date.String()[:len(time.DateOnly)], "-", "/"))
		return "/" + strings.Join(parts, "/") + "/" + slug + ".html"
	}
	dirs := p.site()
	if slug != "" {
		dirs = append(dirs, slug)
	}
	if len(dirs) == 0 {
		return "/"
	}
	return "/" + strings.Join(dirs, "/") + "/"
}

// site is the folders below the last one that only holds content, without that of
// English, which generators publish at the root by default.
func (p *treePath) site() []string {
	dirs := p.dirs
	for i, dir := range slices.Backward(dirs) {
		if contentDirs[dir] {
			dirs = dirs[i+1:]
			break
		}
	}
	if len(dirs) > 0 && dirs[0] == "en" && p.lang == "en" {
		dirs = dirs[1:]
	}
	return slices.Clone(dirs)
}
