package ranking

import (
	"slices"

	"alphanode/index/curation"
)

// editorial holds what editors decided about lists where it is looked up: those of
// the configuration and those of the curated document. Immutable.
type editorial struct {
	pins       map[string][]string
	exclusions map[Exclusion]bool
	// pinnedBy are the posts whose lists have a pin of the post.
	pinnedBy map[string][]string
}

// newEditorial puts together what the configuration and the editors say; pins of
// the editors go first.
func newEditorial(rules Rules, doc curation.Similar) *editorial {
	e := &editorial{pins: map[string][]string{}, exclusions: map[Exclusion]bool{}, pinnedBy: map[string][]string{}}
	for _, p := range doc.Posts {
		e.pin(p.ID, p.Pin)
		for _, id := range p.Exclude {
			e.exclusions[Exclusion{From: p.ID, ID: id}] = true
		}
	}
	for _, id := range doc.Exclude {
		e.exclusions[Exclusion{ID: id}] = true
	}
	for _, p := range rules.Pins {
		e.pin(p.ID, p.Shown)
	}
	for _, x := range rules.Exclusions {
		e.exclusions[x] = true
	}
	return e
}

func (e *editorial) pin(id string, shown []string) {
	if len(shown) == 0 {
		return
	}
	e.pins[id] = append(slices.Clip(e.pins[id]), shown...)
	for _, other := range shown {
		e.pinnedBy[other] = append(e.pinnedBy[other], id)
	}
}

// excluded says whether the editors keep a post out of the list of another.
func (e *editorial) excluded(from, id string) bool {
	return len(e.exclusions) > 0 && (e.exclusions[Exclusion{ID: id}] || e.exclusions[Exclusion{From: from, ID: id}])
}

// curate makes the rows that are made from now on follow the document.
func (m *Model) curate(doc curation.Similar) { m.edited.Store(newEditorial(m.config.Rules, doc)) }
