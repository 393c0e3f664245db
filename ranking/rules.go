package ranking

import "strings"

// Rules turn a ranking into the list that is shown. They reorder only that list:
// scores stay what they are.
type Rules struct {
	// Shown is the number of neighbours shown, 1..50. Default 10.
	Shown int `json:"shown"`
	// Raw is the number of neighbours that the rules choose from, and that a row
	// keeps. Default 50.
	Raw int `json:"raw"`
	// NearDuplicate is the share of common text (estimated resemblance of word
	// shingles, 0..1) from which two posts are the same text and only the better one is
	// shown; above 1 switches it off. Default 0.8.
	NearDuplicate float64 `json:"near_duplicate"`
	// PerAuthor and PerSeries bound how many neighbours of one author or series are
	// shown; 0 means any number. Default 2.
	PerAuthor int `json:"per_author"`
	PerSeries int `json:"per_series"`
	// Diversity is how much likeness to what is already shown costs, 0..1 (the
	// 1 - lambda of maximal marginal relevance). Default 0.1.
	Diversity float64 `json:"diversity"`
	// Floor is the score below which nothing is called similar. What is shown
	// below it, so that the list is not short, is marked as fill. Default 0.06: nine of
	// ten pairs of posts taken at random lie below, one in twenty of those that
	// authors linked.
	Floor float64 `json:"floor"`
	// EasyFirst lets a neighbour of a beginner's post go before harder ones whose
	// scores are at most so many times its own; 0 switches it off. Default 1.5.
	EasyFirst float64 `json:"easy_first"`
	// Picks is the share of the best score that a neighbour needs to be marked as
	// the one to go deeper with or to start with; above 1 switches them off. Default 0.5.
	Picks float64 `json:"picks"`
	// Introductory are phrases, compared folded and as whole words, that the title of
	// an introduction has. The default has those of English.
	Introductory []string `json:"introductory,omitempty"`
	// Pins are the editors' choices, shown first; Exclusions are never shown.
	Pins       []Pin       `json:"pins,omitempty"`
	Exclusions []Exclusion `json:"exclusions,omitempty"`
}

// Pin puts posts on top of the list of one post, in this order.
type Pin struct {
	ID    string   `json:"id"`
	Shown []string `json:"shown"`
}

// Exclusion keeps a post out of the list of From, or of all lists when From is
// empty.
type Exclusion struct {
	From string `json:"from,omitempty"`
	ID   string `json:"id"`
}

func defaultRules() Rules {
	return Rules{
		Shown: 10, Raw: 50, NearDuplicate: 0.8, PerAuthor: 2, PerSeries: 2, Diversity: 0.1, Floor: 0.06,
		EasyFirst: 1.5, Picks: 0.5, Introductory: introductoryPhrases(),
	}
}

func (r Rules) validate(check checkFunc) {
	check(r.Shown >= 1 && r.Shown <= 50, "rules.shown", r.Shown, "1..50")
	check(r.Raw >= r.Shown && r.Raw <= 1000, "rules.raw", r.Raw, "rules.shown..1000")
	check(r.NearDuplicate > 0 && r.NearDuplicate <= 2, "rules.near_duplicate", r.NearDuplicate, "above 0, at most 2")
	check(r.PerAuthor >= 0, "rules.per_author", r.PerAuthor, "0 or more")
	check(r.PerSeries >= 0, "rules.per_series", r.PerSeries, "0 or more")
	check(upTo(r.Diversity, 1), "rules.diversity", r.Diversity, "0..1")
	check(upTo(r.Floor, 1), "rules.floor", r.Floor, "0..1")
	check(r.EasyFirst == 0 || r.EasyFirst >= 1 && r.EasyFirst <= 100, "rules.easy_first", r.EasyFirst, "0, or 1..100")
	check(upTo(r.Picks, 2), "rules.picks", r.Picks, "0..2")
	for i, p := range r.Introductory {
		check(strings.TrimSpace(spaced(p)) != "", "rules.introductory", i, "a word")
	}
	for i, p := range r.Pins {
		check(p.ID != "" && len(p.Shown) > 0, "rules.pins", i, "an id and the ids to show")
	}
	for i, e := range r.Exclusions {
		check(e.ID != "", "rules.exclusions", i, "an id")
	}
}
