package corpus

import (
	"encoding/json"
	"fmt"
	"time"
)

// Date is a day or an instant. It remembers which it was given, so that what was
// written as a day is written as a day again. The zero Date is absent.
type Date struct {
	t       time.Time
	instant bool
}

// ParseDate reads RFC 3339 ("2023-04-19T10:00:00Z") or a day ("2023-04-19").
func ParseDate(s string) (Date, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return Date{t: t}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q is neither RFC 3339 nor YYYY-MM-DD", s)
	}
	return Date{t: t, instant: true}, nil
}

// DayOf returns the Date of the UTC day of t.
func DayOf(t time.Time) Date { return Date{t: t.UTC().Truncate(24 * time.Hour)} }

// InstantOf returns the Date that is exactly t.
func InstantOf(t time.Time) Date { return Date{t: t, instant: true} }

// IsZero reports whether the date is absent.
func (d Date) IsZero() bool { return d.t.IsZero() }

// Time is the instant in UTC; midnight for a day.
func (d Date) Time() time.Time { return d.t.UTC() }

// Day is the number of whole UTC days since the Unix epoch.
func (d Date) Day() int32 { return int32(d.t.UTC().Unix() / 86400) }

// String gives back the form that ParseDate reads; "" for the zero Date.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.instant:
		return d.t.Format(time.RFC3339)
	default:
		return d.t.Format(time.DateOnly)
	}
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
