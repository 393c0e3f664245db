package importer

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"alphanode/corpus"
)

// difficulties maps the usual words to the values that the field takes.
//
//nolint:gochecknoglobals // immutable table
var difficulties = map[string]string{
	"beginner": corpus.Beginner, "easy": corpus.Beginner, "basic": corpus.Beginner, "introductory": corpus.Beginner,
	"intermediate": corpus.Intermediate, "medium": corpus.Intermediate,
	"advanced": corpus.Advanced, "hard": corpus.Advanced, "expert": corpus.Advanced,
}

func setDifficulty(m *mapper, v any) outcome {
	s, _ := scalar(v)
	value, ok := difficulties[strings.ToLower(s)]
	if !ok {
		return unfit
	}
	return m.setText(&m.post.Difficulty, value)
}

func setReadingTime(m *mapper, v any) outcome {
	if s, ok := v.(string); ok { // "7 min", "7 minutes read"
		v, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	}
	n, ok := number(v)
	if !ok {
		return unfit
	}
	return setNumber(m, &m.post.ReadingTime, n)
}

func setViewCount(m *mapper, v any) outcome {
	n, ok := number(v)
	if !ok || n != math.Trunc(n) || n > 1<<53 {
		return unfit
	}
	return setNumber(m, &m.post.ViewCount, int64(n))
}

func setNumber[T any](m *mapper, field **T, n T) outcome {
	if *field != nil {
		return taken
	}
	if *field = &n; !m.valid() {
		*field = nil
		return unfit
	}
	return fits
}

// number reads a number that is not negative, as a number or as text.
func number(v any) (float64, bool) {
	s, ok := scalar(v)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && n >= 0 && !math.IsInf(n, 0)
}

func dateOf(v any) (corpus.Date, bool) {
	if t, ok := v.(time.Time); ok {
		return timeDate(t), !t.IsZero()
	}
	s, ok := dateText(v)
	if !ok {
		return corpus.Date{}, false
	}
	return parseDate(s)
}

// dateText is the text of a date: also of the local dates of TOML, which print
// themselves, and of a year that YAML read as a number.
func dateText(v any) (string, bool) {
	if s, ok := v.(fmt.Stringer); ok {
		return s.String(), true
	}
	return scalar(v)
}

// timeDate is a day where the time of day is midnight in UTC.
func timeDate(t time.Time) corpus.Date {
	if _, offset := t.Zone(); offset == 0 && t.Equal(t.Truncate(24*time.Hour)) {
		return corpus.DayOf(t)
	}
	return corpus.InstantOf(t)
}

// dayLayouts and timeLayouts are the usual forms of dates. Day and month that
// could be either way round are read month first, as in "05/09/2022": May 9. A
// month or year alone is its first day.
//
//nolint:gochecknoglobals // immutable table
var dayLayouts = []string{
	time.DateOnly, "2006-1-2", "2006/01/02", "2006/1/2", "2006.01.02", "20060102",
	"01/02/2006", "1/2/2006", "02/01/2006", "2/1/2006", "01/02/06", "2.1.2006", "02-01-2006",
	"January 2, 2006", "January 2 2006", "Jan 2, 2006", "Jan. 2, 2006", "Jan 2 2006",
	"2 January 2006", "2 Jan 2006", "02-Jan-2006", "Monday, January 2, 2006", "Mon, 2 Jan 2006",
	"January, 2006", "January 2006", "Jan, 2006", "Jan 2006", "2006-01", "2006/01", "2006",
}

//nolint:gochecknoglobals // immutable table
var timeLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04 -0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 2006 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04",
	"2006-01-02 15:04", "2006/01/02 15:04:05", "2006/01/02 15:04", time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05 MST", time.RFC850, time.ANSIC, time.UnixDate, time.RubyDate, "January 2, 2006 15:04", "Jan 2, 2006 15:04:05",
	"January 2, 2006 3:04 PM", "1/2/2006 15:04:05", "1/2/2006 3:04:05 PM",
}

// shortZone is an offset of one digit, "-4"; ordinal is that of "March 3rd".
var (
	shortZone = regexp.MustCompile(`(:\d\d [+-])(\d)$`)
	ordinal   = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)\b`)
)

// longestDate bounds the text that is tried as a date.
const longestDate = 64

func parseDate(s string) (corpus.Date, bool) {
	if len(s) > longestDate {
		return corpus.Date{}, false
	}
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, ",", ", ")), " ")
	s = ordinal.ReplaceAllString(shortZone.ReplaceAllString(s, "${1}0${2}00"), "$1")
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return corpus.DayOf(t), true
		}
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return timeDate(t), true
		}
	}
	return corpus.Date{}, false
}

func hasBlankLine(s string) bool {
	return strings.Contains(s, "\n\n") || strings.Contains(s, "\r\n\r\n")
}
