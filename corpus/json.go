package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The reader below exists for two reasons: every error must name the path of the
// member it is in, and reading must be several times faster than reflection
// allows, because an import, a rebuilt index and a rebuilt graph all read
// every post.

// errEnd is where the input stops before the value does.
var errEnd = errors.New("unexpected end of the JSON")

// reader reads one JSON text front to back. It copies what it returns, so the
// text may be reused, but for raw values and keys, which alias it.
type reader struct {
	data   []byte
	pos    int
	limits Limits
}

// in puts name before the path of err.
func in(name string, err error) error {
	if err == nil {
		return nil
	}
	const longest = 80 // A hostile name does not belong in a log line.
	if len(name) > longest {
		name = strings.ToValidUTF8(name[:longest], "") + "..."
	}
	fe, ok := errors.AsType[*FieldError](err)
	if !ok {
		return &FieldError{Field: name, Err: err}
	}
	if fe.Field != "" && fe.Field[0] != '[' {
		name += "."
	}
	return &FieldError{Field: name + fe.Field, Err: fe.Err}
}

// asField is err as a *FieldError: what has no path concerns the whole record.
func asField(err error) error {
	if fe, ok := errors.AsType[*FieldError](err); ok {
		return fe
	}
	return &FieldError{Err: err}
}

// inItem puts "[i]" before the path of err.
func inItem(i int, err error) error {
	if err == nil {
		return nil
	}
	return in("["+strconv.Itoa(i)+"]", err)
}

// syntax is an error at the present position.
func (r *reader) syntax(what string) error {
	if r.pos >= len(r.data) {
		return errEnd
	}
	c, _ := utf8.DecodeRune(r.data[r.pos:])
	return fmt.Errorf("not JSON at byte %d: %s, found %q", r.pos, what, c)
}

// next skips white space and returns the next byte, 0 at the end.
func (r *reader) next() byte {
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; c {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// take consumes c after white space.
func (r *reader) take(c byte) error {
	if r.next() != c || r.pos >= len(r.data) {
		return r.syntax("want " + strconv.Quote(string(c)))
	}
	r.pos++
	return nil
}

// literal consumes word if it comes next.
func (r *reader) literal(word string) bool {
	r.next()
	if !strings.HasPrefix(string(r.data[r.pos:min(len(r.data), r.pos+len(word))]), word) {
		return false
	}
	r.pos += len(word)
	return true
}

// null consumes null if it comes next.
func (r *reader) null() bool { return r.next() == 'n' && r.literal("null") }

// object reads an object and calls member for each, positioned at its value.
func (r *reader) object(member func(key []byte) error) error {
	if r.next() != '{' {
		return r.mismatch("an object")
	}
	r.pos++
	if r.next() == '}' {
		r.pos++
		return nil
	}
	var seen keySet
	for {
		key, err := r.key()
		if err != nil {
			return err
		}
		if !seen.add(key) {
			return in(string(key), errors.New("given twice"))
		}
		if err := member(key); err != nil {
			return err
		}
		if done, err := r.more('}'); done || err != nil {
			return err
		}
	}
}

// list reads a list and calls item for each entry, positioned at it.
func (r *reader) list(item func(i int) error) error {
	if r.next() != '[' {
		return r.mismatch("a list")
	}
	r.pos++
	if r.next() == ']' {
		r.pos++
		return nil
	}
	for i := 0; ; i++ {
		if i >= r.limits.List {
			return tooMany(i+1, r.limits.List)
		}
		if err := item(i); err != nil {
			return inItem(i, err)
		}
		if done, err := r.more(']'); done || err != nil {
			return err
		}
	}
}

// more consumes the comma before another entry, or the end.
func (r *reader) more(end byte) (done bool, err error) {
	switch r.next() {
	case ',':
		r.pos++
		return false, nil
	case end:
		r.pos++
		return true, nil
	default:
		return false, r.syntax("want , or " + string(end))
	}
}

// mismatch says that the value that comes next is not of the wanted type.
func (r *reader) mismatch(want string) error {
	switch c := r.next(); {
	case c == '"':
		return errors.New("must be " + want + ", is a string")
	case c == '{':
		return errors.New("must be " + want + ", is an object")
	case c == '[':
		return errors.New("must be " + want + ", is a list")
	case c == 't' || c == 'f':
		return errors.New("must be " + want + ", is true or false")
	case c == 'n':
		return errors.New("must be " + want + ", is null")
	case c == '-' || '0' <= c && c <= '9':
		return errors.New("must be " + want + ", is a number")
	default:
		return r.syntax("want " + want)
	}
}

// key reads a member's name and the colon. The name aliases the text unless it
// holds escapes.
func (r *reader) key() ([]byte, error) {
	if r.next() != '"' {
		return nil, r.syntax("want a member name")
	}
	raw, plain, err := r.quoted()
	if err != nil {
		return nil, err
	}
	if !plain {
		raw = []byte(unescape(raw))
	}
	return raw, r.take(':')
}

// text reads a string.
func (r *reader) text() (string, error) {
	if r.next() != '"' {
		return "", r.mismatch("a string")
	}
	raw, plain, err := r.quoted()
	if err != nil {
		return "", err
	}
	if plain {
		return string(raw), nil
	}
	return unescape(raw), nil
}

// quoted reads a string that starts here and returns what is between its quotes,
// and whether that is free of escapes.
func (r *reader) quoted() (raw []byte, plain bool, err error) {
	start := r.pos + 1
	plain = true
	var high byte
	for i := start; i < len(r.data); i++ {
		c := r.data[i]
		high |= c
		switch {
		case c == '"':
			raw = r.data[start:i]
			if high >= utf8.RuneSelf && !utf8.Valid(raw) {
				return nil, false, errors.New("is not valid UTF-8")
			}
			r.pos = i + 1
			return raw, plain, nil
		case c == '\\':
			plain = false
			n := escapeLen(r.data[i:])
			if n == 0 {
				r.pos = i
				return nil, false, r.syntax("bad escape in a string")
			}
			i += n - 1
		case c < ' ':
			r.pos = i
			return nil, false, r.syntax("unescaped control character in a string")
		}
	}
	r.pos = len(r.data)
	return nil, false, errEnd
}

// escapeLen is the length of the escape at the start of b; 0 when it is none.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b); ok {
			return 6
		}
	}
	return 0
}

// hex4 reads the code unit of the \uXXXX at the start of b.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var v rune
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			v = v<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			v = v<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			v = v<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// unescape resolves the escapes of raw, which quoted has checked.
func unescape(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw))
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			b.Write(raw)
			return b.String()
		}
		b.Write(raw[:i])
		raw = raw[i:]
		if raw[1] == 'u' {
			c, n := unescapeRune(raw)
			b.WriteRune(c)
			raw = raw[n:]
			continue
		}
		b.WriteByte(unescapeByte(raw[1]))
		raw = raw[2:]
	}
}

// unescapeRune reads the \uXXXX, or the pair of them, at the start of raw. A
// surrogate without its other half becomes U+FFFD: cutting a text in two is a
// common accident of other programs and not worth a lost post.
func unescapeRune(raw []byte) (c rune, n int) {
	c, _ = hex4(raw)
	if !utf16.IsSurrogate(c) {
		return c, 6
	}
	if low, ok := hex4(raw[6:]); ok {
		if pair := utf16.DecodeRune(c, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

// unescapeByte is the character that a two-byte escape stands for.
func unescapeByte(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return c
	}
}

// keySet finds members that are given twice. Few names are compared one by one,
// without allocation; a hostile number of them goes to a map.
type keySet struct {
	few  [40][]byte
	n    int
	many map[string]struct{}
}

// add reports whether key is new.
func (s *keySet) add(key []byte) bool {
	for _, k := range s.few[:s.n] {
		if string(k) == string(key) {
			return false
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = key
		s.n++
		return true
	}
	if s.many == nil {
		s.many = make(map[string]struct{})
	}
	if _, ok := s.many[string(key)]; ok {
		return false
	}
	s.many[string(key)] = struct{}{}
	return true
}

func tooMany(n, limit int) error {
	return fmt.Errorf("has %d entries or more, the limit is %d", n, limit)
}

func tooLong(n, limit int) error {
	return fmt.Errorf("has %d bytes, the limit is %d", n, limit)
}
