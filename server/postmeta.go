package server

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"alphanode/corpus"
	"alphanode/ranking"
)

// metaRow is one row of the post meta box.
type metaRow struct {
	Label string
	Value metaValue
}

// metaValue is a text, a list, or a list of labelled values, nested at will.
type metaValue struct {
	Text string
	// Link is the text when it is an address that can be followed.
	Link   string
	Note   string // "computed" for a score that the post does not give
	List   []metaValue
	Fields []metaRow
}

// IsText reports whether the value has no parts.
func (v metaValue) IsText() bool { return v.List == nil && v.Fields == nil }

// flatText is the longest text of a list that is shown in rows, side by side.
const flatText = 32

// Flat reports whether the value is a list of short texts.
func (v metaValue) Flat() bool {
	for _, item := range v.List {
		if !item.IsText() || utf8.RuneCountInString(item.Text) > flatText {
			return false
		}
	}
	return true
}

// metaDepth bounds nesting; deeper values are shown as JSON.
const metaDepth = 40

// postMeta is every field of the post but title and body, in the order of its
// JSON, with the scores completed.
func postMeta(p *corpus.Post, scores ranking.Scores) []metaRow {
	shown := *p
	shown.Title, shown.Body, shown.Score = "", "", nil
	shown.Hash = p.EffectiveHash()
	data, err := json.Marshal(&shown)
	if err != nil {
		return []metaRow{{Label: "id", Value: metaValue{Text: p.ID}}}
	}
	rows := decodeMeta(data).Fields
	at := min(scoreRow(rows), len(rows))
	rest := append([]metaRow{{Label: "score", Value: scoreMeta(scores)}}, rows[at:]...)
	return append(rows[:at:at], rest...)
}

// scoreRow is where the scores go: where the post's own JSON has them.
func scoreRow(rows []metaRow) int {
	for i, row := range rows {
		switch row.Label {
		case "revision", "flags", "entities", "images", "payload", "extra":
			return i
		}
	}
	return len(rows)
}

func scoreMeta(s ranking.Scores) metaValue {
	row := func(name string, sc ranking.Score) metaRow {
		v := metaValue{Text: strconv.FormatFloat(sc.Value, 'f', -1, 64)}
		if sc.Computed {
			v.Note = "computed"
		}
		return metaRow{name, v}
	}
	return metaValue{Fields: []metaRow{
		row("quality", s.Quality), row("freshness", s.Freshness), row("depth", s.Depth), row("clarity", s.Clarity),
	}}
}

// decodeMeta reads JSON and keeps the order of its members.
func decodeMeta(data []byte) metaValue {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	v, err := readMeta(dec, 0)
	if err != nil {
		return metaValue{Text: string(data)}
	}
	return v
}

func readMeta(dec *json.Decoder, depth int) (metaValue, error) {
	if depth > metaDepth {
		var raw json.RawMessage
		err := dec.Decode(&raw)
		return metaValue{Text: string(raw)}, err
	}
	token, err := dec.Token()
	if err != nil {
		return metaValue{}, err
	}
	switch token {
	case json.Delim('{'):
		return readFields(dec, depth)
	case json.Delim('['):
		return readList(dec, depth)
	}
	return scalar(token), nil
}

func readFields(dec *json.Decoder, depth int) (metaValue, error) {
	v := metaValue{Fields: []metaRow{}}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return v, err
		}
		value, err := readMeta(dec, depth+1)
		if err != nil {
			return v, err
		}
		label, _ := name.(string)
		v.Fields = append(v.Fields, metaRow{strings.ReplaceAll(label, "_", " "), value})
	}
	_, err := dec.Token()
	return v, err
}

func readList(dec *json.Decoder, depth int) (metaValue, error) {
	v := metaValue{List: []metaValue{}}
	for dec.More() {
		value, err := readMeta(dec, depth+1)
		if err != nil {
			return v, err
		}
		v.List = append(v.List, value)
	}
	_, err := dec.Token()
	return v, err
}

// scalar is a string, number, true, false or null as text.
func scalar(token json.Token) metaValue {
	switch t := token.(type) {
	case string:
		v := metaValue{Text: t}
		if external(t) && !strings.ContainsAny(t, " \n") {
			v.Link = t
		}
		return v
	case json.Number:
		return metaValue{Text: t.String()}
	case bool:
		if t {
			return metaValue{Text: "yes"}
		}
		return metaValue{Text: "no"}
	}
	return metaValue{Text: "none"}
}
