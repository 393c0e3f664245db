package server

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"alphanode/corpus"
)

// pageFuncs are the functions of the templates.
func pageFuncs() template.FuncMap {
	return template.FuncMap{
		"count":    groupDigits,
		"date":     shortDate,
		"minutes":  minutes,
		"shown":    shownValue,
		"pick":     pickLabel,
		"postPath": postPath,
		"facetURL": facetURL,
		"crumbs":   crumbs,
		"external": external,
		"safe":     safeHTML,
		"first":    firstOf,
		"join":     strings.Join,
	}
}

// groupDigits writes 12345 as 12,345.
func groupDigits(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// shortDate is a day as people write it: 19 Apr 2023.
func shortDate(d corpus.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format("2 Jan 2006")
}

// minutes is a reading time: "4 min".
func minutes(m *float64) string {
	if m == nil || *m <= 0 {
		return ""
	}
	return strconv.Itoa(max(int(*m+0.5), 1)) + " min"
}

// fieldLabel is a JSON name for people.
func fieldLabel(name string) string {
	switch name {
	case "lang":
		return "language"
	case "published_at":
		return "published"
	case "updated_at":
		return "updated"
	case "view_count":
		return "views"
	}
	return strings.ReplaceAll(name, "_", " ")
}

// shownValue is a facet value for people: the bounds of a range set apart.
func shownValue(value string) string {
	for _, sign := range [][2]string{{">=", "≥ "}, {"<=", "≤ "}, {">", "> "}, {"<", "< "}} {
		if rest, ok := strings.CutPrefix(value, sign[0]); ok && rest != "" && '0' <= rest[0] && rest[0] <= '9' {
			return sign[1] + rest
		}
	}
	return value
}

// postPath is the path of a post's page. Ids "." and ".." would be taken for
// directories, whatever their encoding, and go into a parameter.
func postPath(id string) string {
	if id == "." || id == ".." {
		return "/post?id=" + url.QueryEscape(id)
	}
	return "/posts/" + url.PathEscape(id)
}

// facetURL is the search page with one facet value chosen.
func facetURL(field, value string) string {
	return "/?" + url.Values{field: {value}}.Encode()
}

// external reports whether a post's own address can be followed.
func external(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

const maxCrumbs = 4

// crumbs is the host and the path of an address, as a trail.
func crumbs(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var out []string
	if u.Host != "" {
		out = append(out, strings.TrimPrefix(u.Host, "www."))
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, cut(part, 60))
		}
	}
	if len(out) > maxCrumbs {
		out = append(append(out[:2:2], "…"), out[len(out)-1])
	}
	return out
}

// safeHTML marks what the highlighter made: escaped text with <mark>.
func safeHTML(s string) template.HTML {
	return template.HTML(s) //nolint:gosec // the highlighter escapes
}

// firstOf is the first n of a list.
func firstOf(n int, list []string) []string { return list[:min(n, len(list))] }
