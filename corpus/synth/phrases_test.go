// Claims proved here:
//
//  1. The phrase files are read without a mistake, and there is enough in them.
//  2. Every problem, theme, stack and scenario is complete, and no phrase is there
//     twice.
//  3. Finished texts have no unfilled slot, doubled word, empty section, repeated
//     sentence or wrong article.
package synth

import (
	"regexp"
	"strings"
	"testing"

	"alphanode/corpus"
)

func TestPhrases(t *testing.T) {
	lib := readLibrary()
	problems, tools := 0, map[string]bool{}
	for _, s := range lib.stacks {
		checkStack(t, lib, s)
		collect(tools, s.tools)
	}
	for _, th := range lib.themes {
		checkTheme(t, th)
		collect(tools, th.tools)
		problems += len(th.problems)
	}
	for _, s := range lib.scenarios {
		if len(s.notes) < 3 || len(s.fits) == 0 {
			t.Errorf("scenario %q: %d notes, fits %v", s.clause, len(s.notes), s.fits)
		}
	}
	for name, has := range map[string][2]int{
		"stacks": {len(lib.stacks), 40}, "problems": {problems, 150}, "scenarios": {len(lib.scenarios), 60},
		"tools": {len(tools), 120}, "phrases": {len(phrases()), 2000},
	} {
		if has[0] < has[1] {
			t.Errorf("%d %s, want at least %d", has[0], name, has[1])
		}
	}
}

func checkStack(t *testing.T, lib *library, s *stack) {
	t.Helper()
	if len(s.notes) < 5 || len(s.tools) < 6 || len(s.tags) < 2 || s.label == "" {
		t.Errorf("stack %q is not complete: %d notes, %d tools, tags %v", s.name, len(s.notes), len(s.tools), s.tags)
	}
	if len(lib.words["kind-"+s.area]) == 0 || lib.english.sections["area-"+s.area] == nil {
		t.Errorf("stack %q: nothing is written about area %q", s.name, s.area)
	}
	for _, set := range s.snippets {
		if lib.snippets[set] == nil {
			t.Errorf("stack %q: no code of set %q", s.name, set)
		}
	}
}

func checkTheme(t *testing.T, th *theme) {
	t.Helper()
	if len(th.why) < 3 || len(th.checks) < 3 || len(th.todo) < 4 || len(th.tools) < 3 || len(th.tags) < 2 {
		t.Errorf("theme %q is not complete: %d why, %d checks, %d todo, tools %v, tags %v", th.name, len(th.why), len(th.checks), len(th.todo), th.tools, th.tags)
	}
	for _, p := range th.problems {
		first, _, _ := strings.Cut(p.doing, " ")
		if !strings.HasSuffix(first, "ing") {
			t.Errorf("problem %q does not begin with a gerund", p.doing)
		}
		if len(p.symptoms) != 2 || len(p.causes) != 2 || len(p.fixes) != 2 || len(p.facts) < 2 || len(p.todo) < 2 {
			t.Errorf("problem %q is not complete", p.doing)
		}
		if p.object == "" || p.metric == "" || unitOf(p.unit).key != p.unit || p.level < 1 || p.level > 3 {
			t.Errorf("problem %q: object %q, measure %q in %q, level %d", p.doing, p.object, p.metric, p.unit, p.level)
		}
	}
}

func collect(set map[string]bool, list []string) {
	for _, s := range list {
		set[s] = true
	}
}

// phrases lists the text of all lines of the phrase files but those of code,
// words and the short values that may well be there twice.
func phrases() []string {
	var all []string
	for _, name := range []string{"stacks.txt", "themes_data.txt", "themes_service.txt", "themes_client.txt", "themes_ops.txt", "scenarios.txt"} {
		records(name, func(key, value string) {
			switch key {
			case "note", "why", "check", "symptom", "cause", "fix", "fact", "problem", "scenario", "object":
				all = append(all, value)
			}
		})
	}
	lines("sentences.txt", func(line string) {
		if line != "" && !strings.HasPrefix(line, "[") {
			all = append(all, line)
		}
	})
	return all
}

func TestNoPhraseTwice(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range phrases() {
		if seen[s] {
			t.Errorf("there twice: %s", s)
		}
		seen[s] = true
	}
}

func TestUnknownSlotIsAnError(t *testing.T) {
	for _, bad := range []string{"{nothing}", "{stack", "{}"} {
		if _, err := parsePhrase(bad, "{", "}"); err == nil {
			t.Errorf("parsePhrase(%q) accepts it", bad)
		}
	}
}

// faults are what no finished text may have.
var faults = map[string]*regexp.Regexp{
	"unfilled slot":       regexp.MustCompile(`\{[a-z]+[0-9]?\}|[«»]`),
	"spaces":              regexp.MustCompile(`[^ \n|-]  +[^ ]| [.,](?: |$)`),
	"punctuation":         regexp.MustCompile(`\.\.|,,|;;|: :|\.,|\.;`),
	"doubled word":        regexp.MustCompile(`(?i)\b(the the|a the|a a|in in|of of|to to|and and|with with|an an|is is)\b`),
	"article":             regexp.MustCompile(`\b[Aa] (?:[aio]|e[^u]|u[^sn])\w+|\b[Aa]n [bcdfgjklmnpqrstvwz]\w+|\b[Aa] 8\d?\b`),
	"empty section":       regexp.MustCompile(`(?m)^## .*\n+## |^## .*\n*\z`),
	"sentence not raised": regexp.MustCompile(`(?m)^[a-z][a-z]+ (?:the|a|is|was|of)\b`),
	"sentence not ended":  regexp.MustCompile(`(?m)^[A-Z][^\n]*[a-z0-9]$`),
}

// Code and figures are left out of the search for faults: they follow other rules.
var (
	block  = regexp.MustCompile("(?s)```.*?```|(?m)^!\\[.*$")
	inline = regexp.MustCompile("`[^`]*`|\\[[^\\]]*\\]\\([^)]*\\)")
)

func TestTextsHaveNoFaults(t *testing.T) {
	g := New(11, 800)
	reported := 0
	for i := range g.Len() {
		p := g.Post(i)
		if p.BodyFormat != corpus.Markdown || p.Lang != "en" {
			continue
		}
		text := inline.ReplaceAllString(block.ReplaceAllString(p.Body, "Code."), "Code")
		for name, fault := range faults {
			if found := fault.FindString(withoutHeadings(name, text)); found != "" {
				t.Errorf("post %d, %s: %q", i, name, found)
				reported++
			}
		}
		for _, s := range []string{p.Title, p.Summary, p.Brief} {
			if faults["article"].MatchString(s) || faults["doubled word"].MatchString(s) || faults["unfilled slot"].MatchString(s) {
				t.Errorf("post %d: %q", i, s)
				reported++
			}
		}
		if s := repeated(text); s != "" {
			t.Errorf("post %d says twice: %s", i, s)
			reported++
		}
		if reported > 30 {
			t.Fatal("and so on")
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	for name, example := range map[string]string{
		"unfilled slot": "the {component} is", "spaces": "two  words", "punctuation": "the end..", "doubled word": "to to go",
		"article": "it has a index", "empty section": "## One\n\n## Two\n\nText.", "sentence not raised": "this is it.",
		"sentence not ended": "This has no end",
	} {
		if !faults[name].MatchString(example) {
			t.Errorf("%s is not found in %q", name, example)
		}
	}
	if len(faults) != 8 || repeated("This sentence is long enough to be counted. This sentence is long enough to be counted. End.") == "" {
		t.Error("a fault has no example here")
	}
}

// withoutHeadings drops what does not end like a sentence, where that matters.
func withoutHeadings(fault, text string) string {
	if fault != "sentence not ended" {
		return text
	}
	return regexp.MustCompile(`(?m)^(#|-).*$`).ReplaceAllString(text, "")
}

// repeated returns a sentence that the text has twice.
func repeated(text string) string {
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		for s := range strings.SplitSeq(strings.TrimSpace(line), ". ") {
			if len(s) > 40 && seen[s] {
				return s
			}
			seen[s] = true
		}
	}
	return ""
}
