package body

// Claims: text that makes a Markdown parser slow costs no more than linear time
// here. Measured by what reaches the parser, not by a clock: after guard no
// paragraph has more marks, and no line more markers, than the bounds.

import (
	"strings"
	"testing"

	"alphanode/corpus"
)

//nolint:gochecknoglobals // immutable table
var hostile = []string{
	"[", "[](", "![[", "[a](b", "**a_", "*a ", ">", "> ", "1. ", "- ", "<", "<!-- ", "`a``b", "\\", "|a|\n|-|\n",
	"&", "__a", "[a]: b\n", "\n* a", "[^", "http://a.b(", "|||||", "~~a", "x* ", "[x]", "<a ", "<div>", "[a]: b\n\n", "> - 1. ",
}

func TestGuardBounds(t *testing.T) {
	for _, unit := range hostile {
		guarded := guard(strings.Repeat(unit, (256<<10)/len(unit)))
		marks := 0
		for line := range strings.Lines(guarded) {
			if startsBlock(line) {
				marks = 0
			}
			if marks += countMarks(line) - strings.Count(line, `\`); marks > 2*maxMarks {
				t.Fatalf("%q: a paragraph with %d live marks", unit, marks)
			}
			markers, rest := 0, strings.TrimLeft(line, " \t")
			for n := markerLength(rest); n > 0; n = markerLength(rest) {
				markers, rest = markers+1, strings.TrimLeft(rest[n:], " \t")
			}
			if markers > maxNesting {
				t.Fatalf("%q: a line with %d markers", unit, markers)
			}
		}
	}
}

func TestGuardLeavesPostsAlone(t *testing.T) {
	post := strings.Repeat("## A heading\n\nSome *words* with a [link](https://x.y) and `code`.\n\n- one\n- two\n\n> said\n\n", 400)
	if guard(post) != post {
		t.Error("an ordinary post was changed")
	}
}

func BenchmarkHostile(b *testing.B) {
	for _, unit := range hostile {
		src := strings.Repeat(unit, (512<<10)/len(unit))
		b.Run(strings.TrimSpace(unit), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				Parse(corpus.Markdown, src)
			}
		})
	}
}
