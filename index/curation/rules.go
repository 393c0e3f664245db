package curation

import (
	"errors"

	"alphanode/corpus"
	"alphanode/index/query"
)

// Rules say what certain queries are answered with.
type Rules struct {
	Rules []Rule `json:"rules"`
}

// Rule changes the answer of the queries that When names.
type Rule struct {
	// Name identifies the rule for people and in the answer's "applied"; distinct.
	Name string `json:"name"`
	When When   `json:"when"`
	// Pin shows posts at fixed places, whether they match or not.
	Pin []Pin `json:"pin,omitempty"`
	// Hide leaves posts out, by id.
	Hide []string `json:"hide,omitempty"`
	// Boost multiplies the scores of the posts that match a filter.
	Boost []Boost `json:"boost,omitempty"`
	// Filter narrows what is found, as if it were asked for.
	Filter string `json:"filter,omitempty"`
}

// When names queries. Every member that is given must hold; without any, it holds for
// every query, the empty one too.
type When struct {
	// Query is compared with what was typed, both in small letters, without accents and
	// with single spaces.
	Query string `json:"query,omitempty"`
	// Match says how: "exact" (the default), "contains" (as whole words), or "prefix"
	// (the typed text begins with it, as whole words).
	Match string `json:"match,omitempty"`
	// Filter is the filter that the search must have been asked with.
	Filter string `json:"filter,omitempty"`
}

// The values of When.Match.
const (
	MatchExact    = "exact"
	MatchContains = "contains"
	MatchPrefix   = "prefix"
)

// Pin puts a post at a place.
type Pin struct {
	ID string `json:"id"`
	// Position counts from 1.
	Position int `json:"position"`
}

// Boost multiplies scores.
type Boost struct {
	// Filter says of which posts, in the filter language.
	Filter string `json:"filter"`
	// By is the factor, from 0.1 to 10.
	By float64 `json:"by"`
}

// Bounds of rules.
const (
	maxRules  = 5000
	maxPins   = 50
	maxHidden = 1000
	maxBoosts = 20
	// MaxPosition is the last place that a post can be pinned to.
	MaxPosition = 100
	// MinBoost is the least factor of a boost.
	MinBoost = 0.1
	// MaxBoost is the greatest factor of a boost.
	MaxBoost = 10
)

// ParseRules reads a document of rules, JSON or YAML. The error is an *Error.
func ParseRules(data []byte) (Rules, error) {
	t, err := parseTree(data)
	if err != nil {
		return Rules{}, err
	}
	r, out := &reader{}, Rules{Rules: []Rule{}}
	names := map[string]bool{}
	if r.object(t, "", "rules") {
		r.each(t.member("rules"), "rules", maxRules, func(t *tree, path string) {
			rule := r.rule(t, path)
			if names[rule.Name] {
				r.fail(t, join(path, "name"), "%q is the name of another rule", rule.Name)
			}
			names[rule.Name] = true
			out.Rules = append(out.Rules, rule)
		})
	}
	return result(r, out)
}

func (r *reader) rule(t *tree, path string) Rule {
	var out Rule
	if !r.object(t, path, "name", "when", "pin", "hide", "boost", "filter") {
		return out
	}
	if out.Name = r.optional(t, path, "name"); out.Name == "" {
		r.fail(t, path, "must have a name")
	}
	if when := t.member("when"); when != nil {
		out.When = r.when(when, join(path, "when"))
	}
	r.each(t.member("pin"), join(path, "pin"), maxPins, func(t *tree, path string) {
		pin := r.pin(t, path)
		for _, other := range out.Pin {
			if other.ID == pin.ID || other.Position == pin.Position {
				r.fail(t, path, "post %q and position %d must each be pinned once", pin.ID, pin.Position)
			}
		}
		out.Pin = append(out.Pin, pin)
	})
	out.Hide = r.ids(t.member("hide"), join(path, "hide"), maxHidden)
	r.each(t.member("boost"), join(path, "boost"), maxBoosts, func(t *tree, path string) {
		out.Boost = append(out.Boost, r.boost(t, path))
	})
	out.Filter = r.filter(t, path)
	if len(out.Pin)+len(out.Hide)+len(out.Boost) == 0 && out.Filter == "" {
		r.fail(t, path, "does nothing: give it pin, hide, boost or filter")
	}
	return out
}

func (r *reader) when(t *tree, path string) When {
	var out When
	if !r.object(t, path, "query", "match", "filter") {
		return out
	}
	out.Query, out.Match, out.Filter = r.optional(t, path, "query"), r.optional(t, path, "match"), r.filter(t, path)
	switch out.Match {
	case "", MatchExact, MatchContains, MatchPrefix:
	default:
		r.fail(t, join(path, "match"), "must be %s, %s or %s, is %q", MatchExact, MatchContains, MatchPrefix, out.Match)
	}
	if out.Match != "" && out.Query == "" {
		r.fail(t, path, "has match and no query")
	}
	return out
}

func (r *reader) pin(t *tree, path string) Pin {
	out := Pin{Position: 1}
	if !r.object(t, path, "id", "position") {
		return out
	}
	out.ID = r.id(t, path)
	if p := t.member("position"); p != nil {
		v := r.number(p, join(path, "position"), 1, MaxPosition)
		if out.Position = int(v); float64(out.Position) != v {
			r.fail(p, join(path, "position"), "must be a whole number")
		}
	}
	return out
}

func (r *reader) boost(t *tree, path string) Boost {
	out := Boost{By: 1}
	if !r.object(t, path, "filter", "by") {
		return out
	}
	if out.Filter = r.filter(t, path); out.Filter == "" {
		r.fail(t, path, "must have a filter")
	}
	by := t.member("by")
	if by == nil {
		r.fail(t, path, "must have by, the factor")
		return out
	}
	out.By = r.number(by, join(path, "by"), MinBoost, MaxBoost)
	return out
}

// filter is the member filter, in the form that the filter language prints.
func (r *reader) filter(t *tree, path string) string {
	text := r.optional(t, path, "filter")
	if text == "" {
		return ""
	}
	f, err := query.ParseFilter(text)
	if err != nil {
		msg := err.Error()
		if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
			msg = syntax.Error()
		}
		r.fail(t.member("filter"), join(path, "filter"), "%s", msg)
		return ""
	}
	return f.String()
}

// id is the member id.
func (r *reader) id(t *tree, path string) string {
	m := t.member("id")
	if m == nil {
		r.fail(t, path, "must have an id")
		return ""
	}
	return r.validID(m, join(path, "id"))
}

func (r *reader) validID(t *tree, path string) string {
	if t.kind == isNull || t.kind == isList || t.kind == isObject {
		r.fail(t, path, "must be an id, is %s", t.kind)
		return ""
	}
	if err := corpus.ValidID(t.text); err != nil {
		r.fail(t, path, "%v", err)
	}
	return t.text
}

// ids is a list of ids, each of them once.
func (r *reader) ids(t *tree, path string, limit int) []string {
	var out []string
	seen := map[string]bool{}
	r.each(t, path, limit, func(t *tree, path string) {
		if id := r.validID(t, path); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	})
	return out
}
