package synth

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

// The phrase files. In stacks, themes and scenarios a line is a key and its
// value; the keys "stack", "theme", "problem" and "scenario" start a record. In
// the other files a line in brackets starts a section. Lines that begin with a
// number sign are comments.
//
//go:embed phrases/*.txt
var phraseFiles embed.FS

// stack is a kind of software, and what is written about it.
type stack struct {
	name, area, code, label string
	fixedCase               bool // The name keeps its case at the start of a sentence.
	fits, tags, tools       []string
	snippets                []string // Names of the sets of code, the first with a kind wins.
	notes                   []phrase
}

// theme is a field of problems with the sentences that suit all of them.
type theme struct {
	name, snippet string
	// practice themes are about how people work; what is said about load and
	// requests does not suit them.
	practice          bool
	fits, tags, tools []string
	why, checks, todo []phrase
	problems          []*problem
}

// problem is what a post is about. Two symptoms, causes and remedies each let two
// posts about the same problem differ in more than their names.
type problem struct {
	theme                   *theme
	english                 string // The name in the English edition.
	doing, object           string
	unit, metric            string
	level                   int
	fits                    []string
	symptoms, causes, fixes []phrase
	facts, todo             []phrase
}

// scenario is the circumstance under which a problem is met.
type scenario struct {
	clause string
	fits   []string
	notes  []phrase
}

// edition is what is written in one language: sections of sentences.
type edition struct {
	lang      string
	sections  map[string][]phrase
	problems  []*problem          // Only of editions other than English.
	scenarios []translated        // The same.
	words     map[string][]string // The same.
}

// translated is a scenario of another edition with its English clause.
type translated struct{ english, clause string }

// library is everything that posts are made from; immutable once read.
type library struct {
	stacks    []*stack
	themes    []*theme
	scenarios []*scenario
	words     map[string][]string
	english   *edition
	others    []*edition
	snippets  map[string]map[string][]phrase // By set and kind.
}

// readLibrary reads the phrase files. They are part of the program, so a mistake
// in them is a mistake of the program; TestPhrases finds it before a user does.
func readLibrary() *library {
	lib := &library{snippets: map[string]map[string][]phrase{}}
	lib.readStacks("stacks.txt")
	for _, name := range []string{"themes_data.txt", "themes_service.txt", "themes_client.txt", "themes_ops.txt"} {
		lib.themes = append(lib.themes, readThemes(name)...)
	}
	lib.readScenarios("scenarios.txt")
	lib.words = readSections("words.txt", func(s string) string { return s })
	lib.english = &edition{lang: "en", sections: readSections("sentences.txt", mustPhrase)}
	lib.readSnippets("snippets.txt")
	for _, lang := range []string{"de", "fr", "es"} {
		e := readEdition(lang)
		e.link(lib.themes)
		lib.others = append(lib.others, e)
	}
	return lib
}

// lines calls do with each line of a phrase file that is not a comment.
func lines(name string, do func(line string)) {
	data, err := phraseFiles.ReadFile("phrases/" + name)
	if err != nil {
		panic(fmt.Sprintf("synth: %v", err))
	}
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			do(strings.TrimRight(line, "\n"))
		}
	}
}

// records calls do with each key and value of a phrase file.
func records(name string, do func(key, value string)) {
	lines(name, func(line string) {
		if key, value, found := strings.Cut(line, " "); found {
			do(key, value)
		}
	})
}

func mustPhrase(s string) phrase {
	p, err := parsePhrase(s, "{", "}")
	if err != nil {
		panic("synth: " + err.Error())
	}
	return p
}

func (lib *library) readStacks(name string) {
	var s *stack
	records(name, func(key, value string) {
		switch key {
		case "stack":
			s = &stack{name: value}
			lib.stacks = append(lib.stacks, s)
		case "case":
			s.fixedCase = true
		case "area":
			s.area = value
		case "code":
			s.code, s.snippets = value, []string{value}
		case "snippets":
			s.snippets = strings.Fields(value)
		case "label":
			s.label = value
		case "fits":
			s.fits = strings.Fields(value)
		case "tags":
			s.tags = strings.Split(value, ", ")
		case "tools":
			s.tools = strings.Split(value, ", ")
		case "note":
			s.notes = append(s.notes, mustPhrase(value))
		default:
			panic(fmt.Sprintf("synth: %s: unknown key %q", name, key))
		}
	})
}

func readThemes(name string) []*theme {
	var all []*theme
	var t *theme
	var p *problem
	records(name, func(key, value string) {
		switch key {
		case "theme":
			t, p = &theme{name: value}, nil
			all = append(all, t)
		case "problem":
			p = &problem{theme: t, english: value, doing: value, fits: t.fits}
			t.problems = append(t.problems, p)
		default:
			if p == nil {
				t.set(name, key, value)
			} else {
				p.set(name, key, value)
			}
		}
	})
	return all
}

func (t *theme) set(file, key, value string) {
	switch key {
	case "fits":
		t.fits = strings.Fields(value)
	case "tags":
		t.tags = strings.Split(value, ", ")
	case "tools":
		t.tools = strings.Split(value, ", ")
	case "code":
		t.snippet = value
	case "kind":
		t.practice = value == "practice"
	case "why":
		t.why = append(t.why, mustPhrase(value))
	case "check":
		t.checks = append(t.checks, mustPhrase(value))
	case "todo":
		t.todo = append(t.todo, mustPhrase(value))
	default:
		panic(fmt.Sprintf("synth: %s: unknown key %q of theme %q", file, key, t.name))
	}
}

func (p *problem) set(file, key, value string) {
	switch key {
	case "fits":
		p.fits = strings.Fields(value)
	case "object":
		p.object = value
	case "metric":
		p.unit, p.metric, _ = strings.Cut(value, " ")
	case "level":
		p.level, _ = strconv.Atoi(value)
	case "symptom":
		p.symptoms = append(p.symptoms, mustPhrase(value))
	case "cause":
		p.causes = append(p.causes, mustPhrase(value))
	case "fix":
		p.fixes = append(p.fixes, mustPhrase(value))
	case "fact":
		p.facts = append(p.facts, mustPhrase(value))
	case "todo":
		p.todo = append(p.todo, mustPhrase(value))
	default:
		panic(fmt.Sprintf("synth: %s: unknown key %q of problem %q", file, key, p.doing))
	}
}

func (lib *library) readScenarios(name string) {
	var s *scenario
	records(name, func(key, value string) {
		switch key {
		case "scenario":
			s = &scenario{clause: value}
			lib.scenarios = append(lib.scenarios, s)
		case "fits":
			s.fits = strings.Fields(value)
		case "note":
			s.notes = append(s.notes, mustPhrase(value))
		default:
			panic(fmt.Sprintf("synth: %s: unknown key %q", name, key))
		}
	})
}

// readSections reads a file of sections, one item a line.
func readSections[T any](name string, item func(string) T) map[string][]T {
	sections := map[string][]T{}
	section := ""
	lines(name, func(line string) {
		switch {
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case line != "":
			sections[section] = append(sections[section], item(line))
		}
	})
	return sections
}

// readSnippets reads the file of code. A snippet ends where the next one starts.
func (lib *library) readSnippets(name string) {
	var lang, kind string
	var code []string
	flush := func() {
		if lang == "" {
			return
		}
		p, err := parsePhrase(strings.TrimRight(strings.Join(code, "\n"), "\n"), "«", "»")
		if err != nil {
			panic(fmt.Sprintf("synth: %s: %s %s: %v", name, lang, kind, err))
		}
		if lib.snippets[lang] == nil {
			lib.snippets[lang] = map[string][]phrase{}
		}
		lib.snippets[lang][kind] = append(lib.snippets[lang][kind], p)
		code = code[:0]
	}
	data, _ := phraseFiles.ReadFile("phrases/" + name)
	for line := range strings.Lines(string(data)) {
		head, found := strings.CutPrefix(line, "==== ")
		if !found {
			code = append(code, strings.TrimRight(line, "\n"))
			continue
		}
		flush()
		lang, kind, _ = strings.Cut(strings.TrimSpace(head), " ")
		code = code[:0]
	}
	flush()
}
