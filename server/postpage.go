package server

import (
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"alphanode/corpus"
	"alphanode/ranking"
)

// postView is what post.html shows.
type postView struct {
	Post    *corpus.Post
	Article template.HTML
	// Images are the pictures of the post that its body does not show.
	Images  []corpus.Image
	Meta    []metaRow
	Similar []similarHit
	// SimilarFailed is true when the list could not be had; the post is shown anyway.
	SimilarFailed bool
	ShowImages    bool
}

// pageSimilar is how many similar posts a page shows.
const pageSimilar = 6

// postPage is GET /posts/{id} and GET /post?id=.
func (s *Server) postPage(c *call) (reply, error) {
	id, err := c.postID()
	if err != nil {
		return nil, err
	}
	var rec corpus.Record
	err = c.timed("store", func() (err error) {
		rec, err = s.public(c.ctx(), id)
		return err
	})
	if err != nil {
		return nil, err
	}
	p := &rec.Post
	view := postView{Post: p, ShowImages: s.opts.RemoteImages, Meta: postMeta(p, ranking.DerivedScores(p))}
	_ = c.timed("render", func() error {
		view.Article = articleHTML(p, s.opts.RemoteImages)
		return nil
	})
	view.Images = unshownImages(p)
	if answer, err := s.similarPosts(c.ctx(), id, similarArgs{limit: pageSimilar}); err == nil {
		view.Similar = answer.withPicks()
	} else {
		view.SimilarFailed = true
		s.log.Error("similar posts", slog.String("request_id", c.id), slog.String("post_id", id), slog.Any("error", err))
	}
	return s.render(c, http.StatusOK, "post", "base.html", frame{
		Title: postTitle(p), Description: description(p), Canonical: canonical(p), Page: view,
	})
}

// postTitle is the title, or the id of a post without one.
func postTitle(p *corpus.Post) string {
	if p.Title != "" {
		return p.Title
	}
	return p.ID
}

// description is the summary in one line, short.
func description(p *corpus.Post) string {
	text := p.Summary
	if text == "" {
		text = p.Brief
	}
	return cut(strings.Join(strings.Fields(text), " "), 300)
}

// canonical is the post's own address where it has one, so that a search engine
// lists that and not our page.
func canonical(p *corpus.Post) string {
	if external(p.URL) {
		return p.URL
	}
	return ""
}

// unshownImages are the images whose addresses do not occur in the body.
func unshownImages(p *corpus.Post) []corpus.Image {
	var out []corpus.Image
	for _, im := range p.Images {
		if external(im.URL) && !strings.Contains(p.Body, im.URL) {
			out = append(out, im)
		}
	}
	return out
}
