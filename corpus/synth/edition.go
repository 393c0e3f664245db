package synth

import (
	"fmt"
	"strings"
)

// readEdition reads the phrase file of a language other than English.
func readEdition(lang string) *edition {
	file := lang + ".txt"
	e := &edition{lang: lang, sections: map[string][]phrase{}, words: map[string][]string{}}
	for section, list := range readSections(file, func(s string) string { return s }) {
		switch section {
		case "problems", "scenarios":
		case "components", "unit", "few", "weekday", "month", "hour", "label":
			e.words[section] = list
		default:
			for _, s := range list {
				e.sections[section] = append(e.sections[section], mustPhrase(s))
			}
		}
	}
	e.readLists(file)
	return e
}

// readLists reads the problems and scenarios, whose lines have several fields.
func (e *edition) readLists(file string) {
	lists := readSections(file, func(s string) []string { return strings.Split(s, "|") })
	for _, f := range lists["problems"] {
		if len(f) != 10 {
			panic(fmt.Sprintf("synth: %s: problem %q has %d fields, not 10", file, f[0], len(f)))
		}
		e.problems = append(e.problems, &problem{
			english: f[0], doing: f[1], object: f[2], metric: f[3],
			symptoms: []phrase{mustPhrase(f[4]), mustPhrase(f[5])},
			causes:   []phrase{mustPhrase(f[6]), mustPhrase(f[7])},
			fixes:    []phrase{mustPhrase(f[8]), mustPhrase(f[9])},
		})
	}
	for _, f := range lists["scenarios"] {
		e.scenarios = append(e.scenarios, translated{english: f[0], clause: f[1]})
	}
}

// link gives the problems of an edition the theme, unit, level and fits of the
// English problem that they translate.
func (e *edition) link(themes []*theme) {
	for _, p := range e.problems {
		for _, t := range themes {
			for _, original := range t.problems {
				if original.doing == p.english {
					p.theme, p.unit, p.level, p.fits = t, original.unit, original.level, original.fits
				}
			}
		}
		if p.theme == nil {
			panic(fmt.Sprintf("synth: %s.txt: no English problem is called %q", e.lang, p.english))
		}
	}
}

// separator stands between groups of three digits.
func (e *edition) separator() string {
	switch e.lang {
	case "de", "es":
		return "."
	case "fr":
		return "\u202f"
	default:
		return ","
	}
}
