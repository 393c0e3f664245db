package curation

import (
	"strings"

	"alphanode/index/analysis"
	"alphanode/index/query"
)

// compiledRule is a rule with what it compares, and its filters parsed.
type compiledRule struct {
	Rule

	text   string // of When.Query, normalised, between spaces
	asked  string // When.Filter as it prints
	filter query.Filter
	boosts []FilterBoost
}

// FilterBoost multiplies the scores of the posts that match a filter.
type FilterBoost struct {
	Filter query.Filter
	// By is the factor, MinBoost to MaxBoost.
	By float64
}

// compileRules expects rules that ParseRules has checked; a filter that does not parse is
// left out with its rule.
func compileRules(doc Rules) []compiledRule {
	out := make([]compiledRule, 0, len(doc.Rules))
	for _, r := range doc.Rules {
		if c, ok := compileRule(r); ok {
			out = append(out, c)
		}
	}
	return out
}

func compileRule(r Rule) (c compiledRule, ok bool) {
	c = compiledRule{Rule: r, text: between(normalised(r.When.Query)), asked: r.When.Filter}
	if r.Filter != "" {
		var err error
		if c.filter, err = query.ParseFilter(r.Filter); err != nil {
			return c, false
		}
	}
	for _, b := range r.Boost {
		f, err := query.ParseFilter(b.Filter)
		if err != nil {
			return c, false
		}
		c.boosts = append(c.boosts, FilterBoost{Filter: f, By: b.By})
	}
	return c, true
}

// normalised is text in small letters, without accents and with single spaces, as the
// queries of rules are compared.
func normalised(text string) string { return strings.Join(strings.Fields(analysis.Fold(text)), " ") }

// between puts a text between spaces, so that whole words are compared.
func between(text string) string { return " " + text + " " }

// Acting is what the rules that hold for a search ask for together.
type Acting struct {
	// Rules are their names, in the order of the document.
	Rules  []string
	Pins   []Pin // the first rule to pin a post or take a place counts
	Hide   []string
	Boosts []FilterBoost
	Filter query.Filter // nil when no rule has one
}

// Acting finds the rules that hold for what was typed and asked; filter may be nil.
func (s *Set) Acting(typed string, filter query.Filter) Acting {
	var out Acting
	if s == nil || len(s.rules) == 0 {
		return out
	}
	text, asked := between(normalised(typed)), ""
	if filter != nil {
		asked = filter.String()
	}
	var filters []query.Filter
	for i := range s.rules {
		r := &s.rules[i]
		if !r.holds(text, asked) {
			continue
		}
		out.Rules = append(out.Rules, r.Name)
		out.Hide = append(out.Hide, r.Hide...)
		out.Boosts = append(out.Boosts, r.boosts...)
		for _, p := range r.Pin {
			out.pin(p)
		}
		if r.filter != nil {
			filters = append(filters, r.filter)
		}
	}
	if len(filters) == 1 {
		out.Filter = filters[0]
	} else if len(filters) > 1 {
		out.Filter = query.And{Filters: filters}
	}
	return out
}

func (a *Acting) pin(p Pin) {
	for _, other := range a.Pins {
		if other.ID == p.ID || other.Position == p.Position {
			return
		}
	}
	a.Pins = append(a.Pins, p)
}

func (r *compiledRule) holds(text, asked string) bool {
	if r.asked != "" && r.asked != asked {
		return false
	}
	switch {
	case r.When.Query == "":
		return true
	case r.When.Match == MatchContains:
		return strings.Contains(text, r.text)
	case r.When.Match == MatchPrefix:
		return strings.HasPrefix(text, r.text)
	default:
		return text == r.text
	}
}
