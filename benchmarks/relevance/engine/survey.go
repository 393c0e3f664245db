package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"alphanode/corpus"
	"alphanode/ranking"
)

// Survey measures the lists of all documents, as they are shown.
func (s *System) Survey(ctx context.Context) (map[string]float64, error) {
	site, err := s.model.Measure(rowsOf(ctx, s.model))
	if err != nil {
		return nil, err
	}
	return byName(site)
}

// errEnough ends an iteration whose consumer wants no more.
var errEnough = errors.New("enough")

// rowsOf are the lists of all posts of a model.
func rowsOf(ctx context.Context, m *ranking.Model) iter.Seq2[corpus.Row, error] {
	return func(yield func(corpus.Row, error) bool) {
		err := m.All(ctx, 0, func(row corpus.Row) error {
			if !yield(row, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(corpus.Row{}, err)
		}
	}
}

// measurer is a Searcher that measures its lists; *ranking.Engine is one.
type measurer interface {
	SiteMeasures(ctx context.Context) (ranking.SiteMeasures, error)
}

// Survey measures the published lists; nothing where the searcher does not.
func (a *Attached) Survey(ctx context.Context) (map[string]float64, error) {
	m, ok := a.searcher.(measurer)
	if !ok {
		return nil, nil
	}
	site, err := m.SiteMeasures(ctx)
	if err != nil {
		return nil, err
	}
	return byName(site)
}

// byName gives the measures by their JSON names.
func byName(site ranking.SiteMeasures) (map[string]float64, error) {
	data, err := json.Marshal(site)
	if err != nil {
		return nil, fmt.Errorf("encode measures: %w", err)
	}
	out := map[string]float64{}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("decode measures: %w", err)
	}
	return out, nil
}
