package ranking

import (
	"math"
	"strings"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

// DerivedScores returns the scores that p gives (clamped to 0..100) and, marked
// Computed, those that it does not, worked out from its content. With h(x, m) =
// 1 - 2^(-x/m), "m makes half":
//
//   - depth = 55 h(words, 700) + 15 h(headings, 4) + 18 h(lines of code, 15) + 12 h(links, 6);
//   - clarity = 40 sentences + 20 paragraphs + 25 headings + 15 plain words, see [clarity];
//   - quality = 40 completeness + 20 h(words, 250) + 25 soundness + 15 captions, see [quality];
//   - freshness = 100, before aging.
//
// The formulas order posts as a reader would; they are not estimates of what an
// editor would give.
func DerivedScores(p *corpus.Post) Scores {
	return derivedScores(p, func() body.Doc { return body.Parse(p.BodyFormat, p.Body) })
}

// derivedScores asks for the parsed body only where a score has to be derived.
func derivedScores(p *corpus.Post, parsed func() body.Doc) Scores {
	given := p.Score
	if given == nil {
		given = &corpus.Score{}
	}
	var d body.Doc
	if given.Quality == nil || given.Depth == nil || given.Clarity == nil {
		d = parsed()
	}
	return scoresOf(p, given, measure(d))
}

// scoresOf completes the given scores from a content that is already measured.
func scoresOf(p *corpus.Post, given *corpus.Score, m content) Scores {
	return Scores{
		Quality:   score(given.Quality, func() float64 { return quality(p, m) }),
		Freshness: score(given.Freshness, func() float64 { return 100 }),
		Depth:     score(given.Depth, func() float64 { return depth(m) }),
		Clarity:   score(given.Clarity, func() float64 { return clarity(m) }),
	}
}

func score(given *float64, derive func() float64) Score {
	if given != nil {
		return Score{Value: clampScore(*given)}
	}
	return Score{Value: math.Round(10*clampScore(derive())) / 10, Computed: true}
}

func clampScore(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 100)
}

// half is 1 - 2^(-x/m): 0 at 0, a half at m, towards 1 beyond.
func half(x, m float64) float64 { return 1 - math.Exp2(-x/m) }

// fall is 1 up to good, then falls in a line to 0 at bad.
func fall(x, good, bad float64) float64 {
	return min(max((bad-x)/(bad-good), 0), 1)
}

func depth(m content) float64 {
	return 55*half(m.words, 700) + 15*half(m.headings, 4) + 18*half(m.codeLines, 15) + 12*half(m.links, 6)
}

// clarity is made of what makes a text easy to read. Sentences of 18 words on
// average or less are good, of 45 bad; paragraphs of 80 and 300 words; one heading
// for 300 words of text and none for 1500; words of 13 letters and more, 5 % and
// 25 %. A post without prose is neither clear nor unclear: 50.
func clarity(m content) float64 {
	if m.words == 0 {
		return 50
	}
	return 40*fall(m.words/max(m.sentences, 1), 18, 45) +
		20*fall(m.words/max(m.paragraphs, 1), 80, 300) +
		25*fall(m.words/(m.headings+1), 300, 1500) +
		15*fall(m.longWords/m.words, 0.05, 0.25)
}

// quality is made of completeness (title 0.35, summary 0.2, a body of 100 words
// 0.25, a topic or tag 0.1, a date 0.1), length, soundness (1, less 0.25 for each
// fault of structure) and the share of images with a caption (0.7 without images).
func quality(p *corpus.Post, m content) float64 {
	complete := 0.35*indicator(strings.TrimSpace(p.Title) != "") + 0.2*indicator(strings.TrimSpace(p.Summary) != "") +
		0.25*min(m.words/100, 1) + 0.1*indicator(p.Topic != "" || len(p.Tags) > 0) + 0.1*indicator(!p.PublishedAt.IsZero() || !p.UpdatedAt.IsZero())
	sound := max(1-0.25*m.faults, 0)
	if m.words == 0 {
		sound = 0
	}
	return 40*complete + 20*half(m.words, 250) + 25*sound + 15*captions(p, m)
}

func captions(p *corpus.Post, m content) float64 {
	images, captioned := m.images, m.captioned
	for _, im := range p.Images {
		images++
		captioned += indicator(strings.TrimSpace(im.Caption) != "")
	}
	if images == 0 {
		return 0.7
	}
	return captioned / images
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
