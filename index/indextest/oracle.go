package indextest

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/query"
)

// Oracle is a search index without an index: it keeps the posts and answers each
// request by looking at all of them, with the formulas of docs/indexing.md. It is
// what an engine is compared with. Not safe for concurrent use.
type Oracle struct {
	opts    index.Options
	scoring index.Scoring
	fields  []index.Field // text fields
	posts   map[string]*post
	weights map[string]float64 // of the request that is answered
}

// post is a post as the formulas see it.
type post struct {
	id     string
	seq    uint64
	fields []text
	title  []string // distinct stems
	values map[string][]string
	number map[string]float64
	prior  float64
}

// text is one analysed field.
type text struct {
	tokens []token
	length int
}

// token is a term at a position; stem is empty when the term is its own.
type token struct {
	term, stem string
	position   int
}

// NewOracle returns an empty Oracle for an index that is opened with opts.
func NewOracle(opts index.Options) *Oracle {
	o := &Oracle{opts: opts, scoring: index.DefaultScoring(), fields: index.TextFields(), posts: make(map[string]*post)}
	if opts.Plain {
		o.scoring, o.fields = index.PlainScoring(), index.PlainFields()
	}
	if opts.Scoring != nil {
		o.scoring = *opts.Scoring
	}
	return o
}

// Apply writes changes.
func (o *Oracle) Apply(changes []corpus.Change) {
	for _, c := range changes {
		if c.Post == nil {
			delete(o.posts, c.ID)
			continue
		}
		o.posts[c.ID] = o.analyse(c)
	}
}

// Len is the number of posts.
func (o *Oracle) Len() int { return len(o.posts) }

func (o *Oracle) analyse(c corpus.Change) *post {
	content := index.NewContent(c.Post, o.opts.Signals)
	p := &post{id: c.ID, seq: c.Seq, values: make(map[string][]string), number: make(map[string]float64)}
	for _, f := range o.fields {
		t := o.text(f.Passages(content), content.Lang())
		p.fields = append(p.fields, t)
		if f.Name == "title" {
			p.title = t.stems()
		}
	}
	for _, f := range index.KeywordFields() {
		for _, v := range f.Values(content) {
			if v = strings.TrimSpace(v); v != "" && !slices.Contains(p.values[f.Name], v) {
				p.values[f.Name] = append(p.values[f.Name], v)
			}
		}
	}
	for _, f := range index.NumberFields() {
		if v, ok := f.Number(content); ok {
			p.number[f.Name] = v
		}
	}
	p.prior = 1
	if beta := o.beta(); beta > 0 && content.Signals != nil {
		day := int32(o.opts.Now().UTC().Unix() / 86400)
		p.prior = 1 + beta*(2*float64(o.opts.Prior(*content.Signals, day))-1)
	}
	return p
}

func (o *Oracle) beta() float64 {
	switch {
	case o.opts.Prior == nil || o.opts.Plain || o.opts.PriorBeta < 0:
		return 0
	case o.opts.PriorBeta == 0:
		return 0.15
	default:
		return o.opts.PriorBeta
	}
}

func (o *Oracle) text(passages []index.Passage, lang string) text {
	var out text
	a := analysis.For(lang)
	base := 1
	for _, p := range passages {
		last := -1
		for _, t := range a.Append(nil, p.Text, p.Mode) {
			if o.opts.Plain && t.Kind == analysis.Part {
				continue
			}
			if t.Position != last {
				out.length++
				last = t.Position
			}
			tok := token{term: t.Term, position: base + t.Position}
			if !o.opts.Plain && p.Mode != analysis.Code && (t.Kind == analysis.Word || t.Kind == analysis.Part) {
				if stem := a.Stem(t.Term); stem != t.Term {
					tok.stem = stem
				}
			}
			out.tokens = append(out.tokens, tok)
		}
		if last >= 0 {
			base += last + 1 + index.PositionGap
		}
	}
	return out
}

func (t text) stems() []string {
	var out []string
	for _, tok := range t.tokens {
		out = append(out, cmp.Or(tok.stem, tok.term))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// count is the number of positions with a token that is asked for.
func (t text) count(is func(token) bool) float64 {
	positions := make(map[int]bool)
	for _, tok := range t.tokens {
		if is(tok) {
			positions[tok.position] = true
		}
	}
	return float64(len(positions))
}

func (t text) term(term string) float64 {
	return t.count(func(tok token) bool { return tok.term == term })
}

// all gives the posts in the order of their ids.
func (o *Oracle) all() []*post {
	out := make([]*post, 0, len(o.posts))
	for _, p := range o.posts {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *post) int { return cmp.Compare(a.id, b.id) })
	return out
}

// result of a node: what each post gets; absent posts do not match.
type scores map[*post]float64

// bm25f gives each post weight x idf x (k1+1)x/(x+k1), x the frequencies of the
// fields, weighted and normalised.
func (o *Oracle) bm25f(weight float64, only int, frequency func(text) float64) scores {
	out := make(scores)
	for _, p := range o.all() {
		x := 0.0
		for i, f := range o.fields {
			w := o.scoring.Weight[f.Name] * o.factor(f.Name)
			if only >= 0 && (i != only || w == 0) {
				if i != only {
					continue
				}
				w = o.factor(f.Name)
			}
			if tf := frequency(p.fields[i]); tf > 0 && w > 0 {
				b := o.scoring.B[f.Name]
				x += w * tf / (1 - b + b*float64(p.fields[i].length)/o.averageLength(i))
			}
		}
		if x > 0 {
			out[p] = x
		}
	}
	idf := math.Log(1 + float64(len(o.posts))/float64(len(out)))
	for p, x := range out {
		out[p] = weight * idf * (o.scoring.K1 + 1) * x / (x + o.scoring.K1)
	}
	return out
}

func (o *Oracle) averageLength(field int) float64 {
	sum, n := 0, 0
	for _, p := range o.posts {
		if p.fields[field].length > 0 {
			sum += p.fields[field].length
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return float64(sum) / float64(n)
}

// matchesFilter evaluates a filter on one post.
func (o *Oracle) matchesFilter(p *post, f query.Filter) bool {
	switch f := f.(type) {
	case query.And:
		return !slices.ContainsFunc(f.Filters, func(f query.Filter) bool { return !o.matchesFilter(p, f) })
	case query.AnyOf:
		return slices.ContainsFunc(f.Filters, func(f query.Filter) bool { return o.matchesFilter(p, f) })
	case query.Not:
		return !o.matchesFilter(p, f.Filter)
	case query.Between:
		v, ok := p.number[f.Field]
		return ok && f.Range.Contains(v)
	case query.Term:
		if f.Field == "id" {
			return p.id == f.Value
		}
		if i := slices.IndexFunc(o.fields, func(t index.Field) bool { return t.Name == f.Field }); i >= 0 {
			return o.phraseCount(p.fields[i], f.Value) > 0
		}
		want := analysis.Fold(strings.TrimSpace(f.Value))
		return slices.ContainsFunc(p.values[f.Field], func(v string) bool { return analysis.Fold(v) == want })
	default:
		return true
	}
}

// phraseCount is how often the terms of a phrase follow each other in t.
func (o *Oracle) phraseCount(t text, phrase string) float64 { return o.termsCount(t, o.terms(phrase)) }

func (o *Oracle) termsCount(t text, terms []term) float64 {
	if len(terms) == 0 {
		return 0
	}
	return t.count(func(first token) bool {
		if first.term != terms[0].term {
			return false
		}
		for _, w := range terms[1:] {
			if !slices.ContainsFunc(t.tokens, func(tok token) bool {
				return tok.term == w.term && tok.position == first.position+w.offset
			}) {
				return false
			}
		}
		return true
	})
}
