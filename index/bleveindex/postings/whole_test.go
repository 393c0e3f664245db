package postings_test

// Claim: a value of several segments is replaced as a whole, and loses the part of a segment
// that is dropped.

import (
	"slices"
	"testing"

	"alphanode/index/bleveindex/postings"
)

// parts is a value of several segments.
type parts []*postings.Reader

func (p *parts) Size() int64 { return int64(100 * len(*p)) }

func (p *parts) Without(r *postings.Reader) postings.Whole {
	rest := slices.DeleteFunc(slices.Clone(*p), func(o *postings.Reader) bool { return o == r })
	switch len(rest) {
	case 0:
		return nil
	case len(*p):
		return p
	default:
		return &rest
	}
}

func TestCacheWhole(t *testing.T) {
	c, a, b := postings.NewCache(1000), &postings.Reader{}, &postings.Reader{}
	if c.Whole("\x01kind", "x") != nil {
		t.Fatal("a value that was not kept")
	}
	c.KeepWhole("\x01kind", "x", &parts{a})
	one := c.Used()
	c.KeepWhole("\x01kind", "x", &parts{a, b})
	if got := c.Whole("\x01kind", "x").(*parts); len(*got) != 2 || c.Used() != one+100 {
		t.Fatalf("%d parts, %d bytes, one has %d", len(*got), c.Used(), one)
	}
	c.Drop(a)
	if got := c.Whole("\x01kind", "x").(*parts); len(*got) != 1 || (*got)[0] != b || c.Used() != one {
		t.Fatalf("%d parts, %d bytes after the first was dropped", len(*got), c.Used())
	}
	if c.Drop(b); c.Whole("\x01kind", "x") != nil || c.Used() != 0 {
		t.Fatalf("%d bytes after all were dropped", c.Used())
	}
}
