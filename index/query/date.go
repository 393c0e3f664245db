package query

import (
	"time"
)

// dateUnit is one precision with which a date is written.
type dateUnit struct {
	layout string
	starts func(time.Time) bool      // whether t is the first second of a unit
	next   func(time.Time) time.Time // the first second after the unit that starts at t
	before func(time.Time) time.Time // the start of the unit that ends at t
}

//nolint:gochecknoglobals // immutable table
var dateUnits = []dateUnit{
	{"2006", isYearStart, addDate(1, 0, 0), addDate(-1, 0, 0)},
	{"2006-01", isMonthStart, addDate(0, 1, 0), addDate(0, -1, 0)},
	{time.DateOnly, isDayStart, addDate(0, 0, 1), addDate(0, 0, -1)},
	{time.RFC3339, func(time.Time) bool { return true }, addSecond(1), addSecond(-1)},
}

func isDayStart(t time.Time) bool   { return t.Unix()%86400 == 0 }
func isMonthStart(t time.Time) bool { return isDayStart(t) && t.Day() == 1 }
func isYearStart(t time.Time) bool  { return isMonthStart(t) && t.Month() == time.January }

func addDate(years, months, days int) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.AddDate(years, months, days) }
}

func addSecond(n int) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Add(time.Duration(n) * time.Second) }
}

// parseDate reads a year, month, day or instant and gives the seconds at which
// it starts and after which it ends.
func parseDate(s string) (first, after float64, ok bool) {
	for _, u := range dateUnits {
		t, err := time.Parse(u.layout, s)
		if err != nil {
			continue
		}
		t = t.UTC().Truncate(time.Second)
		if t.Year() < 1 || t.Year() > 9998 {
			return 0, 0, false
		}
		return float64(t.Unix()), float64(u.next(t).Unix()), true
	}
	return 0, 0, false
}
