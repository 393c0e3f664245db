package query

import "strings"

// field reads name:value where name is a keyword and the value fits its type.
// Otherwise it consumes nothing, except the name before a list that does not fit.
func (p *parser) field(sign byte) bool {
	key, typed, rest, ok := cutKeyword(p.rest)
	if !ok {
		return false
	}
	switch after, isQuoted := cutQuote(rest); {
	case isQuoted:
		value, rest, closed := quoted(after)
		if !closed {
			return false
		}
		return p.fields(key, []typedText{{value, true}}, rest, sign)
	case strings.HasPrefix(rest, "("):
		values, after, closed := list(rest[1:])
		if !closed || !p.fields(key, values, after, sign) {
			p.rest = rest[1:]
			p.ended = true
			p.word(typed+":", sign)
		}
		return true
	}
	sub := parser{rest: rest}
	value := sub.chunk()
	if !p.fields(key, []typedText{{value, false}}, sub.rest, sign) {
		return false
	}
	_, isWord := lastValue(p.items).(Word)
	p.finished = sub.ended || !isWord
	return true
}

// lastValue is the value of the last item, a field.
func lastValue(items []item) Value {
	nodes := items[len(items)-1].nodes
	return nodes[len(nodes)-1].(Field).Value //nolint:forcetypeassert // fields adds Field only
}

// typedText is the text of a value, and whether it stood between quotes.
type typedText struct {
	text     string
	isQuoted bool
}

// cutKeyword splits s after "name:" where name is a keyword.
func cutKeyword(s string) (key Keyword, typed, rest string, ok bool) {
	colon := strings.IndexByte(s, ':')
	if colon <= 0 || colon > maxKeyword {
		return Keyword{}, "", s, false
	}
	key, ok = LookupKeyword(s[:colon])
	return key, s[:colon], s[colon+1:], ok
}

// maxKeyword bounds the search for a colon; a test checks it.
const maxKeyword = 24

// list reads "a, b c, "d")" up to the closing parenthesis.
func list(s string) (values []typedText, rest string, ok bool) {
	for len(values) <= MaxTerms {
		s = strings.TrimLeftFunc(s, isSpace)
		var v typedText
		if after, isQuoted := cutQuote(s); isQuoted {
			v.isQuoted = true
			if v.text, s, ok = quoted(after); !ok {
				return nil, s, false
			}
			s = strings.TrimLeftFunc(s, isSpace)
		} else {
			end := strings.IndexFunc(s, func(r rune) bool { return r == ',' || r == ')' || isQuote(r) })
			if end < 0 {
				return nil, s, false
			}
			v.text, s = oneLine(s[:end]), s[end:]
		}
		values = append(values, v)
		switch {
		case strings.HasPrefix(s, ","):
			s = s[1:]
		case strings.HasPrefix(s, ")"):
			return values, s[1:], true
		default:
			return nil, s, false
		}
	}
	return nil, s, false
}

// fields adds one operand with a field term for each value; all values must fit.
func (p *parser) fields(key Keyword, values []typedText, rest string, sign byte) bool {
	nodes := make([]Node, 0, len(values))
	words := 0
	for _, v := range values {
		value, n, ok := fieldValue(key, v)
		if !ok {
			return false
		}
		nodes, words = append(nodes, Field{key.Field, value}), words+n
	}
	if words > p.budget {
		return false
	}
	p.rest = rest
	p.add(item{sign: sign, nodes: nodes}, words)
	return true
}

// fieldValue reads one value by the keyword's type and counts its words.
func fieldValue(key Keyword, v typedText) (Value, int, bool) {
	if v.text == "" || len(v.text) > MaxWordBytes {
		return nil, 0, false
	}
	switch key.Type {
	case TypeKeyword:
		return Word{v.text}, 1, true
	case TypeText:
		return textValue(v)
	default:
		r, ok := keywordRange(key, v.text, true)
		return r, 1, ok
	}
}

func textValue(v typedText) (Value, int, bool) {
	text := v.text
	if !v.isQuoted {
		text = oneLine(trimEnd(strings.TrimLeft(text, "( ")))
	}
	_, words := fit(text, MaxTerms+1, MaxWordBytes)
	if !searchable(text) {
		return nil, 0, false
	}
	if v.isQuoted || strings.ContainsFunc(text, isSpace) {
		return Phrase{text}, words, true
	}
	return Word{text}, words, true
}

// isOneSided: before and after take a date alone and give it a direction.
func (k Keyword) isOneSided() bool { return k.Name == "before" || k.Name == "after" }

// keywordRange reads the range that follows a number, year or date keyword;
// before and after take a date alone.
func keywordRange(key Keyword, s string, swap bool) (Range, bool) {
	if !key.isOneSided() {
		return parseRange(s, key.Type, swap)
	}
	e, ok := parseEndpoint(s, TypeDate)
	r := everything()
	if key.Name == "before" {
		r.atMost(e, true)
	} else {
		r.atLeast(e, false)
	}
	return r, ok
}
