package relevance

import (
	"context"
	"errors"
	"html"
	"iter"
	"regexp"
	"strings"

	"alphanode/corpus"
)

// trecDocuments reads documents in TREC's SGML: <DOC> blocks with a <DOCNO>, of
// which TITLE, TI, HEADLINE and HL become the title and all else the body.
type trecDocuments struct{ path string }

var (
	docnoBlock = regexp.MustCompile(`(?is)<docno>(.*?)</docno>`)
	titleBlock = regexp.MustCompile(`(?is)<(?:title|ti|headline|hl)>(.*?)</(?:title|ti|headline|hl)>`)
	sgmlTag    = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
)

// errStop ends reading because the consumer has enough.
var errStop = errors.New("stop")

// Posts yields one post for each <DOC>.
func (d trecDocuments) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		var block []string
		start := 0
		err := eachLine(d.path, func(line int, text string) error {
			switch lower := strings.ToLower(strings.TrimSpace(text)); {
			case strings.HasPrefix(lower, "<doc>"):
				block, start = nil, line
			case strings.HasPrefix(lower, "</doc>"):
				if !yield(d.post(start, strings.Join(block, "\n"))) {
					return errStop
				}
			default:
				block = append(block, text)
			}
			return ctx.Err()
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(corpus.Post{}, err)
		}
	}
}

func (d trecDocuments) post(line int, block string) (corpus.Post, error) {
	docno := docnoBlock.FindStringSubmatch(block)
	if docno == nil || strings.TrimSpace(docno[1]) == "" {
		return corpus.Post{}, &corpus.RecordError{File: d.path, Line: line, Field: "id", Err: errors.New("<DOC> without <DOCNO>")}
	}
	var title []string
	for _, m := range titleBlock.FindAllStringSubmatch(block, -1) {
		title = append(title, plainSGML(m[1]))
	}
	body := plainSGML(titleBlock.ReplaceAllString(docnoBlock.ReplaceAllString(block, ""), ""))
	post := corpus.Post{ID: strings.TrimSpace(docno[1]), Title: strings.Join(title, " "), Body: body, BodyFormat: corpus.Text}
	if post.Title == "" && post.Body == "" {
		return corpus.Post{}, &corpus.RecordError{File: d.path, Line: line, Field: "body", Err: errors.New("document without text")}
	}
	return post, nil
}

func plainSGML(s string) string {
	return strings.TrimSpace(html.UnescapeString(sgmlTag.ReplaceAllString(s, " ")))
}
