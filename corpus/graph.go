package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"time"
)

var errTODO = errors.New("not implemented yet")

// Neighbour is one similar post as it is shown.
type Neighbour struct {
	ID string `json:"id"`
	// Score is the similarity; greater is closer.
	Score float64 `json:"score"`
	// Reasons are sentences that a reader understands.
	Reasons []string `json:"reasons"`
	// Fill marks a neighbour that only fills the list.
	Fill bool `json:"fill,omitempty"`
	// Explain holds the numbers behind the reasons.
	Explain json.RawMessage `json:"explain,omitempty"`
}

// RawNeighbour is one entry of the longer list that the rules choose from.
type RawNeighbour struct {
	ID    string
	Score float32
}

// Row is the neighbour list of one post.
type Row struct {
	ID    string
	Shown []Neighbour
	Raw   []RawNeighbour
}

// GenerationInfo says what a generation was computed from.
type GenerationInfo struct {
	StoreID   string    `json:"store_id"`
	Seq       uint64    `json:"seq"`
	AsOfDay   int32     `json:"as_of_day"`
	ModelHash string    `json:"model_hash"`
	Posts     int       `json:"posts"`
	Built     time.Time `json:"built"`
}

// GraphOptions configure OpenGraph. The zero GraphOptions, and nil, are the defaults.
type GraphOptions struct {
	// Logger receives what an operator should know. Nil discards.
	Logger *slog.Logger
	// ReadOnly opens an existing graph for reading.
	ReadOnly bool
	// NoSync leaves out fsync; for tests and measurements.
	NoSync bool
}

// Graph is the similar.db file.
type Graph struct{}

// Generation is a graph in the making.
type Generation struct{}

// OpenGraph opens or creates the graph at path.
func OpenGraph(path string, opts *GraphOptions) (*Graph, error) { return nil, errTODO }

// Close closes the file.
func (g *Graph) Close() error { return errTODO }

// List returns the row of id, or ErrNotFound.
func (g *Graph) List(ctx context.Context, id string) (Row, error) { return Row{}, errTODO }

// Apply writes and removes rows of the published generation.
func (g *Graph) Apply(ctx context.Context, seq uint64, rows []Row, removed []string) error {
	return errTODO
}

// Seq is the sequence of the store up to which the graph is complete.
func (g *Graph) Seq() uint64 { return 0 }

// Info describes the published generation.
func (g *Graph) Info() GenerationInfo { return GenerationInfo{} }

// Len is the number of rows.
func (g *Graph) Len() int { return 0 }

// Rows yields all rows in id order.
func (g *Graph) Rows(ctx context.Context) iter.Seq2[Row, error] { return nil }

// NewGeneration starts a generation beside the published one.
func (g *Graph) NewGeneration(ctx context.Context, info GenerationInfo) (*Generation, error) {
	return nil, errTODO
}

// Put writes rows.
func (gen *Generation) Put(ctx context.Context, rows ...Row) error { return errTODO }

// Publish swaps the generation in.
func (gen *Generation) Publish(ctx context.Context) error { return errTODO }

// Discard gives the generation up.
func (gen *Generation) Discard() error { return errTODO }

// Check reports everything that is inconsistent.
func (g *Graph) Check(ctx context.Context) error { return errTODO }
