package analysis_test

// Claims:
//  1. Words, identifiers, parts, numbers and versions come out as docs/analysis.md
//     says, in prose, labels and code.
//  2. For any text: offsets lie in it and ascend, positions rise by one at most,
//     terms are folded, not empty and bounded, and a word analysed again is itself
//     (FuzzAppend).
//  3. Time is linear in the text, and plain text costs no allocation.

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"alphanode/index/analysis"
)

// show prints tokens: position:term/kind, kinds w i p n.
func show(tokens []analysis.Token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(byte('0' + t.Position%10))
		b.WriteByte("wipn"[t.Kind])
		b.WriteByte(':')
		b.WriteString(t.Term)
	}
	return b.String()
}

func TestProse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"The quick brown fox.", "0w:the 1w:quick 2w:brown 3w:fox"},
		{"well-known", "0i:well-known 0w:well 1w:known"},
		{"spark-s", "0i:spark-s 0w:spark 1w:s"},
		{"go 1.22.", "0w:go 1n:1.22"},
		{"go1.22", "0i:go1.22 0p:go 0p:1.22"},
		{"http/2", "0i:http/2 0w:http 1n:2"},
		{"node.js 18", "0i:node.js 0p:node 0p:js 1n:18"},
		{"2024-01-02", "0n:2024-01-02 0n:2024 1n:01 2n:02"},
		{"client_ip_headers", "0i:client_ip_headers 0p:client 0p:ip 0p:headers"},
		{"useEffect HTTPServer", "0i:useeffect 0p:use 0p:effect 1i:httpserver 1p:http 1p:server"},
		{"JavaScript iPhone OAuth APIs getX", "0w:javascript 1w:iphone 2w:oauth 3w:apis 4w:getx"},
		{"http.Server os.path", "0i:http.server 0p:http 0p:server 1i:os.path 1p:os 1p:path"},
		{"C++ C# F# .NET ASP.NET c++17 Notepad++ g++.", "0i:c++ 1i:c# 2i:f# 3i:.net 3p:net 4i:asp.net 4p:asp 4p:net 5i:c++17 5p:c++ 5p:17 6i:notepad++ 6p:notepad 7i:g++"},
		{"std::vector<int>", "0i:std::vector 0p:std 0p:vector 1w:int"},
		{"--flag-name", "0i:--flag-name 0i:flag-name 0w:flag 1w:name"},
		{"--verbose -x", "0i:--verbose 0w:verbose 1w:x"},
		{"@decorator @babel/core", "0i:@decorator 0p:decorator 1i:@babel/core 1i:@babel 1p:babel 2w:core"},
		{"/usr/local/bin", "0i:usr/local/bin 0w:usr 1w:local 2w:bin"},
		{"https://example.com/a?b=c", "0w:https 1i:example.com 1p:example 1p:com 2w:a 3w:b 4w:c"},
		{"a.b@example.com", "0i:a.b@example.com 0p:a 0p:b 0p:example 0p:com"},
		{"don't it's dogs' O'Reilly’s", "0w:don't 1w:it 2w:dogs 3w:o'reilly"},
		{"e.g. U.S.A. R.E.S.T x.y", "0w:eg 1w:usa 2w:rest 3i:x.y 3p:x 3p:y"},
		{"v1.2.3 v2 0xFF 1,000,000 3.14 192.168.0.1", "0n:v1.2.3 0p:1.2.3 0p:1.2 1n:v2 1p:2 2n:0xff 3n:1000000 4n:3.14 5n:192.168.0.1"},
		{"1,2,3 1234,567", "0n:1 1n:2 2n:3 3n:1234 4n:567"},
		{"k8s i18n s3 ec2 sha256 x86-64 utf8Decoder 2nd 10ms", "0i:k8s 1i:i18n 2i:s3 3i:ec2 3p:ec 3p:2 4i:sha256 4p:sha 4p:256 5i:x86-64 5i:x86 6n:64 7i:utf8decoder 7p:utf 7p:8 7p:decoder 8i:2nd 9i:10ms 9p:10 9p:ms"},
		{"__init__ _private foo_", "0i:__init__ 0p:init 1i:_private 1p:private 2i:foo_ 2p:foo"},
		{"Café naïve Straße ﬁne Ångström İstanbul", "0w:cafe 1w:naive 2w:strasse 3w:fine 4w:angstrom 5w:istanbul"},
		{"Ёлка ЙОД й", "0w:елка 1w:йод 2w:й"},
		{"日本語の本 東", "0w:日本 1w:本語 2w:語の 3w:の本 4w:東"},
		{"C言語", "0w:c 1w:言語"},
		{"한국어 ﾊﾟｿ", "0w:한국 1w:국어 2w:パソ"},
		{"🎉 go 🇩🇪 ❤️", "0i:🎉 1w:go 2i:🇩🇪 3i:❤"},
		{"x² CO₂ ½", "0i:x2 1i:co2 1p:co 1p:2"},
		{"foo--bar ... - -- _ + #hash #123", "0w:foo 1w:bar 2w:hash 3n:123"},
		{"(Node.js), \"C#\"; C#.", "0i:node.js 0p:node 0p:js 1i:c# 2i:c#"},
		{"3f2a9c1b7d", "0i:3f2a9c1b7d"},
		{"Node.js's GitHub's boss’s C++'s EC2's '90s", "0i:node.js 0p:node 0p:js 1w:github 2w:boss 3i:c++ 4i:ec2 4p:ec 4p:2 5i:90s"},
		{"go 1.22.3", "0w:go 1n:1.22.3 1p:1.22"},
		{"ชาไทย", "0w:ชา 1w:าไ 2w:ไท 3w:ทย"},
		{"x64.tar.gz 3.5mm rc1 v0.x", "0i:x64.tar.gz 0p:x64 0p:tar 0p:gz 1i:3.5mm 1p:3.5 1p:mm 2i:rc1 2p:rc 2p:1 3i:v0.x 3p:v0 3p:x"},
		{"mother-in-law's", "0i:mother-in-law 0w:mother 1w:in 2w:law"},
		{"foo_bar-baz/qux", "0i:foo_bar-baz/qux 0i:foo_bar-baz 0i:foo_bar 0p:foo 0p:bar 1w:baz 2w:qux"},
		{"i/o C/C++ TCP/IP", "0i:i/o 0w:i 1w:o 2i:c/c++ 2w:c 3i:c++ 4i:tcp/ip 4w:tcp 5w:ip"},
	} {
		got := show(analysis.For("en").Append(nil, c.in, analysis.Prose))
		if got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestCode(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{
			`headers[i] = http.CanonicalHeaderKey(s.client_ip)`,
			"0i:headers 1i:i 2i:http.canonicalheaderkey 2p:http 2p:canonical 2p:header 2p:key 3i:s.client_ip 3p:s 3p:client 3p:ip",
		},
		{`i++; c++ x = 'it's' .then(`, "0i:i 1i:c++ 2i:x 3i:it 4i:s 5i:then"},
		{`git commit --amend -m "x"`, "0i:git 1i:commit 2i:--amend 2i:amend 3i:m 4i:x"},
		{"#include <vector> // don't", "0i:include 1i:vector 2i:don 3i:t"},
	} {
		if got := show(analysis.For("en").Append(nil, c.in, analysis.Code)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestLongTerms(t *testing.T) {
	a := analysis.For("en")
	long := strings.Repeat("x", 200)
	if got, want := show(a.Append(nil, long+" y", analysis.Prose)), "0w:"+long[:64]+" 1w:y"; got != want {
		t.Errorf("long word: %s", got)
	}
	// The whole is left out, the pieces are not.
	path := strings.Repeat("ab/", 40) + "end"
	tokens := a.Append(nil, path, analysis.Prose)
	if last := tokens[len(tokens)-1]; tokens[0].Term != "ab" || last.Term != "end" || last.Position != 40 {
		t.Errorf("long path: %s", show(tokens))
	}
	if got := a.Append(nil, strings.Repeat("é", 200), analysis.Prose); len(got) != 1 || len(got[0].Term) != 64 {
		t.Errorf("long folded word: %+v", got)
	}
}

func TestElision(t *testing.T) {
	for lang, want := range map[string]string{
		"fr": "0w:l 1w:eau 2w:aujourd 3w:hui",
		"en": "0w:l'eau 1w:aujourd'hui",
	} {
		if got := show(analysis.For(lang).Append(nil, "l’eau aujourd'hui", analysis.Prose)); got != want {
			t.Errorf("%s: got %s, want %s", lang, got, want)
		}
	}
}

// Whatever the text, time grows with its length only.
func TestLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses long texts")
	}
	const size = 128 << 10
	for _, unit := range []string{
		"a", "1.", "1,", "1,000", "a.", "a-", "a/", "a_", "aB", "a1", "_", "-", ".", "'s", "a's", "a::", "a@", "c++", "c#", "é", "é-", "日", "か\u3099",
		"\u0301", "\u00ad", "🎉", "ำ", "ﷺ", "\xff", "A.", "v1.", "0x", "--a",
	} {
		for _, prefix := range []string{"", "a_1."} {
			text := prefix + strings.Repeat(unit, size/len(unit))
			start := time.Now()
			analysis.For("en").Append(nil, text, analysis.Prose)
			analysis.Fold(text)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%q then %q: %v", prefix, unit, took)
			}
		}
	}
}

// A plain text costs the tokens and nothing else, one with capitals one copy.
func TestAppendAllocates(t *testing.T) {
	a := analysis.For("en")
	dst := make([]analysis.Token, 0, 100)
	for text, want := range map[string]float64{
		"plain words of a text, and client_ip_headers, go1.22": 0,
		"Plain Words Of A Text, And ClientIPHeaders, Go1.22":   1,
		"日本語の全文検索と ёлка":                                       1,
	} {
		got := testing.AllocsPerRun(100, func() { dst = a.Append(dst[:0], text, analysis.Prose) })
		if got > want {
			t.Errorf("%q: %v allocations, want at most %v", text, got, want)
		}
	}
}

func FuzzAppend(f *testing.F) {
	for _, s := range []string{
		"The quick, brown-fox's.", "a/b/c-d_e.f::g", "C++17 .NET --flag @x", "日本語 ﾊﾟ 한국", "U.S.A. 1,000.5 0xFF", "\xff\xfe é\u0301",
		"ß ﷺ ½ ² ŉ ŀ ǅ", "x's's", "👨‍👩‍👧🏽❤️", "กำแพง", "𝔘𝔫𝔦", "İ ẞ ς", strings.Repeat("a'", 100), strings.Repeat("é's", 40),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, lang := range []string{"en", "fr", "zz"} {
			for _, mode := range []analysis.Mode{analysis.Prose, analysis.Code} {
				check(t, analysis.For(lang), text, mode)
			}
		}
	})
}

func check(t *testing.T, a *analysis.Analyzer, text string, mode analysis.Mode) {
	t.Helper()
	last := analysis.Token{Position: -1}
	tokens := a.Append(nil, text, mode)
	if len(tokens) > 0 && !strings.ContainsFunc(text, analysis.Searchable) {
		t.Fatalf("%q has tokens, but nothing searchable", text)
	}
	for _, tok := range tokens {
		switch {
		case tok.Start < last.Start || tok.End <= tok.Start || tok.End > len(text):
			t.Fatalf("%q: offsets of %+v after %+v", text, tok, last)
		case tok.Position != last.Position && tok.Position != last.Position+1:
			t.Fatalf("%q: position of %+v after %+v", text, tok, last)
		case tok.Term == "" || len(tok.Term) > analysis.MaxTermBytes || !utf8.ValidString(tok.Term):
			t.Fatalf("%q: term of %+v", text, tok)
		case analysis.Fold(tok.Term) != tok.Term:
			t.Fatalf("%q: %+v folds to %q", text, tok, analysis.Fold(tok.Term))
		}
		if tok.Kind == analysis.Word {
			again := a.Append(nil, tok.Term, mode)
			if len(again) != 1 || again[0].Term != tok.Term || again[0].Kind != analysis.Word {
				t.Fatalf("%q: word %q analysed again gives %s", text, tok.Term, show(again))
			}
		}
		if analysis.Stems(tok.Kind, mode) && a.Stem(tok.Term) == "" {
			t.Fatalf("%q: no stem of %q", text, tok.Term)
		}
		last = tok
	}
}
