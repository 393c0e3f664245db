package body

import "strings"

// cursor walks the white space and markers at the start of one line, in columns:
// a tab ends at the next multiple of four.
type cursor struct {
	s    string
	pos  int
	col  int
	half int // columns of a tab that is only partly consumed
}

// indent is the number of columns of white space ahead.
func (c *cursor) indent() int {
	n := c.half
	for i := c.pos; i < len(c.s); i++ {
		switch c.s[i] {
		case ' ':
			n++
		case '\t':
			n += 4 - (c.col+n)%4
		default:
			return n
		}
	}
	return n
}

// blank reports whether only white space is left.
func (c *cursor) blank() bool { return strings.TrimLeft(c.s[c.pos:], " \t") == "" }

// skip consumes up to n columns of white space.
func (c *cursor) skip(n int) {
	if c.half > 0 {
		k := min(c.half, n)
		c.half, c.col, n = c.half-k, c.col+k, n-k
	}
	for n > 0 && c.pos < len(c.s) {
		switch c.s[c.pos] {
		case ' ':
			c.pos, c.col, n = c.pos+1, c.col+1, n-1
		case '\t':
			w := 4 - c.col%4
			k := min(w, n)
			c.pos, c.col, c.half, n = c.pos+1, c.col+k, w-k, n-k
		default:
			return
		}
	}
}

// take consumes n bytes that are not white space.
func (c *cursor) take(n int) { c.pos, c.col = c.pos+n, c.col+n }

// rest is what is left without leading white space.
func (c *cursor) rest() string { return strings.TrimLeft(c.s[c.pos:], " \t") }

// text is what is left, a partly consumed tab as spaces.
func (c *cursor) text() string {
	if c.half == 0 {
		return c.s[c.pos:]
	}
	return "   "[:c.half] + c.s[c.pos:]
}
