package ranking

import (
	"strings"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
	"alphanode/index/analysis"
)

// digest is one post as numbers, in the spaces of its batch.
type digest struct {
	info     info
	channels [numChannels]sparse
	// sequence are the terms of the title in order; those before cut are its part
	// before a colon or dash, 0 when it has none.
	sequence []uint32
	cut      int
	// key is the address of the post in the target space.
	key uint32
}

// info is what is kept of a post beside its vectors.
type info struct {
	id           string
	authors      []string
	series       string
	difficulty   uint8
	introductory bool // its title says that it is an introduction
	// published is the day of publication, index.NoDay when unknown.
	published int32
	signals   index.Signals
	signature signature
}

// batch is some posts as digests. Its numbers are its own; the builder translates
// them. Not safe for concurrent use; one worker fills one at a time.
type batch struct {
	*digester
	docs     []digest
	spaces   [numSpaces]*space // the pair space stays empty
	pairs    *pairs
	labelled []labelling
	names    [][]uint32 // terms of the entity names, by number
	uses     []use      // how often terms are written in which way
	learned  learned
}

// use counts how often the batch writes a term in one way.
type use struct{ spelled, count int32 }

// learned is what a vocabulary did not know before the batch.
type learned struct {
	vocabulary *vocabulary // names it, and is not to be read: another batch is filling it
	last       bool        // no other batch has this vocabulary
	terms      []string
	hashes     []uint64
	spellings  []spelling
}

// digester makes one batch after another. Not safe for concurrent use.
type digester struct {
	config     Config
	vocabulary *vocabulary
	tallies    [numChannels]tally
	tokens     []analysis.Token
	sequence   []uint32
	places     []place // of the sequence in its text
	shingles   []uint64
	shingler   shingler
	intros     []string // phrases of the titles of introductions, spaced
	used       []int32  // by spelling: its place in the batch's uses, plus one
	slots      []uint32 // a table for the pairs of a batch
}

func newDigester(c Config) *digester {
	return &digester{config: c, vocabulary: newVocabulary(), intros: spacedAll(c.Rules.Introductory)}
}

// place is where a term of a sequence stands.
type place struct {
	start, end int
	spelled    int32
}

// labelling is one label as it is written.
type labelling struct {
	space spaceID
	id    uint32
	text  string
}

func newBatch(c Config) *batch { return newDigester(c).batch() }

// batch begins a batch; the one before must be sealed.
func (g *digester) batch() *batch {
	clear(g.slots)
	b := &batch{digester: g, pairs: &pairs{keys: keys{slots: g.slots}}}
	for i := range b.spaces {
		b.spaces[i] = newSpace()
	}
	b.spaces[termSpace] = g.vocabulary.terms
	b.learned = learned{vocabulary: g.vocabulary}
	return b
}

// digest makes a batch of posts, sealed.
func (g *digester) digest(posts []*corpus.Post) *batch {
	terms, spellings := g.vocabulary.terms.len(), len(g.vocabulary.spellings)
	b := g.batch()
	for _, p := range posts {
		b.add(p)
	}
	v := g.vocabulary
	b.learned.terms, b.learned.hashes, b.learned.spellings = v.terms.names[terms:], v.hashes[terms:], v.spellings[spellings:]
	for _, u := range b.uses {
		g.used[u.spelled] = 0
	}
	g.slots, b.pairs.slots = b.pairs.slots, nil
	if v.words > maxWords {
		b.learned.last = true
		g.vocabulary, g.used = newVocabulary(), nil
		for c := range g.tallies {
			g.tallies[c] = tally{}
		}
	}
	return b
}

// add digests one post.
func (b *batch) add(p *corpus.Post) {
	doc := body.Parse(p.BodyFormat, p.Body)
	a := analysis.For(p.Lang)
	var d digest
	d.info = b.describe(p, doc)
	d.sequence, d.cut = b.title(a, p.Title)
	b.prose(a, doc)
	b.code(a, doc)
	b.summary(a, p.Summary)
	d.info.signature = b.shingler.take()
	b.labels(a, p)
	d.key = b.addresses(p, doc)
	for c := range b.tallies {
		d.channels[c] = b.tallies[c].take()
	}
	b.docs = append(b.docs, d)
}

func (b *batch) describe(p *corpus.Post, doc body.Doc) info {
	given := p.Score
	if given == nil {
		given = &corpus.Score{}
	}
	published := index.NoDay
	if !p.PublishedAt.IsZero() {
		published = p.PublishedAt.Day()
	}
	i := info{
		id: strings.Clone(p.ID), series: fold(p.Series),
		difficulty: difficultyLevel(p.Difficulty), published: published, signals: signalsOf(p, scoresOf(p, given, measure(doc)), b.config),
	}
	i.introductory = introduces(p.Title, b.intros)
	for _, name := range p.Author {
		i.authors = append(i.authors, fold(name))
	}
	return i
}

func difficultyLevel(s string) uint8 {
	switch fold(s) {
	case "beginner":
		return 1
	case "intermediate":
		return 2
	case "advanced":
		return 3
	}
	return 0
}

// reading says where the words of a text are counted.
type reading struct {
	prose, lead, summary, title uint16 // how often a word counts in these channels
	pairs                       bool
	name                        bool // only the sequence is wanted
	left                        int  // words of lead still to come
	limit                       int  // words that are read
}

func (b *batch) title(a *analysis.Analyzer, title string) ([]uint32, int) {
	c := b.config.Similar.Analysis
	head, tail := splitTitle(title)
	r := reading{prose: uint16(c.TitleWeight), lead: 2, left: maxTitleWords, title: 1, pairs: true, limit: maxTitleWords}
	b.read(a, head, analysis.Prose, &r)
	cut := 0
	if tail != "" {
		cut = len(b.sequence)
		first := append([]uint32(nil), b.sequence...)
		b.read(a, tail, analysis.Prose, &r)
		b.sequence = append(first, b.sequence...)
	}
	n := min(len(b.sequence), maxTitleWords)
	return append([]uint32(nil), b.sequence[:n]...), min(cut, n)
}

// maxTitleWords is the number of words of a title that count as its name.
const maxTitleWords = 32

func (b *batch) prose(a *analysis.Analyzer, doc body.Doc) {
	c := b.config.Similar.Analysis
	r := reading{prose: 1, lead: 1, left: c.LeadWords, pairs: true, limit: c.MaxWords}
	h := reading{prose: uint16(c.HeadingWeight), pairs: true}
	for _, block := range doc.Blocks {
		switch {
		case r.limit <= 0:
			return
		case block.Kind == body.Paragraph:
			r.limit -= b.read(a, withoutURLs(block.Text), analysis.Prose, &r)
			b.shingle()
		case block.Kind == body.Heading && c.HeadingWeight > 0:
			h.limit = r.limit
			r.limit -= b.read(a, withoutURLs(block.Text), analysis.Prose, &h)
		}
	}
}

func (b *batch) code(a *analysis.Analyzer, doc body.Doc) {
	r := reading{limit: b.config.Similar.Analysis.MaxWords}
	for _, block := range doc.Blocks {
		if block.Kind == body.Code && r.limit > 0 {
			r.limit -= b.read(a, block.Text, analysis.Code, &r)
		}
	}
}

func (b *batch) summary(a *analysis.Analyzer, text string) {
	b.read(a, withoutURLs(text), analysis.Prose, &reading{summary: 1, limit: b.config.Similar.Analysis.MaxWords})
}

// read counts the words of a text and leaves the sequence of its terms in
// b.sequence. It returns the number of words.
func (b *batch) read(a *analysis.Analyzer, text string, mode analysis.Mode, r *reading) int {
	b.tokens = a.Append(b.tokens[:0], text, mode)
	b.sequence, b.places = b.sequence[:0], b.places[:0]
	position := -1
	words := 0
	for i := range b.tokens {
		t := &b.tokens[i]
		first := t.Position != position
		position = t.Position
		if first {
			if words == r.limit {
				break
			}
			words++
		}
		b.count(a, t, text, mode, r, first)
	}
	if r.pairs {
		b.countPairs(text)
	}
	return words
}

// countPairs counts the neighbours in the sequence just read.
func (b *batch) countPairs(text string) {
	for i := 1; i < len(b.sequence); i++ {
		n := b.pairs.number(pairKey(b.sequence[i-1], b.sequence[i]))
		b.tallies[pairChannel].add(n, 1)
		left, right := b.places[i-1], b.places[i]
		if left.end < right.start && text[left.end:right.start] == " " && standsAlone(text, left) && standsAlone(text, right) {
			b.pairs.vote(n, uint32(left.spelled), uint32(right.spelled))
		}
	}
}

// standsAlone is false for a part of an identifier, as "bit" in "64-bit".
func standsAlone(text string, p place) bool {
	joins := func(joint, beyond int) bool {
		return min(joint, beyond) >= 0 && max(joint, beyond) < len(text) && strings.IndexByte(joints, text[joint]) >= 0 && text[beyond] > ' '
	}
	return !joins(p.start-1, p.start-2) && !joins(p.end, p.end+1)
}

// count counts one token. Only the first token of a position is part of the
// sequence.
func (b *batch) count(a *analysis.Analyzer, t *analysis.Token, text string, mode analysis.Mode, r *reading, first bool) {
	w := b.vocabulary.word(a, t, text[t.Start:t.End])
	if w.stops() {
		return
	}
	use := b.use(w.spelled)
	if r.name {
		if first {
			b.sequence = append(b.sequence, w.term)
		}
		return
	}
	if mode == analysis.Prose {
		use.count++
	}
	if t.Kind == analysis.Identifier {
		b.tallies[identifierChannel].add(w.term, 1)
	}
	if mode == analysis.Code {
		return
	}
	if first {
		b.sequence = append(b.sequence, w.term)
		b.places = append(b.places, place{t.Start, t.End, w.spelled})
	}
	b.weigh(w.term, r, first)
}

// use notes that the batch writes a term in this way.
func (b *batch) use(spelled int32) *use {
	for int(spelled) >= len(b.used) {
		b.used = append(b.used, 0)
	}
	if b.used[spelled] == 0 {
		b.uses = append(b.uses, use{spelled: spelled})
		b.used[spelled] = int32(len(b.uses))
	}
	return &b.uses[b.used[spelled]-1]
}

func (b *batch) weigh(term uint32, r *reading, first bool) {
	if r.prose > 0 {
		b.tallies[proseChannel].add(term, r.prose)
	}
	if r.summary > 0 {
		b.tallies[summaryChannel].add(term, r.summary)
	}
	if r.title > 0 {
		b.tallies[titleChannel].add(term, r.title)
	}
	if r.left > 0 && b.config.Similar.Text.Lead > 0 {
		if r.lead > 0 {
			b.tallies[leadChannel].add(term, r.lead)
		}
		if first {
			r.left--
		}
	}
}

// shingle adds the passage just read to the signature.
func (b *batch) shingle() {
	b.shingles = b.shingles[:0]
	for _, t := range b.sequence {
		b.shingles = append(b.shingles, b.vocabulary.hashes[t])
	}
	b.shingler.add(b.shingles)
}
