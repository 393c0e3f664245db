package server

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"alphanode/corpus"
)

// The forms of a list of similar posts; JSON without any.
const (
	formatJSON     = "json"
	formatHTML     = "html"
	formatJSONFeed = "jsonfeed"
)

//nolint:gochecknoglobals // immutable table
var similarFormats = []string{formatJSON, formatHTML, formatJSONFeed}

const typeJSONFeed = "application/feed+json; charset=utf-8"

// reply is the answer in one of the formats; that to a GET may be kept and
// revalidated.
func (a *similarAnswer) reply(c *call, format string) (reply, error) {
	r, err := a.form(c, format)
	r.etag = c.req.Method != http.MethodPost
	return r, err
}

func (a *similarAnswer) form(c *call, format string) (r bytesReply, err error) {
	r.status = http.StatusOK
	switch format {
	case formatHTML:
		// Nothing in the fragment may load or run, should somebody open it as a page.
		c.gin.Writer.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		r.contentType = typeHTML
		r.body, err = a.fragment()
	case formatJSONFeed:
		r.contentType = typeJSONFeed
		r.body, err = encodeJSON(a.feed())
	default:
		r.contentType = typeJSON
		r.body, err = encodeJSON(a)
	}
	return r, err
}

// withPicks is the list with the picks that the limit cut off at its end.
func (a *similarAnswer) withPicks() []similarHit {
	out := slices.Clip(a.Similar)
	for _, hit := range a.whole[len(a.Similar):] {
		if hit.Pick != corpus.NoPick {
			out = append(out, hit)
		}
	}
	return out
}

// fragmentTemplate is a list for crawlers and for pages without scripts: links that
// they follow, and nothing that runs. Addresses that are not http, https or relative
// are made harmless by html/template.
//
//nolint:gochecknoglobals // immutable
var fragmentTemplate = template.Must(template.New("similar").Funcs(template.FuncMap{"postPath": postPath, "join": strings.Join, "pick": pickLabel}).Parse(
	`<ol class="alphanode-similar">{{range .}}
<li{{if .Fill}} class="fill"{{end}}><a href="{{if .URL}}{{.URL}}{{else}}{{postPath .ID}}{{end}}">{{or .Title .ID}}</a>` +
		`{{with pick .Pick}} <strong>{{.}}</strong>{{end}}{{with .Reasons}} <small>{{join . "; "}}</small>{{end}}</li>{{end}}
</ol>
`))

func (a *similarAnswer) fragment() ([]byte, error) {
	var buf bytes.Buffer
	if err := fragmentTemplate.Execute(&buf, a.Similar); err != nil {
		return nil, fmt.Errorf("render similar posts: %w", err)
	}
	return buf.Bytes(), nil
}

// pickLabel is a pick for people.
func pickLabel(p corpus.Pick) string {
	switch p {
	case corpus.GoDeeper:
		return "Go deeper"
	case corpus.StartHere:
		return "Start here"
	case corpus.NoPick:
	}
	return ""
}

// jsonFeed is a JSON Feed 1.1 (jsonfeed.org). What is our own is under _alphanode.
type jsonFeed struct {
	Version     string     `json:"version"`
	Title       string     `json:"title"`
	HomePageURL string     `json:"home_page_url,omitempty"`
	Language    string     `json:"language,omitempty"`
	Items       []feedItem `json:"items"`
}

type feedItem struct {
	ID            string       `json:"id"`
	URL           string       `json:"url,omitempty"`
	Title         string       `json:"title,omitempty"`
	ContentText   string       `json:"content_text"`
	Summary       string       `json:"summary,omitempty"`
	DatePublished string       `json:"date_published,omitempty"`
	DateModified  string       `json:"date_modified,omitempty"`
	Authors       []feedAuthor `json:"authors,omitempty"`
	Tags          []string     `json:"tags,omitempty"`
	Language      string       `json:"language,omitempty"`
	Alphanode     feedOwn      `json:"_alphanode"`
}

type feedAuthor struct {
	Name string `json:"name"`
}

// feedOwn is why a post is in the feed.
type feedOwn struct {
	Score   float64     `json:"score"`
	Reasons []string    `json:"reasons"`
	Fill    bool        `json:"fill"`
	Pick    corpus.Pick `json:"pick,omitempty"`
}

func (a *similarAnswer) feed() jsonFeed {
	feed := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: "Similar posts", Items: make([]feedItem, len(a.Similar))}
	if p := a.about; p != nil {
		feed.Title, feed.HomePageURL, feed.Language = "Posts similar to "+postTitle(p), canonical(p), p.Lang
	}
	for i := range a.Similar {
		feed.Items[i] = newFeedItem(&a.Similar[i])
	}
	return feed
}

func newFeedItem(hit *similarHit) feedItem {
	p := hit.post
	item := feedItem{
		ID: hit.ID, URL: hit.URL, Title: hit.Title, ContentText: description(p), Summary: description(p),
		DatePublished: feedDate(p.PublishedAt), DateModified: feedDate(p.UpdatedAt), Tags: p.Tags, Language: p.Lang,
		Alphanode: feedOwn{Score: hit.Score, Reasons: hit.Reasons, Fill: hit.Fill, Pick: hit.Pick},
	}
	if item.ContentText == "" { // A feed wants some content of every item.
		item.ContentText = strings.Join(hit.Reasons, "; ")
	}
	for _, name := range p.Author {
		item.Authors = append(item.Authors, feedAuthor{name})
	}
	return item
}

func feedDate(d corpus.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.RFC3339)
}
