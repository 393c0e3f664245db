package index

import (
	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index/analysis"
)

// Content is a post ready to be indexed: the post, its body split into prose,
// headings and code, and its signals. It is made once a post and only read.
type Content struct {
	Post    *corpus.Post
	Body    body.Doc
	Signals *Signals // nil when no signals are configured
}

// Passage is a run of text that is analysed on its own: no phrase crosses from
// one passage to the next.
type Passage struct {
	Text string
	Mode analysis.Mode
}

// PositionGap is the distance between the last position of a passage and the
// first of the next one of the same field. It is no part of the field's length.
const PositionGap = 16

// NewContent prepares p. Signals may be nil.
func NewContent(p *corpus.Post, signals SignalsFunc) *Content {
	c := &Content{Post: p, Body: body.Parse(p.BodyFormat, p.Body)}
	if signals != nil {
		s := signals(p, c.Body)
		c.Signals = &s
	}
	return c
}

// Lang is the post's language tag; "en" when it has none.
func (c *Content) Lang() string {
	if c.Post.Lang == "" {
		return "en"
	}
	return c.Post.Lang
}

func prose(texts ...string) []Passage { return passages(analysis.Prose, texts) }

func labels(texts ...string) []Passage { return passages(analysis.Label, texts) }

func passages(mode analysis.Mode, texts []string) []Passage {
	out := make([]Passage, 0, len(texts))
	for _, t := range texts {
		if t != "" {
			out = append(out, Passage{Text: t, Mode: mode})
		}
	}
	return out
}

func (c *Content) blocks(kind body.Kind, mode analysis.Mode) []Passage {
	var out []Passage
	for _, b := range c.Body.Blocks {
		if b.Kind == kind && b.Text != "" {
			out = append(out, Passage{Text: b.Text, Mode: mode})
		}
	}
	return out
}

func headingPassages(c *Content) []Passage {
	out := c.blocks(body.Heading, analysis.Prose)
	for _, item := range c.Post.Outline {
		out = append(out, prose(item.Label, item.Text)...)
	}
	return out
}

func labelPassages(c *Content) []Passage {
	p := c.Post
	out := labels(p.Topic)
	for _, list := range [][]string{p.Tags, p.Stack, p.Tools, p.Author} {
		out = append(out, labels(list...)...)
	}
	out = append(out, labels(p.Series)...)
	return append(out, labels(entityNames(c)...)...)
}

func bodyPassages(c *Content) []Passage {
	out := c.blocks(body.Paragraph, analysis.Prose)
	out = append(out, prose(c.Post.Checklist...)...)
	return append(out, prose(c.Post.Notes...)...)
}

func entityNames(c *Content) []string {
	names := make([]string, 0, len(c.Post.Entities))
	for _, e := range c.Post.Entities {
		names = append(names, e.Name)
	}
	return names
}
