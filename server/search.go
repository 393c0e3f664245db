package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// searchAnswer is the answer of /v1/search.
type searchAnswer struct {
	Query      string                        `json:"query"`
	Total      int                           `json:"total"`
	TotalExact bool                          `json:"total_exact"`
	Partial    bool                          `json:"partial"`
	Hits       []hit                         `json:"hits"`
	Facets     map[string][]index.FacetCount `json:"facets"`
	Applied    index.Applied                 `json:"applied"`
	DidYouMean *ranking.Meant                `json:"did_you_mean,omitempty"`
	Page       int                           `json:"page"`
	PerPage    int                           `json:"per_page"`
	NextCursor *string                       `json:"next_cursor"`
	TookMS     float64                       `json:"took_ms"`
}

// hit is one post of a search answer.
type hit struct {
	ID         string             `json:"id"`
	URL        string             `json:"url"`
	Title      string             `json:"title"`
	Score      float64            `json:"score"`
	Highlights map[string]string  `json:"highlights"`
	Snippet    string             `json:"snippet"`
	Fields     hitFields          `json:"fields"`
	Explain    *index.Explanation `json:"explain,omitempty"`
	// Pinned says that an editor put the post at its place.
	Pinned bool `json:"pinned,omitempty"`
}

// hitFields are the facets, dates and numbers of a post, under its JSON names.
type hitFields struct {
	Summary      string            `json:"summary,omitempty"`
	Lang         string            `json:"lang,omitempty"`
	Topic        string            `json:"topic,omitempty"`
	Tags         []string          `json:"tags,omitempty"`
	Stack        []string          `json:"stack,omitempty"`
	Tools        []string          `json:"tools,omitempty"`
	CodeLanguage string            `json:"code_language,omitempty"`
	Difficulty   string            `json:"difficulty,omitempty"`
	Author       corpus.StringList `json:"author,omitempty"`
	Series       string            `json:"series,omitempty"`
	PublishedAt  corpus.Date       `json:"published_at,omitzero"`
	UpdatedAt    corpus.Date       `json:"updated_at,omitzero"`
	ReadingTime  *float64          `json:"reading_time,omitempty"`
	ViewCount    *int64            `json:"view_count,omitempty"`
	Score        *corpus.Score     `json:"score,omitempty"`
	Entities     []corpus.Entity   `json:"entities,omitempty"`
}

func newHitFields(p *corpus.Post) hitFields {
	return hitFields{
		Summary: p.Summary, Lang: p.Lang, Topic: p.Topic, Tags: p.Tags, Stack: p.Stack, Tools: p.Tools,
		CodeLanguage: p.CodeLanguage, Difficulty: p.Difficulty, Author: p.Author, Series: p.Series,
		PublishedAt: p.PublishedAt, UpdatedAt: p.UpdatedAt, ReadingTime: p.ReadingTime, ViewCount: p.ViewCount,
		Score: p.Score, Entities: p.Entities,
	}
}

// getSearch is GET /v1/search.
func (s *Server) getSearch(c *call) (reply, error) {
	args, err := s.searchFromURL(c)
	if err != nil {
		return nil, err
	}
	return s.searchReply(c, args)
}

// postSearch is POST /v1/search.
func (s *Server) postSearch(c *call) (reply, error) {
	args, err := s.searchFromBody(c)
	if err != nil {
		return nil, err
	}
	return s.searchReply(c, args)
}

func (s *Server) searchReply(c *call, args searchArgs) (reply, error) {
	req, err := s.request(c.ctx(), &args)
	if err != nil {
		return nil, err
	}
	answer, err := s.search(c, args, req)
	if err != nil {
		return nil, err
	}
	return jsonReply(http.StatusOK, answer)
}

// search answers one search, for the API and for the page.
func (s *Server) search(c *call, args searchArgs, req index.Request) (*searchAnswer, error) {
	found, err := s.find(c, req, args.Deadline)
	if err != nil {
		return nil, err
	}
	answer := &searchAnswer{
		Query: args.Q, Total: found.result.Total, TotalExact: found.result.TotalExact, Partial: found.result.Partial,
		Facets: found.result.Facets, Applied: found.result.Applied, Page: args.Page, PerPage: args.PerPage,
		Hits: make([]hit, len(found.hits)),
	}
	if answer.Facets == nil {
		answer.Facets = map[string][]index.FacetCount{}
	}
	answer.DidYouMean = s.meant(c, req, found.result)
	if req.After != nil && req.Size > 0 {
		answer.Page = req.After.Shown/req.Size + 1
	}
	if answer.NextCursor, err = found.nextCursor(&args, &req); err != nil {
		return nil, err
	}
	err = c.timed("highlight", func() error {
		marker := newMarker(found.result.Words, args.Highlight, s.texts)
		spread(len(found.hits), func(i int) {
			answer.Hits[i] = marker.hit(found.hits[i])
			answer.Hits[i].Pinned = found.hits[i].Position > 0
		})
		return nil
	})
	answer.TookMS = float64(c.now().Sub(c.start).Microseconds()) / 1000
	return answer, err
}

// meant is the query that the person may have meant; nil when there is none. An answer is
// good without it, so that what fails is only logged.
func (s *Server) meant(c *call, req index.Request, res *index.Result) (out *ranking.Meant) {
	corrector, ok := s.opts.Searcher.(Corrector)
	if !ok || req.From > 0 || req.After != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.ctx(), s.opts.Limits.Request/meantShare)
	defer cancel()
	err := c.timed("spelling", func() error {
		m, ok, err := corrector.DidYouMean(ctx, req, res)
		if ok {
			out = &m
		}
		return err
	})
	if err != nil {
		s.log.Debug("no correction", slog.Any("err", err))
	}
	return out
}

// meantShare is the part of a request's time that may go into finding what was meant.
const meantShare = 20

// found is a result with the posts of its hits.
type found struct {
	result *index.Result
	hits   []foundHit
	// Of the list, for its next page: how many hits were shown, those that were dropped among
	// them, of how many; how many of them now; the place of the last.
	shown, total, given int
	place               *index.Place
}

type foundHit struct {
	index.Hit
	record corpus.Record
}

// maxFills bounds how often a page is filled up after hits were dropped.
const maxFills = 3

// find searches and loads the posts of the page. Hits whose posts are gone or no
// longer public (the index follows the store by a moment) are dropped, and the
// page is filled from the hits that follow.
func (s *Server) find(c *call, req index.Request, deadline int) (*found, error) {
	f := &found{shown: req.From}
	if req.After != nil {
		f.shown, f.place = req.After.Shown, req.After.Place
	}
	want := req.Size
	for range maxFills {
		result, err := s.ask(c, req, deadline)
		if err != nil {
			return nil, err
		}
		f.note(result)
		dropped, err := s.load(c, f, result.Hits)
		if err != nil {
			return nil, err
		}
		f.result.Total = max(f.result.Total-dropped, len(f.hits))
		missing := want - len(f.hits)
		if dropped == 0 || missing <= 0 || len(result.Hits) < req.Size {
			break
		}
		req.From, req.Size, req.Facets = req.From+req.Size, missing, nil
		if req.After != nil {
			req.From, req.After = 0, &index.After{Shown: f.shown, Place: f.place}
		}
	}
	return f, nil
}

// note keeps where the list is after a result.
func (f *found) note(result *index.Result) {
	if f.result == nil {
		f.result, f.total = result, result.Total
	}
	f.given += len(result.Hits)
	f.shown += len(result.Hits)
	if result.Last != nil {
		f.place = result.Last
	}
}

// load adds the hits that may be shown, their posts read in one transaction.
func (s *Server) load(c *call, f *found, hits []index.Hit) (dropped int, err error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	var records map[string]corpus.Record
	err = c.timed("load", func() (err error) {
		records, err = s.opts.Store.GetMany(c.ctx(), ids)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, h := range hits {
		rec, ok := records[h.ID]
		if !ok || !corpus.Public(&rec.Post, rec.Publish) {
			dropped++
			continue
		}
		f.hits = append(f.hits, foundHit{h, rec})
	}
	s.metrics.dropped.Add(float64(dropped))
	return dropped, nil
}

// ask searches under a deadline that leaves time to load and write the answer: that of the
// server, or the one asked for, in milliseconds, when it is sooner.
func (s *Server) ask(c *call, req index.Request, deadline int) (*index.Result, error) {
	limit := s.opts.Limits.Request * 3 / 4
	if asked := time.Duration(deadline) * time.Millisecond; asked > 0 {
		limit = min(limit, asked)
	}
	ctx, cancel := context.WithTimeout(c.ctx(), limit)
	defer cancel()
	var result *index.Result
	err := c.timed("search", func() (err error) {
		result, err = s.opts.Searcher.Search(ctx, req)
		return err
	})
	return result, err
}
