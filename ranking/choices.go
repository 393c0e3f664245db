package ranking

import (
	"errors"
	"fmt"
	"slices"

	"alphanode/corpus"
)

// Choices are what editors decide about lists of similar posts, whatever the
// ranking says. The zero Choices change nothing. Ids of posts that do not exist
// or are not public are kept and have no effect until they are.
type Choices struct {
	// Pins put posts on top of the list of one post.
	Pins []Pin `json:"pins,omitempty"`
	// Exclusions keep posts out of one list or of all.
	Exclusions []Exclusion `json:"exclusions,omitempty"`
}

// The bounds of Choices.
const (
	maxChoices   = 10_000 // pins and exclusions each
	maxPinnedIDs = 50     // on top of one list
)

// Validate reports every choice that is not as it must be, joined, by its place:
// ids of posts (1..512 bytes, as corpus.ValidID says), one entry of pins a post, 1 to
// 50 different ids in it, at most 10,000 entries of each kind. The errors wrap [ErrConfig].
func (c Choices) Validate() error {
	var errs []error
	fail := func(kind string, i int, err error) {
		errs = append(errs, fmt.Errorf("%w: %s[%d]: %w", ErrConfig, kind, i, err))
	}
	if n := max(len(c.Pins), len(c.Exclusions)); n > maxChoices {
		return fmt.Errorf("%w: %d pins or exclusions, at most %d", ErrConfig, n, maxChoices)
	}
	seen := map[string]bool{}
	for i, p := range c.Pins {
		if err := p.validate(); err != nil {
			fail("pins", i, err)
		}
		if seen[p.ID] {
			fail("pins", i, fmt.Errorf("the post %q has pins already", p.ID))
		}
		seen[p.ID] = true
	}
	for i, e := range c.Exclusions {
		err := corpus.ValidID(e.ID)
		if e.From != "" {
			err = errors.Join(err, corpus.ValidID(e.From))
		}
		if err != nil {
			fail("exclusions", i, err)
		}
	}
	return errors.Join(errs...)
}

func (p Pin) validate() error {
	if len(p.Shown) == 0 || len(p.Shown) > maxPinnedIDs {
		return fmt.Errorf("%d posts to show, want 1..%d", len(p.Shown), maxPinnedIDs)
	}
	errs := []error{corpus.ValidID(p.ID)}
	for k, id := range p.Shown {
		if err := corpus.ValidID(id); err != nil {
			errs = append(errs, fmt.Errorf("shown[%d]: %w", k, err))
		}
		if id == p.ID {
			errs = append(errs, fmt.Errorf("shown[%d] is the post %q itself", k, id))
		}
		if slices.Contains(p.Shown[:k], id) {
			errs = append(errs, fmt.Errorf("shown[%d] %q is there twice", k, id))
		}
	}
	return errors.Join(errs...)
}

// IDs are all ids that the choices name, sorted, each once.
func (c Choices) IDs() []string {
	var ids []string
	for _, p := range c.Pins {
		ids = append(append(ids, p.ID), p.Shown...)
	}
	for _, e := range c.Exclusions {
		ids = append(ids, e.ID)
		if e.From != "" {
			ids = append(ids, e.From)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// editorial holds choices where they are looked up. Immutable.
type editorial struct {
	pins       map[string][]string
	exclusions map[Exclusion]bool
}

// newEditorial puts together what the configuration and the editors say; pins of
// the editors go first.
func newEditorial(rules Rules, c Choices) *editorial {
	e := &editorial{pins: map[string][]string{}, exclusions: map[Exclusion]bool{}}
	for _, p := range slices.Concat(c.Pins, rules.Pins) {
		e.pins[p.ID] = append(slices.Clip(e.pins[p.ID]), p.Shown...)
	}
	for _, x := range slices.Concat(c.Exclusions, rules.Exclusions) {
		e.exclusions[x] = true
	}
	return e
}

// excluded says whether the editors keep a post out of the list of another.
func (e *editorial) excluded(from, id string) bool {
	return len(e.exclusions) > 0 && (e.exclusions[Exclusion{ID: id}] || e.exclusions[Exclusion{From: from, ID: id}])
}

// curate makes the rows that are made from now on follow the choices.
func (m *Model) curate(c Choices) { m.edited.Store(newEditorial(m.config.Rules, c)) }
