package importer

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alphanode/corpus"
)

// metaNames are the labels of the box. In the saved text a label and its value
// stand on one line with nothing between, so they are told apart by this list.
//
//nolint:gochecknoglobals // immutable table
var metaNames = func() []string {
	list := []string{
		"topic", "summary", "ai outline", "outline", "ai brief", "brief", "stack", "tools", "code language", "difficulty", "reading time",
		"view count", "score", "revision", "reference", "hash", "flags", "checklist", "entities", "image sources", "images", "payload",
		"notes", "tags", "author", "authors", "series", "category", "categories", "language", "published at", "updated at", "published",
		"updated", "date", "url",
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return list
}()

// box reads the lines of the meta box into meta: a text, a list of texts, or a
// list of maps for each label.
func (p *pageParser) box(lines []string) {
	p.meta = make(map[string]any)
	for i := 0; i < len(lines); {
		line := lines[i]
		i++
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value := cutLabel(line)
		from := i
		for i < len(lines) && (isBullet(lines[i]) || strings.TrimSpace(lines[i]) == "" || indentOf(lines[i]) > 0) {
			i++
		}
		p.member(name, value, nonEmptyRaw(lines[from:i]))
	}
}

func nonEmptyRaw(lines []string) (out []string) {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			out = append(out, l)
		}
	}
	return out
}

// cutLabel parts "reading time10" and "reading time: 10". A line that begins with
// no known label is a label itself, or one before a tab or colon.
func cutLabel(line string) (name, value string) {
	line = strings.TrimSpace(line)
	lower := strings.ToLower(line)
	for _, label := range metaNames {
		if strings.HasPrefix(lower, label) {
			return label, strings.TrimSpace(strings.TrimLeft(line[len(label):], ":\t "))
		}
	}
	if name, value, ok := strings.Cut(line, "\t"); ok {
		return strings.TrimSpace(name), strings.TrimSpace(value)
	}
	if name, value, ok := strings.Cut(line, ": "); ok {
		return strings.TrimSpace(name), strings.TrimSpace(value)
	}
	return line, ""
}

// member notes one label. A label that comes twice keeps both values.
func (p *pageParser) member(name, value string, bullets []string) {
	var v any = value
	switch {
	case len(bullets) > 0 && value != "":
		v = append([]any{value}, bulletTexts(bullets)...)
	case len(bullets) > 0:
		v = bulletTexts(bullets)
	}
	if old, ok := p.meta[name]; ok {
		v = []any{old, v}
	} else {
		p.order = append(p.order, name)
	}
	p.meta[name] = v
}

func bulletTexts(lines []string) []any {
	out := make([]any, 0, len(lines))
	for _, line := range lines {
		if text := bulletText(line); isBullet(line) || len(out) == 0 {
			out = append(out, text)
		} else if last, ok := out[len(out)-1].(string); ok {
			out[len(out)-1] = last + " " + text // A line that was wrapped.
		}
	}
	return out
}

// mapLabels are the labels whose bullets are "name: value"; those of listLabels
// are maps one after the other, each beginning with the same name.
//
//nolint:gochecknoglobals // immutable tables
var (
	mapLabels  = map[string]bool{"score": true, "revision": true, "flags": true, "payload": true}
	listLabels = map[string]bool{"entities": true, "image sources": true, "images": true}
)

// fill gives the members of the box to the post.
func (p *pageParser) fill() {
	fields := make(map[string]any)
	for _, name := range p.order {
		value := p.meta[name]
		bullets, _ := value.([]any)
		switch {
		case bullets == nil:
			fields[name] = value
		case name == "payload":
			p.payload(bullets)
		case mapLabels[name]:
			fields[name] = typed(bullets, name != "revision")
		case listLabels[name]:
			fields[name] = records(bullets)
		case strings.HasSuffix(name, "outline"):
			fields[name] = outlineItems(bullets)
		default:
			fields[name] = value
		}
	}
	p.lists(fields)
	p.apply(fields)
	p.identify()
}

// lists makes a list of what the post has as a list, so that a comma in it does
// not part it.
func (p *pageParser) lists(fields map[string]any) {
	for _, name := range []string{"stack", "tools", "checklist", "notes"} {
		if s, ok := fields[name].(string); ok && s != "" {
			fields[name] = []any{s}
		}
	}
}

// typed reads "name: value" lines, numbers as numbers where the fields are.
func typed(bullets []any, numbers bool) map[string]any {
	_, object := pairs(bullets)
	for name, value := range object {
		if s, ok := value.(string); ok && numbers && isNumber(s) {
			object[name] = json.Number(s)
		}
	}
	return object
}

// isNumber reports a decimal number as JSON writes it.
func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && json.Valid([]byte(s))
}

// payload keeps the members in their order, numbers as numbers.
func (p *pageParser) payload(bullets []any) {
	order, object := pairs(bullets)
	members := make(map[string]any, len(object))
	for name, value := range object {
		members[name] = numberOrText(value)
	}
	raw := orderedObject(order, members)
	if len(raw) > corpus.DefaultLimits().Payload {
		p.warning("payload", errTooLarge)
		return
	}
	p.post.Payload = raw
}

func numberOrText(v any) any {
	s, _ := v.(string)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && strconv.FormatInt(n, 10) == s {
		return n
	}
	return v
}

// pairs reads "name: value" lines; a line without a name is kept as "1", "2", ...
func pairs(bullets []any) (order []string, object map[string]any) {
	object = make(map[string]any)
	for _, b := range bullets {
		s, _ := b.(string)
		name, value, ok := strings.Cut(s, ":")
		name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
		if !ok || name == "" {
			name, value = strconv.Itoa(len(order)+1), s
		}
		for _, taken := object[name]; taken; _, taken = object[name] {
			name += "_"
		}
		order = append(order, name)
		object[name] = strings.TrimSpace(value)
	}
	return order, object
}

// records cuts "name: value" lines into maps: a name that comes again begins the
// next.
func records(bullets []any) []any {
	var out []any
	current := make(map[string]any)
	for _, b := range bullets {
		s, _ := b.(string)
		name, value, ok := strings.Cut(s, ":")
		name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
		if !ok {
			name, value = "name", s
		}
		if _, again := current[name]; again {
			out = append(out, current)
			current = make(map[string]any)
		}
		current[name] = strings.TrimSpace(value)
	}
	if len(current) > 0 {
		out = append(out, current)
	}
	return out
}

// outlineItems reads "label: text" lines.
func outlineItems(bullets []any) []any {
	var out []any
	for _, b := range bullets {
		s, _ := b.(string)
		label, text, ok := strings.Cut(s, ":")
		if !ok {
			label, text = "", s
		}
		out = append(out, map[string]any{"label": strings.TrimSpace(label), "text": strings.TrimSpace(text)})
	}
	return out
}

// identify takes the id from the payload, where the site's own id of the post
// is, or else the reference.
func (p *pageParser) identify() {
	var payload map[string]any
	_ = json.Unmarshal(p.post.Payload, &payload) // Absent or an object.
	for _, name := range slices.Sorted(maps.Keys(payload)) {
		if s, ok := payload[name].(string); ok && name == "source_id" && corpus.ValidID(s) == nil {
			p.post.ID = s
			return
		}
	}
	if corpus.ValidID(p.post.Reference) == nil {
		p.post.ID = p.post.Reference
	}
}
