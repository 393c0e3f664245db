package relevance

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Measure is a metric with its parameters, named as ir_measures names it:
// "nDCG@10", "P(rel=2)@5", "RBP(p=0.8)". Two measures are the same when they are
// equal.
type Measure struct {
	Name string
	// Cutoff is the k of "@k"; 0 counts the whole list.
	Cutoff int
	// Rel is the least grade that counts as relevant, 1 unless "rel=" says more.
	// Measures of graded gain (nDCG, ERR, Judged) do not have it: 0.
	Rel int
	// P is the persistence of RBP, 0.8 unless "p=" says otherwise.
	P float64
	// MaxRel is the highest grade that ERR expects, 4 as in TREC's gdeval unless
	// "max_rel=" says otherwise. Higher grades count as this one.
	MaxRel int
	// ExpGain makes the gain of nDCG 2^grade - 1 instead of the grade
	// ("dcg=exp-log2").
	ExpGain bool
}

// measureKind says what a measure's name allows and how its value is computed.
type measureKind struct {
	defaults Measure
	params   []string
	cutoff   cutoffRule
	value    func(m Measure, t *topic) float64
	doc      string
}

type cutoffRule uint8

const (
	cutoffOptional cutoffRule = iota
	cutoffRequired
	cutoffNone
)

// measureKinds has every measure under its canonical name.
//
//nolint:gochecknoglobals // immutable table
var measureKinds = map[string]measureKind{
	"nDCG":    {params: []string{"dcg"}, value: ndcg, doc: "normalised discounted cumulative gain"},
	"AP":      {defaults: Measure{Rel: 1}, params: []string{"rel"}, value: averagePrecision, doc: "average precision"},
	"RR":      {defaults: Measure{Rel: 1}, params: []string{"rel"}, value: reciprocalRank, doc: "reciprocal rank of the first relevant document"},
	"P":       {defaults: Measure{Rel: 1}, params: []string{"rel"}, cutoff: cutoffRequired, value: precision, doc: "share of relevant documents among the first k"},
	"R":       {defaults: Measure{Rel: 1}, params: []string{"rel"}, cutoff: cutoffRequired, value: recall, doc: "share of the relevant documents that are among the first k"},
	"Rprec":   {defaults: Measure{Rel: 1}, params: []string{"rel"}, cutoff: cutoffNone, value: rPrecision, doc: "precision at as many documents as are relevant"},
	"Success": {defaults: Measure{Rel: 1}, params: []string{"rel"}, cutoff: cutoffRequired, value: success, doc: "1 when a relevant document is among the first k"},
	"Bpref":   {defaults: Measure{Rel: 1}, params: []string{"rel"}, cutoff: cutoffNone, value: bpref, doc: "preference of relevant over judged irrelevant documents"},
	"RBP":     {defaults: Measure{Rel: 1, P: 0.8}, params: []string{"rel", "p"}, value: rankBiasedPrecision, doc: "rank-biased precision"},
	"ERR":     {defaults: Measure{MaxRel: 4}, params: []string{"max_rel"}, value: expectedReciprocalRank, doc: "expected reciprocal rank"},
	"Judged":  {value: judgedShare, doc: "share of the first k that are judged"},
}

// measureAliases are other names in use for the same measures.
//
//nolint:gochecknoglobals // immutable table
var measureAliases = map[string]string{
	"NDCG": "nDCG", "ndcg": "nDCG", "MAP": "AP", "map": "AP", "MRR": "RR", "mrr": "RR", "Precision": "P",
	"Recall": "R", "RPrec": "Rprec", "BPref": "Bpref", "bpref": "Bpref",
}

// measureForm is name, parameters in parentheses, @ cutoff.
var measureForm = regexp.MustCompile(`^([A-Za-z]+)(?:\(([^()]*)\))?(?:@([0-9]+))?$`)

// measureList finds measures in a list: commas and spaces within parentheses
// belong to them.
var measureList = regexp.MustCompile(`(?:[^\s,()]|\([^()]*\)|[()])+`)

// ParseMeasure reads a measure by its name in ir_measures.
func ParseMeasure(s string) (Measure, error) {
	form := measureForm.FindStringSubmatch(strings.TrimSpace(s))
	if form == nil {
		return Measure{}, fmt.Errorf("measure %q is not of the form Name(param=value)@cutoff", s)
	}
	name := form[1]
	if canonical, ok := measureAliases[name]; ok {
		name = canonical
	}
	kind, ok := measureKinds[name]
	if !ok {
		known := slices.Sorted(maps.Keys(measureKinds))
		return Measure{}, fmt.Errorf("measure %q is unknown; there are %s", s, strings.Join(known, ", "))
	}
	m := kind.defaults
	m.Name = name
	if err := m.setCutoff(kind.cutoff, form[3]); err != nil {
		return Measure{}, fmt.Errorf("measure %q: %w", s, err)
	}
	if err := m.setParams(kind.params, form[2]); err != nil {
		return Measure{}, fmt.Errorf("measure %q: %w", s, err)
	}
	return m, nil
}

// ParseMeasures reads a list of measures, separated by spaces or commas.
func ParseMeasures(s string) ([]Measure, error) {
	var measures []Measure
	for _, name := range measureList.FindAllString(s, -1) {
		m, err := ParseMeasure(name)
		if err != nil {
			return nil, err
		}
		measures = append(measures, m)
	}
	if len(measures) == 0 {
		return nil, fmt.Errorf("no measure in %q", s)
	}
	return measures, nil
}

func (m *Measure) setCutoff(rule cutoffRule, s string) error {
	switch {
	case s == "" && rule == cutoffRequired:
		return fmt.Errorf("needs a cutoff, such as %s@10", m.Name)
	case s == "":
		return nil
	case rule == cutoffNone:
		return fmt.Errorf("%s takes no cutoff", m.Name)
	}
	k, err := strconv.Atoi(s)
	if err != nil || k < 1 {
		return fmt.Errorf("cutoff %q is not a whole number from 1", s)
	}
	m.Cutoff = k
	return nil
}

func (m *Measure) setParams(allowed []string, s string) error {
	if s == "" {
		return nil
	}
	for param := range strings.SplitSeq(s, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(param), "=")
		if !ok || !slices.Contains(allowed, name) {
			return fmt.Errorf("parameter %q is not one of [%s]", param, strings.Join(allowed, " "))
		}
		if err := m.setParam(name, strings.Trim(value, `'"`)); err != nil {
			return err
		}
	}
	return nil
}

func (m *Measure) setParam(name, value string) (err error) {
	switch name {
	case "rel":
		m.Rel, err = wholeParam(name, value)
	case "max_rel":
		m.MaxRel, err = wholeParam(name, value)
	case "p":
		if m.P, err = strconv.ParseFloat(value, 64); err != nil || !(m.P > 0 && m.P < 1) {
			err = fmt.Errorf("p=%s is not between 0 and 1", value)
		}
	case "dcg":
		if m.ExpGain = value == "exp-log2"; !m.ExpGain && value != "log2" {
			err = fmt.Errorf("dcg=%s is neither log2 nor exp-log2", value)
		}
	}
	return err
}

func wholeParam(name, value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 30 {
		return 0, fmt.Errorf("%s=%s is not a whole number from 1 to 30", name, value)
	}
	return n, nil
}

// String gives the canonical name; parameters at their defaults are left out.
func (m Measure) String() string {
	defaults := measureKinds[m.Name].defaults
	var params []string
	if m.Rel != defaults.Rel {
		params = append(params, fmt.Sprintf("rel=%d", m.Rel))
	}
	if m.P != defaults.P {
		params = append(params, fmt.Sprintf("p=%g", m.P))
	}
	if m.MaxRel != defaults.MaxRel {
		params = append(params, fmt.Sprintf("max_rel=%d", m.MaxRel))
	}
	if m.ExpGain {
		params = append(params, "dcg='exp-log2'")
	}
	s := m.Name
	if len(params) > 0 {
		s += "(" + strings.Join(params, ",") + ")"
	}
	if m.Cutoff > 0 {
		s += "@" + strconv.Itoa(m.Cutoff)
	}
	return s
}

// Describe says in a few words what the measure is.
func (m Measure) Describe() string { return measureKinds[m.Name].doc }

// DefaultMeasures are those that every report has.
func DefaultMeasures() []Measure {
	return []Measure{
		{Name: "nDCG", Cutoff: 10},
		{Name: "RR", Rel: 1},
		{Name: "AP", Rel: 1},
		{Name: "P", Rel: 1, Cutoff: 5},
		{Name: "R", Rel: 1, Cutoff: 100},
		{Name: "Judged", Cutoff: 10},
	}
}
