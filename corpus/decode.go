package corpus

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// DecodePost reads one post from its JSON and validates it within limits.
//
// Reading is strict: a value of the wrong type, a member given twice, a size over
// its limit or anything after the object is an error, and every error is a
// *[FieldError] that names the member by its path. null is the same as absent, and
// so are an empty string, an empty list and an object without members.
//
// Members whose names are not fields of a post are kept under Extra, those of an
// inner object under their path ("revision.editor", "entities[0].wiki"). The
// members of an extra object are merged with them; the same name from both is an
// error. Payload and the values of Extra are kept as they are written, less the
// white space between their parts. The post shares no memory with data.
func DecodePost(data []byte, limits Limits) (Post, error) {
	limits = limits.orDefault()
	p, err := decodePost(data, limits)
	if err == nil {
		err = p.Validate(limits)
	}
	if err != nil {
		return Post{}, asField(err)
	}
	return p, nil
}

// decodePost reads without validating: what is stored was valid when it was written,
// and stays readable when the rules change.
func decodePost(data []byte, limits Limits) (Post, error) {
	d := decoder{reader: reader{data: data, limits: limits}}
	if err := d.record(); err != nil {
		return Post{}, asField(err)
	}
	d.post.normalize()
	return d.post, nil
}

// decoder reads a post.
type decoder struct {
	reader

	post Post
	// extra is the size of Post.Extra so far.
	extra int
}

func (d *decoder) record() error {
	if len(d.data) > d.limits.Record {
		return tooLong(len(d.data), d.limits.Record)
	}
	if err := d.object(d.member); err != nil {
		return err
	}
	return d.end()
}

// member reads one member of the post.
func (d *decoder) member(key []byte) error {
	p := &d.post
	switch string(key) {
	case "id":
		return d.str(key, &p.ID)
	case "url":
		return d.str(key, &p.URL)
	case "reference":
		return d.str(key, &p.Reference)
	case "hash":
		return d.str(key, &p.Hash)
	case "title":
		return d.str(key, &p.Title)
	case "summary":
		return d.str(key, &p.Summary)
	case "body":
		return d.str(key, &p.Body)
	case "body_format":
		return d.str(key, (*string)(&p.BodyFormat))
	case "brief":
		return d.str(key, &p.Brief)
	case "lang":
		return d.str(key, &p.Lang)
	case "topic":
		return d.str(key, &p.Topic)
	case "code_language":
		return d.str(key, &p.CodeLanguage)
	case "difficulty":
		return d.str(key, &p.Difficulty)
	case "series":
		return d.str(key, &p.Series)
	case "published_at":
		return d.date(key, &p.PublishedAt)
	case "updated_at":
		return d.date(key, &p.UpdatedAt)
	case "reading_time":
		return d.num(key, &p.ReadingTime)
	case "view_count":
		return d.count(key, &p.ViewCount)
	default:
		return d.nested(key)
	}
}

// nested reads one member of the post that is a list or an object, or is unknown.
func (d *decoder) nested(key []byte) error {
	p := &d.post
	switch string(key) {
	case "checklist":
		return d.strs(key, &p.Checklist)
	case "notes":
		return d.strs(key, &p.Notes)
	case "tags":
		return d.strs(key, &p.Tags)
	case "stack":
		return d.strs(key, &p.Stack)
	case "tools":
		return d.strs(key, &p.Tools)
	case "author":
		return d.oneOrMore(key, &p.Author)
	case "outline":
		return d.items(key, d.outlineItem)
	case "entities":
		return d.items(key, d.entity)
	case "images":
		return d.items(key, d.image)
	case "score":
		return d.inner(key, d.score)
	case "revision":
		return d.inner(key, d.revision)
	case "flags":
		return d.inner(key, d.flag)
	case "payload":
		return d.payload(key)
	case "extra":
		return d.inner(key, func(name []byte) error { return d.keep(name, "") })
	default:
		return d.keep(key, "")
	}
}

func (d *decoder) outlineItem() error {
	var v OutlineItem
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "label":
			return d.str(key, &v.Label)
		case "text":
			return d.str(key, &v.Text)
		}
		return d.keepItem("outline", len(d.post.Outline), key)
	})
	d.post.Outline = append(d.post.Outline, v)
	return err
}

func (d *decoder) entity() error {
	var v Entity
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "name":
			return d.str(key, &v.Name)
		case "type":
			return d.str(key, &v.Type)
		}
		return d.keepItem("entities", len(d.post.Entities), key)
	})
	d.post.Entities = append(d.post.Entities, v)
	return err
}

func (d *decoder) image() error {
	var v Image
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "source":
			return d.str(key, &v.Source)
		case "url":
			return d.str(key, &v.URL)
		case "caption":
			return d.str(key, &v.Caption)
		}
		return d.keepItem("images", len(d.post.Images), key)
	})
	d.post.Images = append(d.post.Images, v)
	return err
}

func (d *decoder) score(key []byte) error {
	if d.post.Score == nil {
		d.post.Score = new(Score)
	}
	switch string(key) {
	case "quality":
		return d.num(key, &d.post.Score.Quality)
	case "freshness":
		return d.num(key, &d.post.Score.Freshness)
	case "depth":
		return d.num(key, &d.post.Score.Depth)
	case "clarity":
		return d.num(key, &d.post.Score.Clarity)
	}
	return d.keep(key, "score.")
}

func (d *decoder) revision(key []byte) error {
	if d.post.Revision == nil {
		d.post.Revision = new(Revision)
	}
	switch string(key) {
	case "status":
		return d.str(key, (*string)(&d.post.Revision.Status))
	case "version":
		return d.str(key, &d.post.Revision.Version)
	case "last_reviewed":
		return d.date(key, &d.post.Revision.LastReviewed)
	}
	return d.keep(key, "revision.")
}

func (d *decoder) flag(key []byte) error {
	if d.post.Flags == nil {
		d.post.Flags = new(Flags)
	}
	switch string(key) {
	case "ai_generated_style":
		return d.boolean(key, &d.post.Flags.AIGeneratedStyle)
	case "has_images":
		return d.boolean(key, &d.post.Flags.HasImages)
	case "image_heavy":
		return d.boolean(key, &d.post.Flags.ImageHeavy)
	case "needs_human_review":
		return d.boolean(key, &d.post.Flags.NeedsHumanReview)
	}
	return d.keep(key, "flags.")
}

// keep reads the value of an unknown member into Post.Extra, under its name with
// the path of the object that it is in.
func (d *decoder) keep(key []byte, path string) error {
	name := path + string(key)
	raw, err := d.raw(d.limits.Extra)
	if err == nil {
		err = d.addExtra(name, raw)
	}
	if err != nil {
		return in(string(key), err)
	}
	return nil
}

func (d *decoder) addExtra(name string, raw json.RawMessage) error {
	if _, ok := d.post.Extra[name]; ok {
		return fmt.Errorf("%.40q is given both inside and outside of extra", name)
	}
	if d.extra += extraSize(name, raw); d.extra > d.limits.Extra {
		return fmt.Errorf("extra %w", tooLong(d.extra, d.limits.Extra))
	}
	if d.post.Extra == nil {
		d.post.Extra = make(map[string]json.RawMessage)
	}
	d.post.Extra[name] = raw
	return nil
}

// keepItem is keep for a member of entry i of a list.
func (d *decoder) keepItem(list string, i int, key []byte) error {
	return d.keep(key, list+"["+strconv.Itoa(i)+"].")
}

// extraSize is what one member of extra counts towards the limit: its JSON.
func extraSize(name string, raw []byte) int { return len(name) + len(`"":,`) + len(raw) }
