package server

import (
	"net/http"
	"strconv"

	"alphanode/index/query"
)

// gorseItem is one item as Gorse's recommendations have it.
type gorseItem struct {
	ID    string  `json:"Id"`
	Score float64 `json:"Score"`
}

// itemToItem is GET /api/item-to-item/{name}/{id} and GET /api/item/{id}/neighbors, the
// item-to-item recommendations of Gorse, in its wire form: so that its clients can ask
// here. Whatever the name, there is one kind of recommendation. As there, an unknown
// item has no neighbours and is no error, parameters and headers that mean nothing
// here (user-id, X-API-Key) are ignored, and what only fills a list is not recommended.
func (s *Server) itemToItem(c *call) (reply, error) {
	id, err := c.postID()
	if err != nil {
		return nil, err
	}
	values := c.req.URL.Query()
	n, err := gorseNumber(values.Get("n"), "n", defaultSimilar)
	if err != nil {
		return nil, err
	}
	offset, err := gorseNumber(values.Get("offset"), "offset", 0)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		n = maxSimilar
	}
	from := min(max(offset, 0), maxSimilar)
	to := min(from+min(n, maxSimilar), maxSimilar)
	args := similarArgs{limit: maxSimilar}
	if to <= defaultSimilar {
		args.limit = defaultSimilar
	}
	if category := values.Get("category"); category != "" {
		args.filter = query.AnyOf{Filters: []query.Filter{
			query.Term{Field: "topic", Value: category}, query.Term{Field: "tags", Value: category},
		}}
	}
	var items []gorseItem
	err = c.timed("similar", func() (err error) {
		items, err = s.gorseItems(c, id, args)
		return err
	})
	if err != nil {
		return nil, err
	}
	return taggedReply(items[min(from, len(items)):min(to, len(items))])
}

func (s *Server) gorseItems(c *call, id string, args similarArgs) ([]gorseItem, error) {
	items := []gorseItem{}
	answer, err := s.similarPosts(c.ctx(), id, args)
	if err != nil {
		if asProblem(err).Status == http.StatusNotFound {
			return items, nil
		}
		return nil, err
	}
	for _, hit := range answer.Similar {
		if !hit.Fill {
			items = append(items, gorseItem{hit.ID, hit.Score})
		}
	}
	return items, nil
}

// gorseNumber reads a whole number; an empty one is the default.
func gorseNumber(text, name string, def int) (int, error) {
	if text == "" {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, badParam(name, "%s must be a whole number", name)
	}
	return n, nil
}
