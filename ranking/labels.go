package ranking

import (
	"strings"
	"unicode"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index/analysis"
)

// Counts of an entity: the weight of an entity is the square root of its count,
// so one that the post gives weighs twice one that its text mentions.
const (
	givenEntity     = 4
	mentionedEntity = 1
)

// labels counts what the post says about itself.
func (b *batch) labels(a *analysis.Analyzer, p *corpus.Post) {
	for _, t := range p.Tags {
		b.label(tagChannel, t, 1)
		b.entity(a, t)
	}
	for _, list := range [][]string{p.Stack, p.Tools, {p.Topic}} {
		for _, name := range list {
			b.entity(a, name)
		}
	}
	for _, e := range p.Entities {
		b.entity(a, e.Name)
	}
	b.label(seriesChannel, p.Series, 1)
	for _, f := range folders(p) {
		b.label(folderChannel, f, 1)
	}
}

func (b *batch) label(c channel, name string, n uint16) (uint32, bool) {
	folded := fold(name)
	if folded == "" {
		return 0, false
	}
	s := channelSpaces[c]
	id := b.spaces[s].number(folded)
	b.labelled = append(b.labelled, labelling{space: s, id: id, text: strings.TrimSpace(name)})
	if n > 0 {
		b.tallies[c].add(id, n)
	}
	return id, true
}

// entity counts an entity once, however often the post gives it, and remembers
// the words that its name is made of.
func (b *batch) entity(a *analysis.Analyzer, name string) {
	known := b.spaces[entitySpace].len()
	id, ok := b.label(entityChannel, name, 0)
	if !ok {
		return
	}
	if !b.tallies[entityChannel].has(id) {
		b.tallies[entityChannel].add(id, givenEntity)
	}
	if int(id) == known {
		b.read(a, name, analysis.Prose, &reading{name: true, limit: maxTitleWords})
		b.names = append(b.names, append([]uint32(nil), b.sequence...))
	}
}

// maxFolders bounds the folders of a post.
const maxFolders = 8

// folders are the path prefixes that a post's url, or else its id, lies in,
// outermost first: "/a/b/c" lies in "a" and "a/b". Folders without a letter are
// dates, which are a matter of their own.
func folders(p *corpus.Post) []string {
	address := p.URL
	if address == "" {
		address = p.ID
	}
	names := strings.Split(addressKey(address, ""), "/")
	var out []string
	for i, name := range names[:len(names)-1] {
		if len(out) < maxFolders && strings.ContainsFunc(name, unicode.IsLetter) {
			out = append(out, strings.Join(names[:i+1], "/"))
		}
	}
	return out
}

// addresses counts the addresses that the post links to and returns the number
// of its own.
func (b *batch) addresses(p *corpus.Post, doc body.Doc) uint32 {
	own := p.URL
	if own == "" {
		own = p.ID
	}
	own = addressKey(own, "")
	key := b.spaces[targetSpace].number(own)
	for i, l := range doc.Links {
		if i == maxLinks {
			break
		}
		if target := addressKey(l.URL, own); target != "" && target != own {
			b.tallies[targetChannel].add(b.spaces[targetSpace].number(target), 1)
		}
	}
	return key
}

// maxLinks bounds the links of a post.
const maxLinks = 1000
