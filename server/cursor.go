package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"alphanode/corpus"
	"alphanode/index"
)

// firstCursor asks for the first page of a list that is to be read to its end.
const firstCursor = "*"

// cursor is where a list goes on, as it travels. Absent numbers are null.
type cursor struct {
	Shown     int        `json:"n"`
	Snapshot  string     `json:"s"`
	ID        *string    `json:"i,omitempty"` // nil: no place yet
	Score     float64    `json:"r,omitempty"`
	Published *float64   `json:"d,omitempty"`
	Sort      []*float64 `json:"k,omitempty"`
}

// Bounds of a cursor.
const (
	maxCursor   = 4 << 10
	maxShown    = 1 << 40
	maxSnapshot = 64
)

// encodeCursor writes a cursor of a search: its JSON and a sum over that and the search, in
// an alphabet that addresses take as it is.
func encodeCursor(c cursor, search string) (string, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(data) + "." + cursorSum(data, search), nil
}

// cursorSum tells a cursor that was cut, changed or given with another search.
func cursorSum(data []byte, search string) string {
	sum := sha256.Sum256([]byte("alphanode cursor 1\x00" + search + "\x00" + string(data)))
	return hex.EncodeToString(sum[:8])
}

// decodeCursor reads what encodeCursor wrote for the same search.
func decodeCursor(text, search string) (*index.After, string, error) {
	body, sum, _ := strings.Cut(text, ".")
	data, err := base64.RawURLEncoding.DecodeString(body)
	if len(text) > maxCursor || err != nil || len(data) == 0 {
		return nil, "", badParam("cursor", "the cursor is not one that an answer gave as next_cursor")
	}
	if sum != cursorSum(data, search) {
		return nil, "", badParam("cursor", "the cursor belongs to another search: q, filter, sort, boost, weights and typing must be the same on every page")
	}
	var c cursor
	if err := json.Unmarshal(data, &c); err != nil || !c.valid() {
		return nil, "", badParam("cursor", "the cursor is not one that an answer gave as next_cursor")
	}
	return c.after(), c.Snapshot, nil
}

func (c *cursor) valid() bool {
	return c.Shown >= 0 && c.Shown <= maxShown && len(c.Snapshot) <= maxSnapshot && len(c.Sort) <= maxSortKeys+1 &&
		(c.ID == nil || corpus.ValidID(*c.ID) == nil)
}

func (c *cursor) after() *index.After {
	out := &index.After{Shown: c.Shown}
	if c.ID == nil {
		return out
	}
	out.Place = &index.Place{ID: *c.ID, Score: c.Score, Published: orNaN(c.Published)}
	for _, v := range c.Sort {
		out.Place.Sort = append(out.Place.Sort, orNaN(v))
	}
	return out
}

func newCursor(shown int, snapshot string, at *index.Place) cursor {
	c := cursor{Shown: shown, Snapshot: snapshot}
	if at == nil {
		return c
	}
	c.ID, c.Score, c.Published = &at.ID, at.Score, orNil(at.Published)
	for _, v := range at.Sort {
		c.Sort = append(c.Sort, orNil(v))
	}
	return c
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

func orNil(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// search identifies what a cursor belongs to.
func (a *searchArgs) search() string {
	return fmt.Sprintf("%q %q %q %q %v %t", a.Q, a.Filter, a.Sort, a.Boost, a.Weights, a.Typing) // Maps print in order.
}

// goOn makes a request the next page of a cursor.
func (a *searchArgs) goOn(req *index.Request) error {
	switch a.Cursor {
	case "":
		return nil
	case firstCursor:
		req.Hold = true
	default:
		after, snapshot, err := decodeCursor(a.Cursor, a.search())
		if err != nil {
			return err
		}
		if after.Place != nil && len(after.Place.Sort) != sortLength(req) {
			return badParam("cursor", "the cursor is not one that an answer gave as next_cursor")
		}
		req.After, req.Snapshot, req.Hold = after, snapshot, true
	}
	if a.Page != 1 {
		return badParam("page", "page and cursor cannot both be given")
	}
	req.From = 0
	return nil
}

// sortLength is the number of values that a request orders hits by, before the score.
func sortLength(req *index.Request) int {
	if len(req.Sort) == 0 && !req.Query.IsEmpty() {
		return 1 // The score.
	}
	return len(req.Sort)
}

// nextCursor is where the list goes on after what was found; nil at its end, which a full
// page is not where there are at least so many posts.
func (f *found) nextCursor(a *searchArgs, req *index.Request) (*string, error) {
	more := f.shown < f.total || !f.result.TotalExact && !f.result.Partial && f.given >= req.Size
	if req.Size == 0 || !more || f.given == 0 {
		return nil, nil //nolint:nilnil // documented: the end
	}
	text, err := encodeCursor(newCursor(f.shown, f.result.Snapshot, f.place), a.search())
	return &text, err
}
