package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// The readers of single values. Each takes the member's name for its error and
// leaves the value as it is when the JSON says null.

func (d *decoder) str(key []byte, v *string) error {
	if d.null() {
		return nil
	}
	s, err := d.text()
	if err != nil {
		return in(string(key), err)
	}
	*v = s
	return nil
}

func (d *decoder) strs(key []byte, v *[]string) error {
	if d.null() {
		return nil
	}
	err := d.list(func(int) error {
		s, err := d.text()
		if err != nil {
			return err
		}
		*v = append(*v, s)
		return nil
	})
	if err != nil {
		return in(string(key), err)
	}
	return nil
}

// oneOrMore reads a list of strings or a single one.
func (d *decoder) oneOrMore(key []byte, v *StringList) error {
	if d.next() != '"' {
		return d.strs(key, (*[]string)(v))
	}
	s, err := d.text()
	if err != nil {
		return in(string(key), err)
	}
	if s != "" {
		*v = StringList{s}
	}
	return nil
}

// items reads a list of objects, each by item.
func (d *decoder) items(key []byte, item func() error) error {
	if d.null() {
		return nil
	}
	if err := d.list(func(int) error { return item() }); err != nil {
		return in(string(key), err)
	}
	return nil
}

// inner reads an object whose members are read by member.
func (d *decoder) inner(key []byte, member func(key []byte) error) error {
	if d.null() {
		return nil
	}
	if err := d.object(member); err != nil {
		return in(string(key), err)
	}
	return nil
}

func (d *decoder) num(key []byte, v **float64) error {
	if d.null() {
		return nil
	}
	f, err := d.float()
	if err != nil {
		return in(string(key), err)
	}
	*v = &f
	return nil
}

// count reads a whole number, which may be written as 12, 12.0 or 1.2e1.
func (d *decoder) count(key []byte, v **int64) error {
	if d.null() {
		return nil
	}
	s, err := d.number()
	if err != nil {
		return in(string(key), err)
	}
	n, err := wholeNumber(s)
	if err != nil {
		return in(string(key), err)
	}
	*v = &n
	return nil
}

// maxWhole is the largest whole number that every JSON reader reads exactly.
const maxWhole = 1 << 53

func wholeNumber(s string) (int64, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n <= maxWhole && n >= -maxWhole {
		return n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f > maxWhole || f < -maxWhole {
		return 0, fmt.Errorf("%s is out of range", s)
	}
	if f != float64(int64(f)) {
		return 0, fmt.Errorf("must be a whole number, is %s", s)
	}
	return int64(f), nil
}

func (d *decoder) date(key []byte, v *Date) error {
	var s string
	if err := d.str(key, &s); err != nil || s == "" {
		return err
	}
	date, err := ParseDate(s)
	if err != nil {
		return in(string(key), err)
	}
	*v = date
	return nil
}

// boolean reads true, false, 1 or 0.
func (d *decoder) boolean(key []byte, v *bool) error {
	switch c := d.next(); {
	case d.null():
	case c == 't' && d.literal("true"):
		*v = true
	case c == 'f' && d.literal("false"):
		*v = false
	default:
		s, err := d.number()
		if err == nil && s != "0" && s != "1" {
			err = fmt.Errorf("must be true, false, 1 or 0, is %s", s)
		}
		if err != nil {
			return in(string(key), errFlag(err))
		}
		*v = s == "1"
	}
	return nil
}

// errFlag says what a flag may be when the value is of another type.
func errFlag(err error) error {
	if errors.Is(err, errEnd) {
		return err
	}
	return fmt.Errorf("%w (a flag is true, false, 1 or 0)", err)
}

func (d *decoder) payload(key []byte) error {
	if d.null() {
		return nil
	}
	if d.next() != '{' {
		return in(string(key), d.mismatch("an object"))
	}
	raw, err := d.raw(d.limits.Payload)
	if err != nil {
		return in(string(key), err)
	}
	d.post.Payload = raw
	return nil
}

// UnmarshalJSON reads a list of strings or a single string.
func (l *StringList) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) == nil {
		*l = list
		return nil
	}
	var one string
	if err := json.Unmarshal(data, &one); err != nil {
		return errors.New("must be a string or a list of strings")
	}
	*l = nil
	if one != "" {
		*l = StringList{one}
	}
	return nil
}

// UnmarshalJSON reads the flags, each given as true, false, 1 or 0.
func (f *Flags) UnmarshalJSON(data []byte) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return fmt.Errorf("flags: %w", err)
	}
	var out Flags
	for name, v := range map[string]*bool{
		"ai_generated_style": &out.AIGeneratedStyle,
		"has_images":         &out.HasImages,
		"image_heavy":        &out.ImageHeavy,
		"needs_human_review": &out.NeedsHumanReview,
	} {
		raw, ok := given[name]
		if !ok {
			continue
		}
		d := decoder{reader: reader{data: raw}}
		if err := d.boolean([]byte(name), v); err != nil {
			return err
		}
	}
	*f = out
	return nil
}
