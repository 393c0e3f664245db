package corpus_test

// The claims:
//  1. A date is written as it was given; what is not a date is refused.
//  2. Day counts whole UTC days, before the epoch too.
//  3. The types with a JSON of their own read it through encoding/json as well.

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
)

func TestParseDate(t *testing.T) {
	for _, tc := range []struct {
		in  string
		day int32 // Of date -u -d IN +%s, divided by 86400.
		utc string
	}{
		{"1970-01-01", 0, "1970-01-01T00:00:00Z"},
		{"1969-12-31", -1, "1969-12-31T00:00:00Z"},
		{"1969-12-31T23:59:59.5Z", -1, "1969-12-31T23:59:59.5Z"},
		{"2023-04-19", 19466, "2023-04-19T00:00:00Z"},
		{"2023-04-19T00:30:00+02:00", 19465, "2023-04-18T22:30:00Z"},
		{"2024-02-29T23:59:59.123456789-05:30", 19783, "2024-03-01T05:29:59.123456789Z"},
		{"0001-01-01", -719162, "0001-01-01T00:00:00Z"},
		{"9999-12-31", 2932896, "9999-12-31T00:00:00Z"},
	} {
		d := date(t, tc.in)
		if d.String() != tc.in || d.Day() != tc.day || d.Time().Format(time.RFC3339Nano) != tc.utc || d.IsZero() {
			t.Errorf("%s: %s, day %d, %s; want day %d, %s", tc.in, d, d.Day(), d.Time(), tc.day, tc.utc)
		}
	}
	for _, bad := range []string{
		"", "2023", "2023-4-19", "2023-02-30", "2023-04-19 10:00:00", "2023-04-19T10:00:00", "2023-04-19T10:00:00,5Z", "2023-04-19T1:00:00Z",
		"2023-04-19T24:00:00Z", "2023-04-19T10:00:00+24:00", "0000-01-01", "0000-12-31T00:00:00Z", "9999-12-31T23:00:00-02:00", "20230419",
	} {
		if d, err := corpus.ParseDate(bad); err == nil {
			t.Errorf("ParseDate(%q) = %s", bad, d)
		}
	}
}

func TestDateOfTime(t *testing.T) {
	at := time.Date(2023, 4, 19, 1, 0, 0, 0, time.FixedZone("", 2*60*60))
	if got := corpus.DayOf(at).String(); got != "2023-04-18" {
		t.Errorf("DayOf: %s", got)
	}
	if got := corpus.InstantOf(at).String(); got != "2023-04-19T01:00:00+02:00" {
		t.Errorf("InstantOf: %s", got)
	}
	odd := time.Date(1890, 1, 1, 0, 0, 0, 0, time.FixedZone("LMT", 53*60+28))
	if got := corpus.InstantOf(odd); got.String() != "1889-12-31T23:06:32Z" || !got.Equal(date(t, got.String())) {
		t.Errorf("InstantOf with seconds in the offset: %s", got)
	}
	if !corpus.DayOf(time.Time{}).IsZero() || !corpus.InstantOf(time.Time{}).IsZero() || (corpus.Date{}).String() != "" {
		t.Error("the zero time is not the zero date")
	}
	// A post with a date that cannot be written is refused.
	p := corpus.Post{ID: "a", Title: "t", UpdatedAt: corpus.InstantOf(time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC))}
	if err := p.Validate(corpus.Limits{}); err == nil {
		t.Error("the year 10000 was taken")
	}
}

func TestEncodingJSON(t *testing.T) {
	type all struct {
		Day    corpus.Date
		None   corpus.Date
		Author corpus.StringList
		Flags  corpus.Flags
	}
	want := all{Day: date(t, "2023-04-19"), Author: corpus.StringList{"x"}, Flags: corpus.Flags{HasImages: true, ImageHeavy: true}}
	for _, in := range []string{
		`{"Day":"2023-04-19","None":"","Author":"x","Flags":{"has_images":1,"image_heavy":true,"needs_human_review":0,"other":[]}}`,
		`{"Day":"2023-04-19","Author":["x"],"Flags":{"has_images":true,"image_heavy":1,"ai_generated_style":null}}`,
	} {
		var got all
		if err := json.Unmarshal([]byte(in), &got); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", in, d)
		}
		line, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var again all
		if err := json.Unmarshal(line, &again); err != nil || !cmp.Equal(want, again) {
			t.Errorf("%s is read back as %+v, %v", line, again, err)
		}
	}
	for _, bad := range []string{`{"Day":7}`, `{"Day":"x"}`, `{"Author":7}`, `{"Author":[7]}`, `{"Flags":[]}`, `{"Flags":{"has_images":"yes"}}`, `{"Flags":{"has_images":3}}`} {
		var got all
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s was taken as %+v", bad, got)
		}
	}
}
