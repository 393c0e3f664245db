package corpus_test

// The claims:
//  1. Every field of a post is read, and written back the same.
//  2. What is not a field is kept under extra, verbatim; both ways of giving it merge.
//  3. Every value of a wrong type, range or size is refused by a *FieldError naming its path.
//  4. decode(encode(x)) == x and encode(decode(encode(x))) == encode(x) for any input.
//  5. No input makes the reader panic.

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
)

func decode(t *testing.T, s string) corpus.Post {
	t.Helper()
	p, err := corpus.DecodePost([]byte(s), corpus.Limits{})
	if err != nil {
		t.Fatalf("DecodePost(%.200s): %v", s, err)
	}
	return p
}

func date(t *testing.T, s string) corpus.Date {
	t.Helper()
	d, err := corpus.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// fullPost is the post of testdata/full.json.
func fullPost(t *testing.T) corpus.Post {
	t.Helper()
	return corpus.Post{
		ID: "guides/connection-limits", URL: "https://example.org/guides/connection-limits",
		Reference: "ref-0042", Hash: "5f19b4620ae199681e9eee12",
		Title: "Connection limits in practice", Summary: "What to set, and how to see that it holds.",
		Body:       "# Why\n\nA pool without a limit is a queue \"elsewhere\".\n\n```go\ndb.SetMaxOpenConns(20)\n```\n",
		BodyFormat: corpus.Markdown,
		Outline:    []corpus.OutlineItem{{Label: "problem", Text: "pools without a limit"}, {Label: "context", Text: ""}},
		Brief:      "Short.", Checklist: []string{"measure first", "set the limit"}, Notes: []string{"tab\there"}, Lang: "en-GB",
		Topic: "databases", Tags: []string{"pooling", "postgresql"}, Stack: []string{"go services"}, Tools: []string{"pgbouncer"},
		CodeLanguage: "go", Difficulty: corpus.Intermediate, Author: corpus.StringList{"Ada", "Grace"}, Series: "production defaults",
		PublishedAt: date(t, "2023-04-19"), UpdatedAt: date(t, "2023-05-01T10:00:00.25+02:00"),
		ReadingTime: new(7.5), ViewCount: new(int64(164496)),
		Score:    &corpus.Score{Quality: new(88.0), Freshness: new(0.0), Clarity: new(92.5)},
		Revision: &corpus.Revision{Status: corpus.StatusReviewed, Version: "1.0.7", LastReviewed: date(t, "2023-04-19")},
		Flags:    &corpus.Flags{AIGeneratedStyle: true, NeedsHumanReview: true},
		Entities: []corpus.Entity{{Name: "go services", Type: "stack"}, {Name: "日本", Type: "other"}},
		Images:   []corpus.Image{{Source: "example.org", URL: "https://example.org/a.png?a=1&b=<2>", Caption: "A pool 🏊"}},
		Payload:  json.RawMessage(`{"z":[1.0,{"y":null,"x":"<&>"}],"a":1e2}`),
		Extra: map[string]json.RawMessage{
			"mood": json.RawMessage(`"calm"`), "revision.editor": json.RawMessage(`["x",true]`), "entities[1].wiki": json.RawMessage(`{}`),
		},
	}
}

func TestDecodeEveryField(t *testing.T) {
	data, err := os.ReadFile("testdata/full.json")
	if err != nil {
		t.Fatal(err)
	}
	got, want := decode(t, string(data)), fullPost(t)
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("decoded (-want +got):\n%s", d)
	}
	line := corpus.AppendPost(nil, &got)
	if strings.ContainsAny(string(line), "\n\r") {
		t.Errorf("the JSON of a post is not one line: %s", line)
	}
	if d := cmp.Diff(want, decode(t, string(line))); d != "" {
		t.Errorf("decoded again (-want +got):\n%s", d)
	}
	var std corpus.Post
	if err := json.Unmarshal(line, &std); err != nil {
		t.Fatalf("encoding/json cannot read what AppendPost wrote: %v", err)
	}
	if d := cmp.Diff(want, std); d != "" {
		t.Errorf("encoding/json reads it otherwise (-want +got):\n%s", d)
	}
}

func TestDecodeMeansTheSame(t *testing.T) {
	base := `"id":"a","title":"t"`
	for _, tc := range []struct{ name, one, other string }{
		{"author string or list", `"author":"x"`, `"author":["x"]`},
		{"flags as numbers", `"flags":{"has_images":1,"image_heavy":0}`, `"flags":{"has_images":true,"image_heavy":false}`},
		{"null is absent", `"summary":null,"tags":null,"score":null,"reading_time":null,"author":null,"payload":null,"extra":null,"published_at":null`, `"summary":""`},
		{"empty is absent", `"tags":[],"score":{},"revision":{},"flags":{"has_images":0},"extra":{},"author":"","updated_at":"","entities":[]`, `"tags":null`},
		{"extra merged", `"mood":1,"extra":{"tone":2}`, `"extra":{"mood":1},"tone":2`},
		{"inner unknown", `"score":{"style":3}`, `"extra":{"score.style":3}`},
		{"a count as a float", `"view_count":12.0`, `"view_count":1.2e1`},
		{"escapes", `"summary":"\u00e9\ud83c\udfca\/\b\f\n\r\t\"\\"`, `"summary":"é🏊/\b\f\n\r\t\"\\"`},
		{"half a surrogate pair", `"summary":"a\ud83cb\udfca\ud83c\u0041"`, `"summary":"a�b��A"`},
		{"escaped names", `"\u0074ags":["x"]`, `"tags":["x"]`},
		{"white space", " \"tags\"\t:\n[ \"x\" ]\r", `"tags":["x"]`},
	} {
		a, b := decode(t, "{"+base+","+tc.one+"}"), decode(t, "{"+base+","+tc.other+"}")
		if d := cmp.Diff(a, b); d != "" {
			t.Errorf("%s: %s differs from %s:\n%s", tc.name, tc.one, tc.other, d)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, tc := range []struct{ in, field, reason string }{
		{`{"title":"t"}`, "id", "is required"},
		{`{"id":"","title":"t"}`, "id", "is required"},
		{`{"id":"a"}`, "title", "a title or a body is required"},
		{`{"id":17,"title":"t"}`, "id", "must be a string, is a number"},
		{`{"id":"a\u0007b","title":"t"}`, "id", "control characters"},
		{`{"id":"a\u0085b","title":"t"}`, "id", "control characters"},
		{`{"id":"` + long(513) + `","title":"t"}`, "id", "has 513 bytes, the limit is 512"},
		{`{"id":"a","id":"a","title":"t"}`, "id", "given twice"},
		{`{"id":"a","title":"t","x":1,"x":1}`, "x", "given twice"},
		{`{"id":"a","title":"t","x":1,"extra":{"x":1}}`, "extra.x", "inside and outside"},
		{`{"id":"a","title":"t","score":{"x":1},"extra":{"score.x":1}}`, "extra.score.x", "inside and outside"},
		{`{"id":"a","title":{}}`, "title", "must be a string, is an object"},
		{`{"id":"a","title":"t","tags":"go"}`, "tags", "must be a list, is a string"},
		{`{"id":"a","title":"t","tags":["go",7]}`, "tags[1]", "must be a string, is a number"},
		{`{"id":"a","title":"t","tags":[null]}`, "tags[0]", "must be a string, is null"},
		{`{"id":"a","title":"t","author":[["x"]]}`, "author[0]", "must be a string, is a list"},
		{`{"id":"a","title":"t","difficulty":"hard"}`, "difficulty", "must be one of beginner"},
		{`{"id":"a","title":"t","body_format":"rtf"}`, "body_format", "must be one of markdown"},
		{`{"id":"a","title":"t","lang":"english language"}`, "lang", "BCP 47"},
		{`{"id":"a","title":"t","published_at":"April 2023"}`, "published_at", "neither RFC 3339"},
		{`{"id":"a","title":"t","published_at":"2023-02-30"}`, "published_at", "neither RFC 3339"},
		{`{"id":"a","title":"t","updated_at":7}`, "updated_at", "must be a string"},
		{`{"id":"a","title":"t","reading_time":-1}`, "reading_time", "between 0"},
		{`{"id":"a","title":"t","reading_time":1e999}`, "reading_time", "out of range"},
		{`{"id":"a","title":"t","view_count":1.5}`, "view_count", "whole number"},
		{`{"id":"a","title":"t","view_count":-1}`, "view_count", "between 0"},
		{`{"id":"a","title":"t","view_count":1e300}`, "view_count", "out of range"},
		{`{"id":"a","title":"t","view_count":9223372036854775807}`, "view_count", "out of range"},
		{`{"id":"a","title":"t","score":{"quality":100.5}}`, "score.quality", "between 0 and 100, is 100.5"},
		{`{"id":"a","title":"t","score":{"depth":"9"}}`, "score.depth", "must be a number, is a string"},
		{`{"id":"a","title":"t","score":[]}`, "score", "must be an object, is a list"},
		{`{"id":"a","title":"t","revision":{"status":"done"}}`, "revision.status", "must be one of draft"},
		{`{"id":"a","title":"t","revision":{"last_reviewed":"x"}}`, "revision.last_reviewed", "neither"},
		{`{"id":"a","title":"t","flags":{"image_heavy":2}}`, "flags.image_heavy", "true, false, 1 or 0"},
		{`{"id":"a","title":"t","flags":{"image_heavy":"yes"}}`, "flags.image_heavy", "true, false, 1 or 0"},
		{`{"id":"a","title":"t","entities":[{"name":"x","type":"tool"},{"name":"y","type":"thing"}]}`, "entities[1].type", "must be one of stack"},
		{`{"id":"a","title":"t","entities":[{"type":"tool"}]}`, "entities[0].name", "is required"},
		{`{"id":"a","title":"t","entities":[{"name":1}]}`, "entities[0].name", "must be a string"},
		{`{"id":"a","title":"t","entities":["x"]}`, "entities[0]", "must be an object"},
		{`{"id":"a","title":"t","images":[{"url":"` + long(8193) + `"}]}`, "images[0].url", "has 8193 bytes"},
		{`{"id":"a","title":"t","outline":[{"label":"x"},{"text":[]}]}`, "outline[1].text", "must be a string"},
		{`{"id":"a","title":"t","payload":[1]}`, "payload", "must be an object, is a list"},
		{`{"id":"a","title":"t","payload":{"x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}}`, "payload", "nested deeper than 32"},
		{`{"id":"a","title":"t","payload":{"x":"` + long(256<<10) + `"}}`, "payload", "the limit is 262144"},
		{`{"id":"a","title":"t","payload":{"x":01}}`, "payload", "want , or }"},
		{`{"id":"a","title":"t","payload":{"x":tru}}`, "payload", "want a value"},
		{`{"id":"a","title":"t","x":"` + long(200<<10) + `","y":"` + long(100<<10) + `"}`, "y", "the limit is 262144"},
		{`{"id":"a","title":"t","` + long(2000) + `":1}`, "extra." + long(74) + "...", "has 2000 bytes"},
		{`{"id":"a","title":"` + long(65537) + `"}`, "title", "has 65537 bytes, the limit is 65536"},
		{`{"id":"a","body":"` + long(4<<20+1) + `"}`, "body", "the limit is 4194304"},
		{`{"id":"a","title":"t","tags":[` + strings.Repeat(`"x",`, 1000) + `"x"]}`, "tags", "the limit is 1000"},
		{`{"id":"a","title":"t","topic":"` + long(1025) + `"}`, "topic", "has 1025 bytes"},
		{"{\"id\":\"a\",\"title\":\"t\xff\"}", "title", "not valid UTF-8"},
		{"{\"id\":\"a\",\"title\":\"t\",\"payload\":{\"x\":\"\xff\"}}", "payload", "not valid UTF-8"},
		{"{\"id\":\"a\",\"title\":\"t\nu\"}", "title", "unescaped control character"},
		{`{"id":"a","title":"\x"}`, "title", "bad escape"},
		{`{"id":"a","title":"\u12G4"}`, "title", "bad escape"},
		{`{"id":"a","title":"t"`, "", "unexpected end"},
		{`{"id":"a","title":"t`, "title", "unexpected end"},
		{`{"id":"a","title":"t",}`, "", "want a member name"},
		{`{"id":"a","title":"t"} x`, "", "want the end"},
		{`{"id" "a"}`, "", `want ":"`},
		{`["id"]`, "", "must be an object, is a list"},
		{`null`, "", "must be an object, is null"},
		{``, "", "unexpected end"},
	} {
		_, err := corpus.DecodePost([]byte(tc.in), corpus.Limits{})
		var fe *corpus.FieldError
		if !errors.As(err, &fe) {
			t.Errorf("DecodePost(%.100s): %v, want a *FieldError", tc.in, err)
			continue
		}
		if fe.Field != tc.field || !strings.Contains(fe.Err.Error(), tc.reason) {
			t.Errorf("DecodePost(%.100s): field %q, %.200v; want field %q, ...%s...", tc.in, fe.Field, fe.Err, tc.field, tc.reason)
		}
	}
}

func TestRecordLimit(t *testing.T) {
	in := []byte(`{"id":"a","title":"t"}`)
	if _, err := corpus.DecodePost(in, corpus.Limits{Record: len(in)}); err != nil {
		t.Errorf("a record as long as the limit: %v", err)
	}
	if _, err := corpus.DecodePost(in, corpus.Limits{Record: len(in) - 1}); err == nil {
		t.Error("a record one byte over the limit was taken")
	}
}

// Posts that were not read from JSON are validated by the same rules.
func TestValidateRefuses(t *testing.T) {
	for field, change := range map[string]func(p *corpus.Post){
		"id":               func(p *corpus.Post) { p.ID = "a\xffb" },
		"summary":          func(p *corpus.Post) { p.Summary = "\xff" },
		"tags[1]":          func(p *corpus.Post) { p.Tags[1] = "\xc3" },
		"entities[0].name": func(p *corpus.Post) { p.Entities[0].Name = "\xff" },
		"payload":          func(p *corpus.Post) { p.Payload = json.RawMessage(`{"x":1} 2`) },
		"extra.bad":        func(p *corpus.Post) { p.Extra["bad"] = json.RawMessage(`nope`) },
		"extra.empty":      func(p *corpus.Post) { p.Extra["empty"] = nil },
	} {
		p := fullPost(t)
		if err := p.Validate(corpus.Limits{}); err != nil {
			t.Fatalf("the full post: %v", err)
		}
		change(&p)
		err := p.Validate(corpus.DefaultLimits())
		var fe *corpus.FieldError
		if !errors.As(err, &fe) || fe.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestCanonical(t *testing.T) {
	canonical := func(s string) string {
		p := decode(t, `{"id":"a","title":"t",`+s+`}`)
		return string(corpus.AppendCanonical(nil, &p))
	}
	same := `"payload":{"b":[1,{"d":"é","c":null}],"a":true},"x":{"z":1,"y":2}`
	for _, tc := range []struct {
		in   string
		same bool
	}{
		{`"payload":{"a":true,"b":[1,{"c":null,"d":"é"}]},"x":{"y":2,"z":1}`, true},
		{`"x":{ "z" : 1 , "y":2 }, "payload" : { "b":[ 1 , {"d":"\u00e9","c":null}],"\u0061":true}`, true},
		{`"extra":{"x":{"z":1,"y":2}},"payload":{"b":[1,{"d":"é","c":null}],"a":true}`, true},
		{`"payload":{"b":[{"d":"é","c":null},1],"a":true},"x":{"z":1,"y":2}`, false},
		{`"payload":{"b":[1,{"d":"e","c":null}],"a":true},"x":{"z":1,"y":2}`, false},
		{`"payload":{"b":[1.0,{"d":"é","c":null}],"a":true},"x":{"z":1,"y":2}`, false},
	} {
		if got := canonical(tc.in) == canonical(same); got != tc.same {
			t.Errorf("%s is the same as %s: %v", tc.in, same, got)
		}
	}
}

func TestEffectiveHash(t *testing.T) {
	p := corpus.Post{ID: "a", Title: "t", Summary: "s", Body: "b", Hash: "given"}
	if got := p.EffectiveHash(); got != "given" {
		t.Errorf("EffectiveHash = %q, want the one given", got)
	}
	p.Hash = ""
	// printf 't\ns\nb' | sha256sum | cut -c1-24.
	if got, want := p.EffectiveHash(), "59e7aa9c8ceace87a2661002"; got != want {
		t.Errorf("EffectiveHash = %q, want %q", got, want)
	}
	if p.Hash != "" {
		t.Error("EffectiveHash stored what it computed")
	}
}

func FuzzDecodePost(f *testing.F) {
	full, err := os.ReadFile("testdata/full.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	for _, s := range []string{
		`{"id":"a","title":"t"}`, `{"id":"日本","body":"\ud83c"}`, `{"id":"a","title":"t","payload":{"a":[{},[],"",-0.0e+1]}}`,
		`{"id":"a","title":"t","extra":{"id":1},"x.y":2,"score":{"x":3}}`, `{"id":"a","title":"t","updated_at":"2023-05-01T10:00:00.5-23:59"}`,
		`{"id":"a","title":"t","author":"x","flags":{"has_images":1},"view_count":1e3}`, `[[[[`, `{"a":{"a":{"a":`, "{\"id\":\"\xff\"}",
		`{"id":"a","title":"t","published_at":"0001-01-01T00:00:00Z","entities":[{"name":"x","type":"tool","y":[ 1 ]}]}`,
	} {
		f.Add([]byte(s))
	}
	limits := corpus.Limits{Body: 1 << 12, Text: 1 << 10, List: 20, Depth: 5, Payload: 1 << 10, Extra: 1 << 10}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := corpus.DecodePost(data, limits)
		if err != nil {
			if _, ok := errors.AsType[*corpus.FieldError](err); !ok {
				t.Fatalf("%v is not a *FieldError", err)
			}
			return
		}
		if !json.Valid(data) {
			t.Fatalf("took what is not JSON: %q", data)
		}
		line := corpus.AppendPost(nil, &p)
		again, err := corpus.DecodePost(line, limits)
		if err != nil {
			t.Fatalf("cannot read back %s: %v", line, err)
		}
		if d := cmp.Diff(p, again); d != "" {
			t.Fatalf("read back another post (-first +again):\n%s", d)
		}
		c := corpus.AppendCanonical(nil, &p)
		if !json.Valid(c) {
			t.Fatalf("the canonical form is not JSON: %s", c)
		}
		q, err := corpus.DecodePost(c, corpus.Limits{})
		if err != nil {
			t.Fatalf("cannot read the canonical form %s: %v", c, err)
		}
		if string(corpus.AppendCanonical(nil, &q)) != string(c) {
			t.Fatalf("the canonical form of %s is not canonical", c)
		}
	})
}
