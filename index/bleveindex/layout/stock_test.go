package layout_test

// Claims:
//  1. What a post becomes in a segment is what bleve's own writer makes of the same
//     terms and positions, worked out here without tables or caches: for every field,
//     term, post, frequency and position, in any script, with identifiers, code,
//     stems of several languages in one batch, and random bytes.
//  2. The plain schema has the terms as they are written, without stems and parts.

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2/document"
	bleve "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/bleveindex/layout"
	"alphanode/index/bleveindex/zapwriter"
)

func TestSameAsStockWriter(t *testing.T) {
	for name, schema := range map[string]layout.Schema{"default": layout.DefaultSchema(), "plain": layout.PlainSchema()} {
		t.Run(name, func(t *testing.T) {
			builder := layout.NewBuilder(schema, nil, 2)
			for seed := range uint64(6) {
				changes := randomChanges(seed, 200)
				own, stock := ownSegment(t, builder, changes), stockSegment(t, schema, changes)
				for _, field := range append(slices.Clone(schema.Text), schema.Keyword...) {
					want, got := stockTerms(t, stock, field.Name), ownTerms(t, own, field.Name)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("seed %d, field %s (-stock +own):\n%.3000s", seed, field.Name, diff)
					}
				}
			}
		})
	}
}

// fragments are what random texts are made of.
var fragments = []string{
	"running", "runs", "the", "databases", "Häuser", "maisons", "мощности", "correndo", "naïve", "STRASSE", "Straße", "ﬁne",
	"client_ip_headers", "http.Server", "useEffect", "std::vector", "C++17", ".NET", "node.js", "--flag-name", "docs/getting-started",
	"go1.22", "v1.22.3", "2024-01-31", "1,000,000", "0xFF", "x²", "CO₂", "日本語の本", "検索エンジン", "한국어", "ภาษาไทย", "🚀", "👩‍💻", "🇩🇪",
	"don’t", "O'Reilly", "l'eau", "U.S.A.", "e.g.", "well-known", "spark-s", "`code`", "**bold**", "[link](https://example.com/a)", "\n\n", "\n\n# Heading\n\n",
	"\n\n```go\nfunc main() { x.Close(); i++ }\n```\n\n", "\n- ", "\x00", "\xff\xfe", "\u200b", "a\u0301", strings.Repeat("long", 40), "٣٤", "ß", "İ", "word",
}

func randomChanges(seed uint64, n int) []corpus.Change {
	r := rand.New(rand.NewPCG(seed, 5)) //nolint:gosec // reproducible
	text := func(most int) string {
		var b strings.Builder
		for range r.IntN(most + 1) {
			if r.IntN(12) == 0 {
				b.WriteRune(rune(r.IntN(0x2ffff)))
			}
			b.WriteString(fragments[r.IntN(len(fragments))])
			b.WriteString([]string{" ", "", ", ", " "}[r.IntN(4)])
		}
		return b.String()
	}
	langs := []string{"", "en", "de", "fr", "ru", "pt", "ja", "xx"}
	changes := make([]corpus.Change, n)
	for i := range changes {
		p := corpus.Post{
			ID: fmt.Sprintf("%d-%d", seed, i), Title: text(8), Summary: text(10), Body: text(120), Lang: langs[r.IntN(len(langs))],
			Topic: text(2), Tags: []string{text(1), text(2)}, Author: []string{text(2)}, Notes: []string{text(4)},
		}
		if r.IntN(4) == 0 {
			p.BodyFormat = corpus.Text
		}
		changes[i] = corpus.Put(p, corpus.PublishAll)
	}
	return changes
}

func ownSegment(t *testing.T, builder *layout.Builder, changes []corpus.Change) segment.Segment {
	t.Helper()
	docs := make([]bleve.Document, len(changes))
	for i, c := range changes {
		docs[i] = builder.Document(c)
	}
	seg, _, err := (&zapwriter.Plugin{}).New(docs)
	if err != nil {
		t.Fatal(err)
	}
	return seg
}

// stockField is a field of the stock writer with given terms.
type stockField struct {
	document.Field
	options bleve.FieldIndexingOptions
	terms   bleve.TokenFrequencies
}

func (f *stockField) Options() bleve.FieldIndexingOptions              { return f.options }
func (f *stockField) Analyze()                                         {}
func (f *stockField) AnalyzedLength() int                              { return 1 }
func (f *stockField) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.terms }

func stockSegment(t *testing.T, schema layout.Schema, changes []corpus.Change) segment.Segment {
	t.Helper()
	docs := make([]bleve.Document, len(changes))
	for i, c := range changes {
		doc := document.NewDocument(c.ID)
		content := index.NewContent(c.Post, nil)
		for _, f := range schema.Text {
			options := bleve.IndexField | bleve.IncludeTermVectors
			doc.AddField(newStockField(f.Name, options, expected(f.Passages(content), content.Lang(), schema.Plain)))
		}
		for _, f := range schema.Keyword {
			values := make(map[string][]int)
			for _, v := range f.Values(content) {
				if term := layout.FacetTerm(v); term != "" {
					values[term] = nil
				}
			}
			doc.AddField(newStockField(f.Name, bleve.IndexField|bleve.SkipFreqNorm, values))
		}
		doc.AddIDField()
		docs[i] = doc
	}
	seg, _, err := (&zap.ZapPlugin{}).New(docs)
	if err != nil {
		t.Fatal(err)
	}
	return seg
}

func newStockField(name string, options bleve.FieldIndexingOptions, positions map[string][]int) *stockField {
	f := &stockField{Field: document.NewTextFieldCustom(name, nil, nil, options, nil), options: options, terms: bleve.TokenFrequencies{}}
	for term, at := range positions {
		tf := &bleve.TokenFreq{Term: []byte(term)}
		if !options.SkipFreqNorm() {
			tf.SetFrequency(len(at))
		}
		for _, position := range at {
			tf.Locations = append(tf.Locations, &bleve.TokenLocation{Position: position})
		}
		f.terms[term] = tf
	}
	return f
}

// expected are the positions of each term of a field, as docs/indexing.md has it.
func expected(passages []index.Passage, lang string, plain bool) map[string][]int {
	out := make(map[string][]int)
	analyzer := analysis.For(lang)
	base := 1
	for _, p := range passages {
		last := -1
		for _, token := range analyzer.Append(nil, p.Text, p.Mode) {
			if plain && token.Kind == analysis.Part {
				continue
			}
			last = token.Position
			terms := []string{token.Term}
			if stem := analyzer.Stem(token.Term); layout.Stemmed(token.Kind) && p.Mode != analysis.Code && !plain && stem != "" && stem != token.Term {
				terms = append(terms, layout.StemMark+stem)
			}
			for _, term := range terms {
				if at := out[term]; len(at) == 0 || at[len(at)-1] != base+last {
					out[term] = append(at, base+last)
				}
			}
		}
		if last >= 0 {
			base += last + 1 + index.PositionGap
		}
	}
	return out
}

// stockTerms lists terms and postings, a line for each posting.
func stockTerms(t *testing.T, seg segment.Segment, field string) (out []string) {
	t.Helper()
	dict, err := seg.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	it := dict.AutomatonIterator(nil, nil, nil)
	for e, err := it.Next(); e != nil || err != nil; e, err = it.Next() {
		if err != nil {
			t.Fatal(err)
		}
		list, err := dict.PostingsList([]byte(e.Term), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		postings := list.Iterator(true, false, true, nil)
		for p, err := postings.Next(); p != nil || err != nil; p, err = postings.Next() {
			if err != nil {
				t.Fatal(err)
			}
			var positions []uint32
			for _, l := range p.Locations() {
				positions = append(positions, uint32(l.Pos()))
			}
			out = append(out, fmt.Sprintf("%q %d %d %v", e.Term, p.Number(), p.Frequency(), positions))
		}
	}
	return out
}

func ownTerms(t *testing.T, seg segment.Segment, field string) (out []string) {
	t.Helper()
	raw, ok, err := zapwriter.OpenRaw(seg)
	if err != nil || !ok {
		t.Fatalf("OpenRaw: %t, %v", ok, err)
	}
	dict, err := seg.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	it := dict.AutomatonIterator(nil, nil, nil)
	for e, err := it.Next(); e != nil || err != nil; e, err = it.Next() {
		if err != nil {
			t.Fatal(err)
		}
		postings, err := raw.Postings(field, e.Term)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range postings {
			out = append(out, fmt.Sprintf("%q %d %d %v", e.Term, p.Doc, p.Freq, p.Positions))
		}
	}
	return out
}
