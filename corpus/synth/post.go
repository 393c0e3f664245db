package synth

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"alphanode/corpus"
)

// Post returns post i, a pure function of the seed and i; i may be any number
// from 0 on, also beyond the number of posts of the generator.
func (g *Generator) Post(i int) corpus.Post {
	d := g.newDraft(i)
	m := &meta{draft: d, dice: newDice(g.seed, streamMeta, i)}
	p := corpus.Post{ID: d.id(i), Lang: d.edition.lang, Title: d.title()}
	if d.part > 1 {
		before := g.newDraft(d.series.posts[d.part-2])
		d.prev, d.prevURL = before.title(), before.url()
	}
	p.URL = d.url()
	p.BodyFormat = m.format()
	p.Images = m.images()
	p.Checklist = d.todo()
	c := &compose{draft: d, page: page{format: p.BodyFormat, dst: make([]byte, 0, 8<<10)}, images: p.Images, todo: p.Checklist}
	c.write()
	p.Body = string(c.dst)
	p.Hash = contentHash(p.Title, c.dst)
	m.describe(&p)
	m.label(&p)
	m.date(&p)
	m.rate(&p)
	m.review(&p)
	p.Payload = m.payload(c.paragraphs)
	return p
}

// contentHash is the first 24 hex digits of the SHA-256 of title and body.
func contentHash(title string, body []byte) string {
	h := sha256.New()
	h.Write([]byte(title))
	h.Write([]byte{'\n'})
	h.Write(body)
	var sum [sha256.Size]byte
	return hex.EncodeToString(h.Sum(sum[:0])[:12])
}

// todo draws the checklist: what belongs to the problem, then to its field, then
// to any work.
func (d *draft) todo() []string {
	list := make([]string, 0, 8)
	add := func(from []phrase, n int) {
		for range n {
			if p := d.oneOf(from); p != nil {
				list = append(list, d.render(p))
			}
		}
	}
	add(d.problem.todo, len(d.problem.todo))
	if d.edition == d.g.lib.english {
		add(d.theme.todo, 1+d.text.n(2+d.size))
	} else {
		add(d.edition.sections["todo"], 2)
	}
	add(d.edition.sections["todo"], 1+d.text.n(2))
	return list
}

// meta draws what stands around the text.
type meta struct {
	*draft
	dice dice
}

// format is markdown for most posts; some sites have HTML or plain text.
func (m *meta) format() corpus.BodyFormat {
	switch r := m.dice.n(100); {
	case r < 90:
		return corpus.Markdown
	case r < 97:
		return corpus.HTML
	default:
		return corpus.Text
	}
}

// images draws the figures: none for a third of the posts, many for a few.
func (m *meta) images() []corpus.Image {
	n := [20]int{0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5}[m.dice.n(20)]
	var images []corpus.Image
	for k := range n {
		images = append(images, corpus.Image{
			Source:  "images.example.org",
			URL:     "https://images.example.org/1200x630/" + m.service + "/" + m.ticket + "-" + strconv.Itoa(k+1) + ".png",
			Caption: strings.ReplaceAll(m.render(m.choose("caption")), "`", ""),
		})
	}
	return images
}

// describe fills what tells about the post in other words.
func (m *meta) describe(p *corpus.Post) {
	p.Summary = m.render(m.choose("summary"))
	p.Brief = m.render(m.choose("brief"))
	labels := m.edition.words["label"]
	if labels == nil {
		labels = outlineLabels
	}
	p.Outline = []corpus.OutlineItem{
		{Label: labels[0], Text: m.clause},
		{Label: labels[1], Text: m.problem.doing},
		{Label: labels[2], Text: m.stack.name},
		{Label: labels[3], Text: m.render(m.choose("outline-action"))},
	}
	for range 1 + m.dice.n(3) {
		p.Notes = append(p.Notes, m.render(m.choose("note")))
	}
}

//nolint:gochecknoglobals // immutable table
var outlineLabels = []string{"context", "problem", "stack", "recommended action"}

// label fills the fields that posts are filtered by, and the entities.
func (m *meta) label(p *corpus.Post) {
	p.Topic = m.theme.name
	p.Stack = []string{m.stack.name, m.stack.area}
	p.Tools = m.tools
	p.CodeLanguage = m.stack.code
	p.Tags = m.tags()
	p.Author = m.authors()
	if m.series != nil {
		p.Series = m.series.title()
	}
	p.Difficulty = difficulties[m.level()]
	p.Entities = []corpus.Entity{
		{Name: m.stack.name, Type: "stack"},
		{Name: m.stack.area, Type: "area"},
		{Name: m.problem.english, Type: "problem"},
		{Name: m.theme.name, Type: "topic"},
		{Name: m.tools[0], Type: "tool"},
		{Name: m.tools[1], Type: "tool"},
		{Name: m.component, Type: "product"},
	}
}

//nolint:gochecknoglobals // immutable table
var difficulties = [...]string{"beginner", "intermediate", "advanced"}

// level is the problem's level, now and then one off.
func (m *meta) level() int {
	level := max(m.problem.level, 1) - 1
	switch r := m.dice.n(10); {
	case r == 0 && level > 0:
		return level - 1
	case r == 1 && level < len(difficulties)-1:
		return level + 1
	default:
		return level
	}
}

// tags are those of the theme and the stack, some of them left out, and at times
// the business that the post is set in.
func (m *meta) tags() []string {
	tags := make([]string, 0, 8)
	tags = append(tags, m.theme.tags...)
	for _, tag := range m.stack.tags {
		if !strings.EqualFold(tag, m.theme.tags[0]) && !m.dice.percent(20) {
			tags = append(tags, tag)
		}
	}
	if m.dice.percent(30) {
		tags = append(tags, m.noun)
	}
	return unique(tags)
}

// unique drops what was in the list before, in place.
func unique(list []string) []string {
	kept := list[:0]
	for _, s := range list {
		known := false
		for _, k := range kept {
			known = known || k == s
		}
		if !known {
			kept = append(kept, s)
		}
	}
	return kept
}

// authors is one person; for a few posts, two.
func (m *meta) authors() corpus.StringList {
	list := corpus.StringList{m.g.person(m.author)}
	if m.dice.percent(5) {
		if second := m.g.person(m.dice.draw(m.g.authorWeights)); second != list[0] {
			list = append(list, second)
		}
	}
	return list
}

// person is the name of author k. First and last names repeat, pairs do not.
func (g *Generator) person(k int) string {
	first, last := g.lib.words["first"], g.lib.words["last"]
	return first[k%len(first)] + " " + last[(k*7+k/len(first))%len(last)]
}
