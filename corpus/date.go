package corpus

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Date is a day or an instant. It remembers which it was given, so that what was
// written as a day is written as a day again, and an instant in its own offset and
// to its own fraction of a second. The zero Date is absent.
type Date struct {
	t       time.Time
	instant bool
	given   bool
}

// ParseDate reads RFC 3339 ("2023-04-19T10:00:00Z") or a day ("2023-04-19").
func ParseDate(s string) (Date, error) {
	if len(s) == len(time.DateOnly) {
		if t, err := time.Parse(time.DateOnly, s); err == nil && t.Year() > 0 {
			return Date{t: t, given: true}, nil
		}
	}
	t, err := parseInstant(s)
	if err != nil {
		return Date{}, fmt.Errorf("date %.40q is neither RFC 3339 nor YYYY-MM-DD", s)
	}
	return InstantOf(t), nil
}

// parseInstant reads RFC 3339 to the letter. time.Parse also takes hours of one digit, a
// comma before the fraction and offsets of a day or more.
func parseInstant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, err
	}
	const hourEnd = len("2006-01-02T15")
	_, offset := t.Zone()
	day := 24 * 60 * 60
	if s[hourEnd] != ':' || strings.Contains(s, ",") || offset <= -day || offset >= day || !inYears(t) {
		return t, fmt.Errorf("%q is not RFC 3339", s)
	}
	return t, nil
}

// DayOf returns the Date of the UTC day of t; the zero Date for the zero time.
func DayOf(t time.Time) Date {
	y, m, d := t.UTC().Date()
	return Date{t: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), given: !t.IsZero()}
}

// InstantOf returns the Date that is exactly t; the zero Date for the zero time.
func InstantOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC() // RFC 3339 has no seconds in an offset.
	}
	return Date{t: t.Round(0), instant: true, given: true}
}

// IsZero reports whether the date is absent.
func (d Date) IsZero() bool { return !d.given }

// Equal reports whether both are written the same.
func (d Date) Equal(other Date) bool { return d.String() == other.String() }

// Time is the instant in UTC; midnight for a day; the zero time when absent.
func (d Date) Time() time.Time { return d.t.UTC() }

// Day is the number of whole UTC days since the Unix epoch, negative before it.
func (d Date) Day() int32 {
	const day = 24 * 60 * 60
	sec := d.t.Unix()
	n := sec / day
	if sec%day < 0 {
		n--
	}
	return int32(n)
}

// String gives back the form that ParseDate reads; "" for the zero Date.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.instant:
		return d.t.Format(time.RFC3339Nano)
	default:
		return d.t.Format(time.DateOnly)
	}
}

// valid reports whether the string form can be read again.
func (d Date) valid() bool {
	if d.IsZero() {
		return true
	}
	_, err := ParseDate(d.String())
	return err == nil
}

// inYears reports whether t can be written in four digits of year, in its own
// offset and in UTC.
func inYears(t time.Time) bool {
	ok := func(y int) bool { return y >= 1 && y <= 9999 }
	return ok(t.Year()) && ok(t.UTC().Year())
}

// MarshalJSON writes the string form.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads the string form; "" is the zero Date.
func (d *Date) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("date must be a string: %w", err)
	}
	if s == "" {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(s)
	*d = parsed
	return err
}
