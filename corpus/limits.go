package corpus

// MaxID is the longest id in bytes. It is part of the format, not a setting.
const MaxID = 512

// Limits bound what one post may hold. A zero field means its default, so the
// zero Limits are [DefaultLimits]. All sizes are bytes of UTF-8.
type Limits struct {
	// Record bounds the JSON of a whole post. Default 16 MiB.
	Record int
	// Body bounds body. Default 4 MiB.
	Body int
	// Text bounds every other free text: title, summary, brief, the entries of
	// checklist and notes, outline texts and image captions. Default 64 KiB.
	Text int
	// Name bounds values that are facets or labels: topic, tags, stack, tools,
	// authors, series, entity names and the like. Default 1 KiB.
	Name int
	// URL bounds url and the addresses of images. Default 8 KiB.
	URL int
	// List bounds the number of entries of every list. Default 1,000.
	List int
	// Payload bounds the JSON of payload. Default 256 KiB.
	Payload int
	// Extra bounds the JSON of all members of extra together. Default 256 KiB.
	Extra int
	// Depth bounds the nesting of payload and of each member of extra: a plain
	// value has depth 0, an object or list of plain values depth 1. Default 32.
	Depth int
}

// DefaultLimits returns the documented limits.
func DefaultLimits() Limits {
	return Limits{
		Record:  16 << 20,
		Body:    4 << 20,
		Text:    64 << 10,
		Name:    1 << 10,
		URL:     8 << 10,
		List:    1000,
		Payload: 256 << 10,
		Extra:   256 << 10,
		Depth:   32,
	}
}

// orDefault fills zero and negative fields with the defaults.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	pick := func(v, def int) int {
		if v > 0 {
			return v
		}
		return def
	}
	return Limits{
		Record: pick(l.Record, d.Record), Body: pick(l.Body, d.Body), Text: pick(l.Text, d.Text),
		Name: pick(l.Name, d.Name), URL: pick(l.URL, d.URL), List: pick(l.List, d.List),
		Payload: pick(l.Payload, d.Payload), Extra: pick(l.Extra, d.Extra), Depth: pick(l.Depth, d.Depth),
	}
}
