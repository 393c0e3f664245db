package ranking

import (
	"strings"
	"testing"

	"alphanode/index/analysis"
)

// A vocabulary tells words apart by all their bytes, by language and by kind, and
// finds them again after it has grown.
func TestVocabulary(t *testing.T) {
	v := newVocabulary()
	en, de := analysis.For("en"), analysis.For("de")
	token := func(term string, kind analysis.Kind) *analysis.Token { return &analysis.Token{Term: term, Kind: kind} }
	seen := map[word]string{}
	var all []string
	for n := 1; n <= 20; n++ {
		all = append(all, strings.Repeat("x", n), strings.Repeat("x", n-1)+"z", "z"+strings.Repeat("x", n-1))
	}
	for i := range 5000 {
		all = append(all, "w"+strings.Repeat("q", i%7)+string(rune('a'+i%26))+strings.Repeat("k", i%11)+strings.Repeat("7", i/26%13))
	}
	for round := range 2 {
		for _, text := range all {
			w := v.word(en, token(text, analysis.Identifier), text)
			was, ok := seen[w]
			if round == 0 && !ok {
				seen[w], was = text, text
			}
			if was != text {
				t.Fatalf("%q and %q are one word", was, text)
			}
		}
	}
	running := v.word(en, token("running", analysis.Word), "running")
	if other := v.word(en, token("running", analysis.Identifier), "running"); other == running {
		t.Error("a word and an identifier are one")
	}
	if got := v.terms.names[running.term]; got != "run" {
		t.Errorf("running is %q", got)
	}
	die := v.word(en, token("die", analysis.Word), "die")
	if other := v.word(de, token("die", analysis.Word), "die"); die.stops() || !other.stops() {
		t.Errorf("a German article is one of English: %v, %v", die, other)
	}
}

func TestPackedIsUnique(t *testing.T) {
	seen := map[[2]uint64]string{}
	for _, text := range []string{
		"a", "\x00", "aa", "ab", "ba", "a\x00", "\x00\x00", "abc", "acb", "abcd", "abcde", "abcdefg", "abcdefgh", "abcdefg\x00", "abcdefghi",
		"abcdefghijklmno", "abcdefghijklmnp", "abcdefgzijklmno", "bbcdefghijklmno", "abcdefghijklmn", "abcdefghijklmn\x00",
	} {
		low, high := packed(text)
		if other, ok := seen[[2]uint64{low, high}]; ok {
			t.Errorf("%q and %q are one", text, other)
		}
		seen[[2]uint64{low, high}] = text
	}
}
