package exec

import (
	"slices"
	"strings"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/query"
)

// maxLangs is the number of languages that a query word is analysed in.
const maxLangs = 4

// lightWeight is the least weight of a stop word that is not dropped.
const lightWeight = 0.3

// planner turns a request into a plan.
type planner struct {
	s     *searcher
	req   *index.Request
	plan  *plan
	langs []string
	main  *analysis.Analyzer
	// stops says that the query is made of stop words only: then they count fully.
	stops bool
	// optionalTerms are the terms of the optional words, by node.
	optionalTerms [][]term
}

func (s *searcher) planFor(req *index.Request) (*plan, error) {
	room := s.roomToPlan()
	room.plan = plan{filter: req.Filter, words: room.listed[:0], optional: room.optional[:0]}
	room.planner = planner{s: s, req: req, plan: &room.plan}
	p := &room.planner
	p.langs = s.queryLangs(req)
	p.main = analysis.For(p.langs[0])
	p.stops = !s.config.Schema.Plain && p.onlyStopWords()
	q := &req.Query
	if err := p.nodes(q); err != nil {
		return nil, err
	}
	p.plan.all = len(q.Optional)+len(q.Required) == 0
	p.plan.nothing = !p.plan.all && len(p.plan.optional)+len(p.plan.required) == 0
	return p.plan, nil
}

func (p *planner) nodes(q *query.Query) error {
	for _, n := range q.Required {
		nodes, err := p.node(n, true)
		if err != nil {
			return err
		}
		p.plan.required = append(p.plan.required, nodes...)
	}
	p.optionalTerms = p.weave(q.Optional)
	for i, n := range q.Optional {
		nodes, err := p.optional(n, p.optionalTerms[i], i == len(q.Optional)-1 && p.typing(n))
		if err != nil {
			return err
		}
		p.plan.optional = append(p.plan.optional, nodes...)
	}
	for _, n := range q.Excluded {
		if node, err := p.excluded(n); err != nil {
			return err
		} else if node != nil {
			p.plan.excluded = append(p.plan.excluded, node)
		}
	}
	return nil
}

// typing reports whether n, the last plain word, is what the person is typing.
func (p *planner) typing(n query.Node) bool {
	w, ok := n.(query.Word)
	raw := strings.TrimSpace(p.req.Query.Raw)
	return ok && p.req.Typing && (raw == "" || strings.HasSuffix(raw, w.Text))
}

// queryLangs are the languages to analyse the query in: those asked for, or else
// the most frequent ones of the posts; never empty.
func (s *searcher) queryLangs(req *index.Request) []string {
	var asked []string
	for _, n := range req.Query.Required {
		if f, ok := n.(query.Field); ok && f.Name == "lang" {
			if w, ok := f.Value.(query.Word); ok {
				asked = append(asked, w.Text)
			}
		}
	}
	for _, f := range conjuncts(req.Filter) {
		if t, ok := f.(query.Term); ok && t.Field == "lang" {
			asked = append(asked, t.Value)
		}
	}
	switch {
	case len(asked) > 0:
		return asked[:min(len(asked), maxLangs)]
	case len(s.langs) > 0:
		return s.langs[:min(len(s.langs), maxLangs)]
	default:
		return []string{"en"}
	}
}

// onlyStopWords reports whether no word or phrase of the query has content.
func (p *planner) onlyStopWords() bool {
	for _, n := range slices.Concat(p.req.Query.Optional, p.req.Query.Required) {
		switch n := n.(type) {
		case query.Word:
			for _, t := range p.terms(n.Text) {
				if p.rawStopWeight(t.term) >= 1 {
					return false
				}
			}
		case query.Phrase, query.Or:
			return false
		}
	}
	return true
}

// terms analyses what stands in a query.
func (p *planner) terms(text string) []term { return analyse(p.main, text, p.s.config.Schema.Plain) }

// term is one position of an analysed text.
type term struct {
	term   string
	kind   analysis.Kind
	offset int      // from the first term
	parts  []string // of an identifier, at its position
	// synonyms are those of the run that the term belongs to.
	synonyms []*synonym
	// wholes are the runs that begin here and go on over the next positions:
	// well-known at the position of well.
	wholes []string
}

func analyse(a *analysis.Analyzer, text string, plain bool) []term {
	var out []term
	tokens := a.Append(nil, text, analysis.Prose)
	for i := 0; i < len(tokens); {
		one := term{kind: analysis.Part, offset: tokens[i].Position - tokens[0].Position}
		at := tokens[i].Position
		for ; i < len(tokens) && tokens[i].Position == at; i++ {
			switch t := &tokens[i]; {
			case spans(t, tokens[i:]):
				one.wholes = append(one.wholes, t.Term)
			case one.term == "":
				one.term, one.kind = t.Term, t.Kind
			case t.Kind == analysis.Part && !plain:
				one.parts = append(one.parts, t.Term)
			}
		}
		if one.term == "" {
			one.term, one.kind, one.wholes = one.wholes[0], analysis.Identifier, one.wholes[1:]
		}
		out = append(out, one)
	}
	return out
}

// spans reports whether whole holds a token at a later position.
func spans(whole *analysis.Token, rest []analysis.Token) bool {
	if whole.Kind == analysis.Word {
		return false
	}
	return slices.ContainsFunc(rest, func(t analysis.Token) bool {
		return t.Position > whole.Position && t.End <= whole.End
	})
}

// rankWholes plans the wholes of a term: they add to the score of posts that have
// them, and that have the single terms as well.
func (p *planner) rankWholes(text string, t term) {
	for _, whole := range t.wholes {
		w := &word{text: text, term: whole, field: anyField, weight: 1, exactOnly: true}
		p.plan.words = append(p.plan.words, w)
		p.plan.optional = append(p.plan.optional, w)
	}
}

// optional plans a node that only ranks. Stop words are dropped here and nowhere
// else.
func (p *planner) optional(n query.Node, terms []term, last bool) ([]node, error) {
	w, ok := n.(query.Word)
	if !ok {
		return p.node(n, false)
	}
	var out []node
	for i, t := range terms {
		p.rankWholes(w.Text, t)
		weight := p.stopWeight(t.term)
		typing := last && i == len(terms)-1
		if weight == 0 && !typing {
			p.drop(t.term)
			continue
		}
		node, err := p.word(w.Text, t, max(weight, lightWeight), anyField, typing)
		if err != nil {
			return nil, err
		}
		out = append(out, node)
	}
	return out, nil
}

// drop tells once that a word did not count, however often it was typed.
func (p *planner) drop(word string) {
	if a := &p.plan.applied; !slices.Contains(a.Dropped, word) {
		a.Dropped = append(a.Dropped, word)
	}
}

func (p *planner) stopWeight(term string) float64 {
	if p.stops || p.s.config.Schema.Plain {
		return 1
	}
	return p.rawStopWeight(term)
}

// rawStopWeight is what a term counts beside others: by the editors, else by its language.
func (p *planner) rawStopWeight(term string) float64 {
	if w, ok := p.req.Curation.StopWeight(term); ok {
		return w
	}
	return p.main.StopWeight(term)
}

// node plans a node that is not dropped. A word of several terms gives several
// nodes; that it is required shows in that its wholes add to the score.
func (p *planner) node(n query.Node, required bool) ([]node, error) {
	switch n := n.(type) {
	case query.Word:
		if required {
			for _, t := range p.terms(n.Text) {
				p.rankWholes(n.Text, t)
			}
		}
		return p.wordNodes(n.Text, anyField)
	case query.Phrase:
		return p.phraseNode(n.Text, anyField), nil
	case query.Field:
		return p.fieldNode(n)
	case query.Or:
		return p.orNode(n)
	default:
		return nil, nil
	}
}

func (p *planner) wordNodes(text string, field int) ([]node, error) {
	var out []node
	for _, t := range p.woven(text) {
		node, err := p.word(text, t, max(p.stopWeight(t.term), lightWeight), field, false)
		if err != nil {
			return nil, err
		}
		out = append(out, node)
	}
	return out, nil
}

func (p *planner) phraseNode(text string, field int) []node {
	ph := p.s.phraseOf(text, field)
	if ph == nil {
		return nil
	}
	for _, t := range ph.terms {
		p.plan.words = append(p.plan.words, &word{text: t.term, term: t.term, exactOnly: true})
	}
	return []node{ph}
}

// phraseOf gives nil for a text without terms.
func (s *searcher) phraseOf(text string, field int) *phrase {
	lang := "en"
	if len(s.langs) > 0 {
		lang = s.langs[0]
	}
	out := &phrase{text: text, field: field, weight: 1}
	for _, t := range analyse(analysis.For(lang), text, s.config.Schema.Plain) {
		out.terms = append(out.terms, phraseTerm{term: t.term, offset: uint32(t.offset)}) //nolint:gosec // not negative
	}
	if len(out.terms) == 0 {
		return nil
	}
	return out
}

func (p *planner) fieldNode(f query.Field) ([]node, error) {
	if i := p.s.config.Schema.TextIndex(f.Name); i >= 0 {
		switch v := f.Value.(type) {
		case query.Word:
			return p.wordNodes(v.Text, i)
		case query.Phrase:
			return p.phraseNode(v.Text, i), nil
		}
	}
	switch v := f.Value.(type) {
	case query.Word:
		return []node{&selection{query.Term{Field: f.Name, Value: v.Text}}}, nil
	case query.Phrase:
		return []node{&selection{query.Term{Field: f.Name, Value: v.Text}}}, nil
	case query.Range:
		return []node{&selection{query.Between{Field: f.Name, Range: v}}}, nil
	default:
		return nil, &index.FieldError{Field: f.Name, Use: "values"}
	}
}

// orNode unites its nodes; a word of several terms matches when all of them do.
func (p *planner) orNode(or query.Or) ([]node, error) {
	out := &group{}
	for _, n := range or.Nodes {
		nodes, err := p.node(n, false)
		switch {
		case err != nil:
			return nil, err
		case len(nodes) == 1:
			out.nodes = append(out.nodes, nodes[0])
		case len(nodes) > 1:
			out.nodes = append(out.nodes, &group{nodes: nodes, all: true})
		}
	}
	if len(out.nodes) == 0 {
		return nil, nil
	}
	return []node{out}, nil
}

// excluded plans a node whose posts are taken away: words and their stems, never
// expanded; nil when nothing is left of it.
func (p *planner) excluded(n query.Node) (node, error) {
	switch n := n.(type) {
	case query.Word:
		return p.excludedWord(n.Text, anyField), nil
	case query.Field:
		if i := p.s.config.Schema.TextIndex(n.Name); i >= 0 {
			if w, ok := n.Value.(query.Word); ok {
				return p.excludedWord(w.Text, i), nil
			}
		}
	case query.Or:
		return p.excludedOr(n)
	}
	shown := len(p.plan.words) // What is excluded is not highlighted.
	nodes, err := p.node(n, false)
	p.plan.words = p.plan.words[:shown]
	if err != nil || len(nodes) == 0 {
		return nil, err
	}
	return nodes[0], nil
}

func (p *planner) excludedOr(or query.Or) (node, error) {
	out := &group{}
	for _, n := range or.Nodes {
		node, err := p.excluded(n)
		if err != nil {
			return nil, err
		}
		if node != nil {
			out.nodes = append(out.nodes, node)
		}
	}
	if len(out.nodes) == 0 {
		return nil, nil
	}
	return out, nil
}

func (p *planner) excludedWord(text string, field int) node {
	terms := p.terms(text)
	switch len(terms) {
	case 0:
		return nil
	case 1:
		return p.plainWord(text, terms[0], field)
	default:
		return p.s.phraseOf(text, field)
	}
}

// plainWord is a word with its stems and parts, without expansion.
func (p *planner) plainWord(text string, t term, field int) *word {
	w := &word{text: text, term: t.term, field: field, weight: 1}
	if p.s.config.Schema.Plain {
		w.exactOnly = true
		return w
	}
	if t.kind == analysis.Word || t.kind == analysis.Part {
		w.stems = p.stems(t.term)
	}
	if len(t.parts) > 1 {
		w.others = append(w.others, variant{terms: t.parts, level: index.Synonym})
	}
	for _, y := range t.synonyms {
		w.others = append(w.others, y.variant())
	}
	return w
}

// stems are the distinct stems of a term in the languages of the query.
func (p *planner) stems(term string) []string {
	var out []string
	for _, lang := range p.langs {
		stem := analysis.For(lang).Stem(term)
		if stem != "" && !slices.Contains(out, stem) {
			out = append(out, stem)
		}
	}
	return out
}
