package analysis_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/analysis"
)

// Words of a row have one stem.
func TestStemsJoin(t *testing.T) {
	for _, row := range []string{
		"en index indexes indexed indexing",
		"en connect connection connections connecting connected",
		"en cache caches cached caching",
		"de haus hauser hauses hausern",
		"de grosse grossen grosser",
		"fr cheval chevaux",
		"fr mange manges manger mangee mangees",
		"es nacion naciones",
		"es aplicacion aplicaciones",
		"es tecnologia tecnologias",
		"pt aplicacao aplicacoes",
		"pt producao producoes",
		"pt sessao sessoes",
		"pt frequencia frequencias",
		"es sesion sesiones",
		"es funcion funciones",
		"es rapido rapida rapidos",
		"fr developpeur developpeurs",
		"fr fonction fonctions",
		"fr general generale generaux",
		"pt tecnologia tecnologias",
		"it libro libri",
		"it applicazione applicazioni",
		"nl boek boeken",
		"ru сервер сервера серверу сервером серверы",
		"ru книга книги книге книгу",
		"sv bil bilar bilarna",
		"da hus huset husene",
		"no hus huset husene",
		"fi talo talossa talosta",
		"hu haz hazak",
		"ro carte cartea",
	} {
		fields := strings.Fields(row)
		a := analysis.For(fields[0])
		for _, w := range fields[2:] {
			if got, want := a.Stem(w), a.Stem(fields[1]); got != want {
				t.Errorf("%s: %s has stem %q, %s %q", fields[0], w, got, fields[1], want)
			}
		}
	}
}

func TestStemKeeps(t *testing.T) {
	for _, c := range []struct{ lang, term string }{
		{"en", "http.servers"},
		{"en", "c++"},
		{"en", "1.22"},
		{"en", "k8s"},
		{"en", "日本"},
		{"en", "серверы"},
		{"en", ""},
		{"en", "is"},
		{"ru", "servers"},
		{"ja", "日本"},
		{"xx", "servers"},
	} {
		if got := analysis.For(c.lang).Stem(c.term); got != c.term {
			t.Errorf("%s: stem of %q is %q", c.lang, c.term, got)
		}
	}
}

func TestFor(t *testing.T) {
	en := analysis.For("en")
	for _, tag := range []string{"", "EN", "en-US", "en_GB", " en "} {
		if analysis.For(tag) != en {
			t.Errorf("%q is not English", tag)
		}
	}
	if analysis.For("nb") != analysis.For("nn-NO") || analysis.For("nb").Lang() != "no" {
		t.Error("the Norwegians differ")
	}
	if a := analysis.For("tlh"); a != analysis.For("zh") || a.Lang() != "" || a.StopWeight("the") != 1 {
		t.Error("an unknown language is not the one that only folds")
	}
	for _, lang := range analysis.Languages() {
		if a := analysis.For(lang); a.Lang() != lang || a.Stem("") != "" {
			t.Errorf("%s: %+v", lang, a)
		}
	}
}

func TestStopWeights(t *testing.T) {
	en := analysis.For("en")
	for _, c := range []struct {
		words string
		want  []float64
	}{
		{"to be or not to be", []float64{1, 1, 1, 1, 1, 1}},
		{"it", []float64{1}},
		{"how to", []float64{1, 1}},
		{"how to cache the response", []float64{0.3, 0, 1, 0, 1}},
		{"", []float64{}},
	} {
		if diff := cmp.Diff(c.want, en.StopWeights(strings.Fields(c.words))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.words, diff)
		}
	}
	for lang, word := range map[string]string{"de": "für", "fr": "où", "es": "cómo", "ru": "её", "nl": "het", "it": "è"} {
		if w := analysis.For(lang).StopWeight(analysis.Fold(word)); w != 0 {
			t.Errorf("%s: %s weighs %v", lang, word, w)
		}
	}
}

// The classic list has 33 words, the longer one about 318 with them.
func TestEnglishStopWordCounts(t *testing.T) {
	zero, light := 0, 0
	for _, term := range analysis.StopTerms("en") {
		switch w := analysis.For("en").StopWeight(term); w {
		case 0:
			zero++
		case 0.3:
			light++
		default:
			t.Errorf("%q weighs %v", term, w)
		}
		// A stop word that is never a token would never count.
		if got := analysis.For("en").Append(nil, term, analysis.Prose); len(got) != 1 || got[0].Term != term {
			t.Errorf("%q is not a token: %v", term, got)
		}
	}
	if zero != 33 || math.Abs(float64(zero+light-318)) > 40 {
		t.Errorf("%d words weigh 0, %d weigh 0.3", zero, light)
	}
}

func TestStemmer(t *testing.T) {
	a := analysis.For("en")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s := a.NewStemmer()
			for range 2 {
				for _, tok := range a.Append(nil, english, analysis.Prose) {
					if got, want := s.Stem(tok.Term), a.Stem(tok.Term); got != want {
						t.Errorf("%q: %q, want %q", tok.Term, got, want)
					}
				}
			}
		})
	}
	wg.Wait()
}

func FuzzStem(f *testing.F) {
	f.Add("running")
	f.Add("yy'y's")
	f.Add("ёлками")
	f.Add("ssssss")
	f.Fuzz(func(t *testing.T, s string) {
		term := analysis.Fold(s)
		for _, lang := range analysis.Languages() {
			stem := analysis.For(lang).Stem(term)
			if term != "" && stem == "" || analysis.Fold(stem) != stem {
				t.Fatalf("%s: %q has stem %q", lang, term, stem)
			}
		}
	})
}
