package body

import (
	"strings"

	"alphanode/corpus"
)

// inliner reads the inline markup of one paragraph: code spans, links, images,
// emphasis, entities and tags. Every byte is read a bounded number of times;
// what is tried in vain is paid from a budget.
type inliner struct {
	doc  *Doc
	refs map[string]reference

	src  string
	out  []byte
	cuts []span // of out, markers that turned out to be markup, unordered

	brackets []bracket
	stars    []delimiter
	lines    []delimiter // of underscores
	waves    []delimiter // of tildes
	links    []openLink
	anchor   int // where the text of an open <a href> starts in out; -1 without one
	href     string
	hold     int    // out must not become shorter than this by trimming
	skipping string // the raw element whose content is being dropped

	noComment bool        // no "-->" follows
	codeEnds  map[int]int // last position of a run of so many backticks
	budget    int         // bytes that may still be read in vain
	steps     int
}

type span struct{ from, to int }

// openLink is a link whose text is known once the markers in it are cut.
type openLink struct {
	text span
	url  string
}

type bracket struct {
	at    int // in src, after the bracket
	out   int // in out, before the bracket
	links int // how many links were there before
	cuts  int // how many cuts were there before
	image bool
	dead  bool // a link closed within, so this cannot be one
}

// text reads src and returns it as plain text, with runs of white space made one
// space. Links and images are added to the document.
func (in *inliner) text(src string) string {
	in.reset(src)
	for i := 0; i < len(src); {
		if in.skipping != "" {
			i = in.skipRaw(i)
			continue
		}
		n := plainLength(src[i:])
		in.out = append(in.out, src[i:i+n]...)
		i += n
		if i < len(src) {
			i = in.special(i)
		}
		in.steps++
	}
	in.endAnchor()
	return in.finish()
}

func (in *inliner) reset(src string) {
	in.src, in.out, in.cuts = src, in.out[:0], in.cuts[:0]
	in.brackets, in.links = in.brackets[:0], in.links[:0]
	in.stars, in.lines, in.waves = in.stars[:0], in.lines[:0], in.waves[:0]
	in.hold, in.anchor, in.skipping, in.noComment, in.codeEnds = 0, -1, "", false, nil
	in.budget = 4*len(src) + 4096
	in.steps += len(src)
}

//nolint:gochecknoglobals // immutable table
var specialBytes = func() (t [256]bool) {
	for _, c := range []byte("\\`*_~[]!<&\n:") {
		t[c] = true
	}
	return t
}()

func plainLength(s string) int {
	for i := range len(s) {
		if specialBytes[s[i]] {
			return i
		}
	}
	return len(s)
}

// special handles the byte at i and returns the next position.
func (in *inliner) special(i int) int {
	switch c := in.src[i]; c {
	case '\\':
		return in.escape(i)
	case '`':
		return in.codeSpan(i)
	case '*', '_', '~':
		return in.delimiterRun(i)
	case '[':
		return in.openBracket(i, false)
	case '!':
		if i+1 < len(in.src) && in.src[i+1] == '[' {
			return in.openBracket(i, true)
		}
	case ']':
		return in.closeBracket(i)
	case '<':
		return in.angle(i)
	case '&':
		return in.entity(i)
	case '\n':
		return in.newline(i)
	case ':':
		return in.bareURL(i)
	}
	in.out = append(in.out, in.src[i])
	return i + 1
}

func (in *inliner) escape(i int) int {
	if i+1 < len(in.src) {
		switch c := in.src[i+1]; {
		case c == '\n':
			return in.newline(i + 1)
		case isPunct(c):
			in.out = append(in.out, c)
			return i + 2
		}
	}
	in.out = append(in.out, '\\')
	return i + 1
}

func isPunct(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

// newline makes a line break and the spaces around it one space.
func (in *inliner) newline(i int) int {
	for len(in.out) > in.hold && in.out[len(in.out)-1] == ' ' {
		in.out = in.out[:len(in.out)-1]
	}
	in.out = append(in.out, ' ')
	i++
	for i < len(in.src) && (in.src[i] == ' ' || in.src[i] == '\t' || in.src[i] == '\n') {
		i++
	}
	return i
}

// codeSpan copies code as it is, or a run of backticks that nothing closes.
func (in *inliner) codeSpan(i int) int {
	n := runLength(in.src[i:])
	end := in.codeEnd(i+n, n)
	if end < 0 {
		in.out = append(in.out, in.src[i:i+n]...)
		return i + n
	}
	code := in.src[i+n : end]
	if len(code) > 2 && code[0] == ' ' && code[len(code)-1] == ' ' {
		code = code[1 : len(code)-1]
	}
	at := len(in.out)
	in.out = append(in.out, code...)
	for k := at; k < len(in.out); k++ {
		if in.out[k] == '\n' {
			in.out[k] = ' '
		}
	}
	return end + n
}

// codeEnd finds the next run of exactly n backticks from i on. The last run of
// each length is looked up first, so that no search is in vain.
func (in *inliner) codeEnd(i, n int) int {
	if in.codeEnds == nil {
		in.codeEnds = backtickRuns(in.src)
		in.steps += len(in.src)
	}
	if last, ok := in.codeEnds[n]; !ok || last < i {
		return -1
	}
	for {
		at := strings.IndexByte(in.src[i:], '`')
		if at < 0 {
			return -1
		}
		i += at
		run := runLength(in.src[i:])
		if run == n {
			return i
		}
		i += run
	}
}

func backtickRuns(s string) map[int]int {
	last := make(map[int]int)
	for i := 0; i < len(s); {
		at := strings.IndexByte(s[i:], '`')
		if at < 0 {
			break
		}
		i += at
		n := runLength(s[i:])
		last[n] = i
		i += n
	}
	return last
}

// finish cuts the markers out and settles the links.
func (in *inliner) finish() string {
	keep := newCutter(in.cuts)
	for _, l := range in.links {
		if text := strings.TrimSpace(keep.slice(in.out, l.text)); l.url != "" {
			in.doc.Links = append(in.doc.Links, Link{URL: l.url, Text: text})
		}
	}
	return strings.TrimSpace(keep.slice(in.out, span{0, len(in.out)}))
}

func (in *inliner) addImage(url, caption string) {
	if img, ok := newImage(url, caption); ok {
		in.doc.Images = append(in.doc.Images, img)
	}
}

// newImage makes an image of an address; inline data is not kept.
func newImage(url, caption string) (corpus.Image, bool) {
	url = strings.TrimSpace(url)
	if url == "" || len(url) > maxURL || hasScheme(url, "data") || hasScheme(url, "javascript") {
		return corpus.Image{}, false
	}
	return corpus.Image{Source: host(url), URL: url, Caption: strings.Join(strings.Fields(caption), " ")}, true
}
