package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
)

// language is one row of the table of languages.
type language struct {
	lang    string
	stem    func(*snowballstem.Env) bool
	script  *unicode.RangeTable
	elides  bool
	stop    string
	light   string // words that weigh 0.3
	repairs []suffix
}

// suffix is an ending without its accents and with them.
type suffix struct{ plain, accented string }

//nolint:gochecknoglobals // immutable table
var languages = []language{
	{lang: "da", stem: danish.Stem, script: unicode.Latin, stop: stopDanish},
	{lang: "de", stem: german.Stem, script: unicode.Latin, stop: stopGerman},
	{lang: "en", stem: english.Stem, script: unicode.Latin, stop: stopEnglish, light: lightEnglish},
	{lang: "es", stem: spanish.Stem, script: unicode.Latin, stop: stopSpanish, repairs: repairSpanish},
	{lang: "fi", stem: finnish.Stem, script: unicode.Latin, stop: stopFinnish},
	{lang: "fr", stem: french.Stem, script: unicode.Latin, elides: true, stop: stopFrench, repairs: repairFrench},
	{lang: "hu", stem: hungarian.Stem, script: unicode.Latin, stop: stopHungarian},
	{lang: "it", stem: italian.Stem, script: unicode.Latin, elides: true, stop: stopItalian},
	{lang: "nl", stem: dutch.Stem, script: unicode.Latin, stop: stopDutch},
	{lang: "no", stem: norwegian.Stem, script: unicode.Latin, stop: stopNorwegian},
	{lang: "pt", stem: portuguese.Stem, script: unicode.Latin, stop: stopPortuguese, repairs: repairPortuguese},
	{lang: "ro", stem: romanian.Stem, script: unicode.Latin, stop: stopRomanian},
	{lang: "ru", stem: russian.Stem, script: unicode.Cyrillic, stop: stopRussian},
	{lang: "sv", stem: swedish.Stem, script: unicode.Latin, stop: stopSwedish},
}

// Terms come without accents, on which some of the stemmers' rules rest. These
// endings have one for certain in the language; plurals that the stemmers do not
// join with their singular are made singular.
//
//nolint:gochecknoglobals // immutable tables
var (
	repairSpanish = []suffix{
		{"acion", "ación"},
		{"icion", "ición"},
		{"ucion", "ución"},
		{"cion", "ción"},
		{"sion", "sión"},
		{"logia", "logía"},
		{"logias", "logías"},
	}
	repairPortuguese = []suffix{
		{"coes", "ção"}, {"cao", "ção"}, {"oes", "ão"}, {"ao", "ão"}, {"logia", "logía"}, {"logias", "logías"}, {"encia", "ência"}, {"encias", "ências"},
	}
	repairFrench = []suffix{{"ees", "e"}, {"ee", "e"}}
)

// analyzer builds the analyzer of a row.
func (l language) analyzer() *Analyzer {
	a := &Analyzer{lang: l.lang, elides: l.elides, repairs: l.repairs, stop: map[string]float64{}}
	for w := range strings.FieldsSeq(l.light) {
		a.stop[Fold(w)] = 0.3
	}
	for w := range strings.FieldsSeq(l.stop) {
		a.stop[Fold(w)] = 0
	}
	a.stem = func(term string) string {
		if !stemmable(term, l.script) {
			return term
		}
		env := snowballstem.NewEnv(a.repair(term))
		l.stem(env)
		return Fold(env.Current())
	}
	return a
}

// repair gives a term the accents that its ending must have.
func (a *Analyzer) repair(term string) string {
	for _, s := range a.repairs {
		if strings.HasSuffix(term, s.plain) && len(term) > len(s.plain)+1 {
			return term[:len(term)-len(s.plain)] + s.accented
		}
	}
	return term
}

// stemmable reports whether a term is a word of the script: letters and
// apostrophes, three at least.
func stemmable(term string, script *unicode.RangeTable) bool {
	for _, r := range term {
		switch {
		case r < 0x80:
			if classes[r] != lower && r != '\'' || script != unicode.Latin {
				return false
			}
		case !unicode.Is(script, r):
			return false
		}
	}
	return utf8.RuneCountInString(term) >= 3
}

// Stem reduces a term, as in Token.Term, to its stem by the language's Snowball
// algorithm (English: Porter2). The stem is folded. Terms that are not words of the
// language's script (numbers, identifiers with punctuation, CJK) and terms of a
// language without a stemmer are returned as they are. Ask only for tokens that
// Stems says yes to. About a microsecond; a Stemmer remembers.
func (a *Analyzer) Stem(term string) string {
	if a.stem == nil {
		return term
	}
	if stem := a.stem(term); stem != "" {
		return stem
	}
	return term
}

// Stems reports whether tokens of this kind in text of this mode are stemmed:
// words and parts of identifiers, in prose and labels.
func Stems(kind Kind, mode Mode) bool {
	return mode != Code && (kind == Word || kind == Part)
}

// maxStems bounds a Stemmer's memory: at 64 bytes a term about 6 MB.
const maxStems = 1 << 15

// Stemmer is an Analyzer's Stem with a bounded memory. It is for one goroutine.
type Stemmer struct {
	analyzer *Analyzer
	stems    map[string]string
}

// NewStemmer returns an empty Stemmer of the analyzer's language.
func (a *Analyzer) NewStemmer() *Stemmer {
	return &Stemmer{analyzer: a, stems: map[string]string{}}
}

// Stem is Analyzer.Stem. It keeps no memory of the term's text alive.
func (s *Stemmer) Stem(term string) string {
	if stem, ok := s.stems[term]; ok {
		return stem
	}
	if s.analyzer.stem == nil {
		return term
	}
	stem := s.analyzer.Stem(term)
	if len(s.stems) >= maxStems {
		clear(s.stems)
	}
	term = strings.Clone(term)
	if stem == term {
		stem = term
	}
	s.stems[term] = stem
	return stem
}
