package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"alphanode/index/analysis"
)

// Limits of a filter; beyond them ParseFilter gives an error.
const (
	// MaxFilterBytes is the length of a filter.
	MaxFilterBytes = 16 << 10
	// MaxFilterTerms is the number of field terms, list entries included.
	MaxFilterTerms = 1000
	// MaxFilterDepth is the number of parentheses and NOTs within each other.
	MaxFilterDepth = 32
)

// ParseFilter reads a strict filter: field terms with AND, OR, NOT (in any case;
// NOT binds closest, then AND), parentheses, lists and ranges. The empty filter is
// nil. An error is a *SyntaxError.
func ParseFilter(s string) (Filter, error) {
	p := filterParser{text: s}
	switch {
	case len(s) > MaxFilterBytes:
		return nil, p.failAt(MaxFilterBytes, "the filter is %d bytes long; at most %d are allowed", len(s), MaxFilterBytes)
	case !utf8.ValidString(s):
		return nil, p.failAt(invalidAt(s), "not valid UTF-8")
	}
	if p.skipSpace(); p.pos == len(s) {
		return nil, nil //nolint:nilnil // the empty filter is nil, as documented
	}
	f, err := p.anyOf(0)
	if err != nil {
		return nil, err
	}
	if p.skipSpace(); p.pos < len(s) {
		return nil, p.unexpected("AND, OR or the end")
	}
	return f, nil
}

func invalidAt(s string) int {
	for i, r := range s {
		if _, size := utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 {
			return i
		}
	}
	return len(s)
}

type filterParser struct {
	text  string
	pos   int
	terms int
}

func (p *filterParser) failAt(pos int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Pos: pos, Msg: fmt.Sprintf(format, args...)}
}

// unexpected says what was found where something else had to be.
func (p *filterParser) unexpected(wanted string) *SyntaxError {
	if p.pos >= len(p.text) {
		return p.failAt(p.pos, "expected %s, found the end", wanted)
	}
	found := p.text[p.pos:]
	if end := strings.IndexFunc(found, isSpace); end > 0 {
		found = found[:end]
	}
	if len(found) > 40 {
		found = strings.ToValidUTF8(found[:40], "") + "…"
	}
	return p.failAt(p.pos, "expected %s, found %q", wanted, found)
}

func (p *filterParser) rest() string { return p.text[p.pos:] }

func (p *filterParser) skipSpace() {
	rest := p.rest()
	p.pos += len(rest) - len(strings.TrimLeftFunc(rest, isSpace))
}

// eat consumes the punctuation token s, spaces before it included.
func (p *filterParser) eat(s string) bool {
	p.skipSpace()
	if !strings.HasPrefix(p.rest(), s) {
		return false
	}
	p.pos += len(s)
	return true
}

// eatWord consumes an operator in any case, if it stands alone as a word.
func (p *filterParser) eatWord(word string) bool {
	p.skipSpace()
	rest := p.rest()
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return false
	}
	if after := rest[len(word):]; after != "" && !isSpace(firstRune(after)) && after[0] != '(' {
		return false
	}
	p.pos += len(word)
	return true
}

func (p *filterParser) anyOf(depth int) (Filter, error) {
	first, err := p.all(depth)
	if err != nil {
		return nil, err
	}
	members := []Filter{first}
	for p.eatWord("OR") {
		next, err := p.all(depth)
		if err != nil {
			return nil, err
		}
		members = append(members, next)
	}
	return joinAny(members), nil
}

func (p *filterParser) all(depth int) (Filter, error) {
	first, err := p.not(depth)
	if err != nil {
		return nil, err
	}
	members := []Filter{first}
	for p.eatWord("AND") {
		next, err := p.not(depth)
		if err != nil {
			return nil, err
		}
		members = append(members, next)
	}
	return joinAll(members), nil
}

// joinAny makes one filter of several; an AnyOf among them is dissolved.
func joinAny(members []Filter) Filter {
	var flat []Filter
	for _, m := range members {
		if inner, ok := m.(AnyOf); ok {
			flat = append(flat, inner.Filters...)
		} else {
			flat = append(flat, m)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return AnyOf{flat}
}

func joinAll(members []Filter) Filter {
	var flat []Filter
	for _, m := range members {
		if inner, ok := m.(And); ok {
			flat = append(flat, inner.Filters...)
		} else {
			flat = append(flat, m)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return And{flat}
}

func (p *filterParser) not(depth int) (Filter, error) {
	p.skipSpace()
	if depth >= MaxFilterDepth {
		return nil, p.failAt(p.pos, "nested deeper than %d", MaxFilterDepth)
	}
	if p.eatWord("NOT") {
		f, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return Not{f}, nil
	}
	if !p.eat("(") {
		return p.term()
	}
	f, err := p.anyOf(depth + 1)
	if err != nil {
		return nil, err
	}
	if !p.eat(")") {
		return nil, p.unexpected("AND, OR or )")
	}
	return f, nil
}

// term reads name:value, name:(value, ...) or name:range.
func (p *filterParser) term() (Filter, error) {
	p.skipSpace()
	start, rest := p.pos, p.rest()
	end := strings.IndexFunc(rest, func(r rune) bool { return !isNameRune(r) })
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return nil, p.unexpected("a field such as tag:go")
	}
	name := rest[:end]
	p.pos += end
	if !p.eat(":") {
		return nil, p.failAt(p.pos, "expected : after the field %q", clip(name))
	}
	key, ok := LookupKeyword(name)
	if !ok {
		return nil, p.failAt(start, "unknown field %q%s", clip(name), nearKeywords(name))
	}
	if !p.eat("(") {
		return p.value(key)
	}
	var members []Filter
	for {
		f, err := p.value(key)
		if err != nil {
			return nil, err
		}
		members = append(members, f)
		if p.eat(")") {
			return joinAny(members), nil
		}
		if !p.eat(",") {
			return nil, p.unexpected(", or )")
		}
	}
}

func isNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '.'
}

// value reads one value and makes the filter of it.
func (p *filterParser) value(key Keyword) (Filter, error) {
	p.skipSpace()
	start := p.pos
	if p.terms++; p.terms > MaxFilterTerms {
		return nil, p.failAt(start, "more than %d terms", MaxFilterTerms)
	}
	text, err := p.valueText(key)
	if err != nil {
		return nil, err
	}
	if key.Type == TypeText && !searchable(text) {
		return nil, p.failAt(start, "%s: %q holds no word", key.Name, clip(text))
	}
	if key.Type == TypeText || key.Type == TypeKeyword {
		return Term{key.Field, text}, nil
	}
	r, ok := keywordRange(key, text, false)
	if !ok {
		return nil, p.failAt(start, "%s: %q is not %s", key.Name, clip(text), wantedValue(key))
	}
	return Between{key.Field, r}, nil
}

// wantedValue says which values a keyword takes.
func wantedValue(key Keyword) string {
	switch {
	case key.isOneSided():
		return "a date (2024, 2024-03, 2024-03-01)"
	case key.Type == TypeDate:
		return "a date (2024, 2024-03, 2024-03-01), comparison (>=2024) or range (2023..2024) from low to high"
	case key.Type == TypeYear:
		return "a year (2024), comparison (>=2020) or range (2023..2025) from low to high"
	}
	return "a number (80), comparison (>80) or range (10..20) from low to high"
}

func (p *filterParser) valueText(key Keyword) (string, error) {
	rest := p.rest()
	if strings.HasPrefix(rest, `"`) {
		return p.quotedText()
	}
	// A comparison may have spaces after its operator.
	if key.Type != TypeKeyword && key.Type != TypeText {
		if op, after := cutOperator(rest); len(after) < len(rest) {
			p.pos += len(rest) - len(after)
			p.skipSpace()
			return op + p.bareText(), nil
		}
	}
	text := p.bareText()
	if text == "" {
		return "", p.unexpected("a value for " + key.Name)
	}
	return text, nil
}

// bareText consumes what stands before a space, quote, comma or parenthesis.
func (p *filterParser) bareText() string {
	rest := p.rest()
	end := strings.IndexFunc(rest, endsBareValue)
	if end < 0 {
		end = len(rest)
	}
	p.pos += end
	return rest[:end]
}

// quotedText consumes a value between quotes with \" and \\ in it.
func (p *filterParser) quotedText() (string, error) {
	start := p.pos
	var b strings.Builder
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch c := p.text[p.pos]; {
		case c == '"':
			p.pos++
			if b.Len() == 0 {
				return "", p.failAt(start, "the value is empty")
			}
			return b.String(), nil
		case c == '\\' && p.pos+1 < len(p.text) && strings.IndexByte(`"\`, p.text[p.pos+1]) >= 0:
			p.pos++
			b.WriteByte(p.text[p.pos])
		default:
			b.WriteByte(c)
		}
	}
	return "", p.failAt(start, "the quote is not closed")
}

func clip(s string) string {
	if len(s) <= 40 {
		return s
	}
	return strings.ToValidUTF8(s[:40], "") + "…"
}

// nearKeywords lists the keywords that a misspelt name may mean, or all of them.
func nearKeywords(name string) string {
	name = strings.ToLower(name)
	var near, all []string
	for _, k := range keywords {
		all = append(all, k.Name)
		names := append([]string{k.Name, k.Field}, k.Aliases...)
		if slices.ContainsFunc(names, func(n string) bool { return isNear(name, n) }) {
			near = append(near, k.Name)
		}
	}
	if len(near) > 0 {
		return "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return "; the fields are " + strings.Join(all, ", ")
}

// isNear reports whether one is a prefix of the other (3 letters at least) or they
// differ by at most a third of their letters.
func isNear(a, b string) bool {
	if len(a) >= 3 && len(b) >= 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
		return true
	}
	if len(a) > maxKeyword {
		return false
	}
	return analysis.Edits([]byte(a), []byte(b))[len(b)] <= max(len(a), len(b))/3
}
