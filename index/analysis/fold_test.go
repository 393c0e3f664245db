package analysis_test

import (
	"testing"
	"unicode/utf8"

	"alphanode/index/analysis"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Go", "go"},
		{"  Python \t Services\n", "python services"},
		{"ÀÉÎÕÜ ñ ç ø å ł đ", "aeiou n c o a l d"},
		{"Straße STRASSE ẞ", "strasse strasse ss"},
		{"ﬁ ﬂ Ǆ ㎏ ½", "fi fl dz kg 1⁄2"},
		{"ＦＵＬＬ　ｗｉｄｔｈ", "full width"},
		{"Ёж ЙОД", "еж йод"},
		{"Ἀθῆναι ΟΔΟΣ", "αθηναι οδοσ"},
		{"İstanbul ıssız", "istanbul issiz"},
		{"Tiếng Việt", "tieng viet"},
		{"e\u0301", "e"},
		{"מְלָכִים", "מלכים"},
		{"مُحَمَّد", "محمد"},
		{"한글", "한글"},
		{"ﾊﾟ", "パ"},
		{"soft\u00adhyphen zero\u200bwidth\u200d", "softhyphen zero\u200bwidth"},
		{"O’Reilly", "o'reilly"},
		{"it‑s", "it-s"},
	} {
		if got := analysis.Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Go", "é", "ǅ", "ﷺ", "ΐ", "ŉ a", "\u0345", "\xff", "Ⅷ", "ß ẞ", "㋿", "𝔄"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := analysis.Fold(s)
		if again := analysis.Fold(folded); again != folded {
			t.Fatalf("%q folds to %q, that to %q", s, folded, again)
		}
		if utf8.ValidString(s) && !utf8.ValidString(folded) {
			t.Fatalf("%q folds to invalid %q", s, folded)
		}
	})
}
