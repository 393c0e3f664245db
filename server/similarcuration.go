package server

import (
	"net/http"

	"alphanode/corpus"
	"alphanode/index/curation"
)

// curatedSimilar is called when editors have written pins and exclusions: it makes the
// lists follow, and returns which of the posts that the document names are not there
// or not public, the first of them by id.
func (s *Server) curatedSimilar(c *call, doc corpus.Curation) ([]string, error) {
	if err := s.opts.Searcher.Curate(c.ctx()); err != nil {
		return nil, withCause(problemf(http.StatusInternalServerError, "stored_not_shown",
			"version %d is stored, but the lists do not follow it yet; they will with their next build", doc.Version), err)
	}
	similar, err := curation.ParseSimilar(doc.Body)
	if err != nil {
		return nil, err
	}
	ids, unknown := similar.IDs(), []string(nil)
	for len(ids) > 0 && len(unknown) < maxUnknown {
		part := ids[:min(len(ids), idsAtATime)]
		ids = ids[len(part):]
		records, err := s.opts.Store.GetCards(c.ctx(), part)
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			if rec, ok := records[id]; (!ok || !corpus.Public(&rec.Post, rec.Publish)) && len(unknown) < maxUnknown {
				unknown = append(unknown, id)
			}
		}
	}
	return unknown, nil
}

const (
	// maxUnknown is how many unknown ids are told.
	maxUnknown = 100
	// idsAtATime is how many posts are looked up in one transaction.
	idsAtATime = 256
)
