package query

import (
	"math"
	"strconv"
	"strings"
)

// endpoint is one value of a range as the interval it stands for: a number is a
// point, a day is a day long.
type endpoint struct {
	first, last float64
	halfOpen    bool // last is the first second after
}

// parseRange reads what may follow the colon of a number, year or date: a value, a
// comparison (>80, <=10), or two values with .. between them, each of which may be
// absent, or excluded with > before the lower and < before the upper. An empty
// range is not ok unless swap exchanges its ends.
func parseRange(s string, typ Type, swap bool) (Range, bool) {
	if low, high, found := strings.Cut(s, ".."); found {
		return parseInterval(low, high, typ, swap)
	}
	op, rest := cutOperator(s)
	e, ok := parseEndpoint(rest, typ)
	if !ok {
		return Range{}, false
	}
	r := everything()
	switch op {
	case ">":
		r.atLeast(e, true)
	case ">=":
		r.atLeast(e, false)
	case "<":
		r.atMost(e, true)
	case "<=":
		r.atMost(e, false)
	default:
		r.atLeast(e, false)
		r.atMost(e, false)
	}
	return r, true
}

func parseInterval(low, high string, typ Type, swap bool) (Range, bool) {
	r := everything()
	lowOpen, highOpen := strings.HasPrefix(low, ">"), strings.HasPrefix(high, "<")
	low, high = strings.TrimPrefix(low, ">"), strings.TrimPrefix(high, "<")
	from, okFrom := parseEndpoint(low, typ)
	to, okTo := parseEndpoint(high, typ)
	if !okFrom && low != "" || !okTo && high != "" || low == "" && lowOpen || high == "" && highOpen {
		return Range{}, false
	}
	if okFrom && okTo && from.first > to.first {
		if !swap {
			return Range{}, false
		}
		from, to = to, from
		lowOpen, highOpen = highOpen, lowOpen
	}
	if okFrom {
		r.atLeast(from, lowOpen)
	}
	if okTo {
		r.atMost(to, highOpen)
	}
	return r, true
}

func everything() Range { return Range{Min: math.Inf(-1), Max: math.Inf(1)} }

// atLeast bounds the range below by e, or by its end when e itself is excluded.
func (r *Range) atLeast(e endpoint, exclude bool) {
	switch {
	case !exclude:
		r.Min = e.first
	case e.halfOpen:
		r.Min = e.last
	default:
		r.Min, r.MinOpen = e.last, true
	}
}

// atMost bounds the range above by e, or by its start when e itself is excluded.
func (r *Range) atMost(e endpoint, exclude bool) {
	if exclude {
		r.Max, r.MaxOpen = e.first, true
		return
	}
	r.Max, r.MaxOpen = e.last, e.halfOpen
}

func cutOperator(s string) (op, rest string) {
	for _, o := range [...]struct{ typed, op string }{
		{">=", ">="}, {"=>", ">="}, {"<=", "<="}, {"=<", "<="}, {"≥", ">="}, {"≤", "<="}, {">", ">"}, {"<", "<"}, {"=", ""},
	} {
		if rest, ok := strings.CutPrefix(s, o.typed); ok {
			return o.op, rest
		}
	}
	return "", s
}

func parseEndpoint(s string, typ Type) (endpoint, bool) {
	switch typ {
	case TypeDate:
		first, after, ok := parseDate(s)
		return endpoint{first, after, true}, ok
	case TypeYear:
		v, ok := parseNumber(s)
		return endpoint{v, v, false}, ok && len(s) == 4 && v == math.Trunc(v) && v >= 1
	default:
		v, ok := parseNumber(s)
		return endpoint{v, v, false}, ok
	}
}

// maxNumber keeps numbers where every whole one is exact.
const maxNumber = 1 << 53

// parseNumber reads a plain decimal number: no exponents, infinities or hex.
func parseNumber(s string) (float64, bool) {
	if s == "" || len(s) > 32 || strings.Trim(s, "0123456789.-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(v) > maxNumber {
		return 0, false
	}
	return v + 0, true // Adding 0 makes -0 into 0.
}
