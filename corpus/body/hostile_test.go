package body

// Claims: 1. what multiplies in a Markdown parser is read as text, by an estimate
// of the work and not by a clock; 2. ordinary posts, long ones too, are never
// read as text; 3. the template cleaner takes a bounded number of steps a byte;
// 4. no input makes Parse or Render fail.

import (
	"fmt"
	"strings"
	"testing"

	"alphanode/corpus"
)

func hostileSources(size int) map[string]string {
	m := make(map[string]string)
	for _, unit := range []string{
		"[", "[](", "![](", "[a](<", "[a](x \"", "**a ", "*a_ ", ">", "> ", "1. ", "- ", "+ ", "<", "<a ", "<!-- ", "`a``b", "\\",
		"a|b\n", "&", "__a", "[a]: b\n", "\n* a", "[^a]: x\n", "http://a.b(", "~~a", "<div>\n\n", "> - 1. ", "\x00", "\xff", "www.",
		"{% ", "{{ ", "{{< a ", "{{< highlight >}}", "{% highlight a %}\n", "{% raw %}", "<A ", "<A b={", "<pre>", "<code>", "{: ",
		"){.a", "import x\n", ":::note\n", "{#- ", "<svg>", "<table><tr>", "</p>", "<p id=", "&amp;", "{/*", "{: a=", "{{\"a\"}}",
	} {
		m[unit] = strings.Repeat(unit, size/len(unit))
	}
	half := size / 2
	m["open and close"] = strings.Repeat("[", half) + strings.Repeat("]", half)
	m["columns by rows"] = strings.Repeat("a|", size/400) + "\n" + strings.Repeat("-|", size/400) + "\n" + strings.Repeat("a\n", size/4)
	m["lazy quotation"] = strings.Repeat(">", half) + " a\n" + strings.Repeat("a\n", size/4)
	m["blank lines in a deep list"] = strings.Repeat("- ", size/4) + "a\n" + strings.Repeat("\n", half)
	var steps strings.Builder
	for i := 0; steps.Len() < size; i++ {
		fmt.Fprintf(&steps, "%s- a\n", strings.Repeat("  ", i))
	}
	m["stairs"] = steps.String()
	return m
}

func TestEstimateRefusesWhatMultiplies(t *testing.T) {
	sources := hostileSources(1 << 20)
	for _, name := range []string{
		"![](", "[a](<", "[](", ">", "> ", "1. ", "- ", "+ ", "*a_ ", "[a]: b\n", "[^a]: x\n", "open and close",
		"columns by rows", "lazy quotation", "blank lines in a deep list", "stairs",
	} {
		if !tooCostly(sources[name]) {
			t.Errorf("%q is not refused", name)
		}
	}
}

func TestEstimateLetsPostsThrough(t *testing.T) {
	section := "## A heading\n\nSome *words* with a [link](https://x.y/z_z) and `code[i]`.\n\n- one [a](b)\n  - two\n\n> said\n\n" +
		"```go\nx[i](y) = *p\n```\n\n| a | b |\n|---|---|\n| 1 | [c](d) |\n\n"
	if post := strings.Repeat(section, (4<<20)/len(section)); tooCostly(post) {
		t.Error("a post of 4 MiB is refused")
	}
	changelog := strings.Repeat("* [abc](https://x.y/1) - **net**: fix `a_b` (someone) [#1](https://x.y/2)\n", 20_000)
	if tooCostly(changelog) {
		t.Error("a list of 20,000 changes is refused")
	}
}

func TestRefusedBodyKeepsItsWords(t *testing.T) {
	src := "First words.\n\n" + strings.Repeat("[a](<", 100_000) + "\n\nLast words."
	doc := Parse(corpus.Markdown, src)
	if n := len(doc.Blocks); n != 3 || doc.Blocks[0].Text != "First words." || doc.Blocks[2].Text != "Last words." {
		t.Fatalf("%d blocks, want the three paragraphs as text", n)
	}
	if html := Render(corpus.Markdown, src); !strings.Contains(html, "First words.") || !strings.Contains(html, "Last words.") {
		t.Error("Render lost the words")
	}
}

func TestCleanerStepsAreLinear(t *testing.T) {
	for name, src := range hostileSources(64 << 10) {
		for _, format := range []corpus.BodyFormat{corpus.Markdown, corpus.HTML} {
			_, steps := cleanTemplates(src, format)
			if bound := 40*len(src) + 4096; steps > bound {
				t.Errorf("%q as %s: %d steps for %d bytes", name, format, steps, len(src))
			}
		}
	}
}

func TestHostileInputIsRead(t *testing.T) {
	for _, src := range hostileSources(8 << 10) {
		for _, format := range []corpus.BodyFormat{corpus.Markdown, corpus.HTML, corpus.Text, "other"} {
			Parse(format, src)
			Render(format, src)
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, src := range hostileSources(1 << 20) {
		b.Run(fmt.Sprintf("%.12q", name), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				Parse(corpus.Markdown, src)
			}
		})
	}
}
