package body

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// delimiter is a run of * _ or ~ that may open emphasis.
type delimiter struct {
	out   int // where the run starts in out
	count int // how many of it are still markers
}

// delimiterRun writes the run out and, where it closes emphasis, marks it and
// its opener to be cut.
func (in *inliner) delimiterRun(i int) int {
	n := runLength(in.src[i:])
	c := in.src[i]
	at := len(in.out)
	in.out = append(in.out, in.src[i:i+n]...)
	opens, closes := flanking(in.src, i, n)
	if c == '~' && n > 2 {
		return i + n
	}
	stack := in.stack(c)
	left := n
	for closes && left > 0 && len(*stack) > 0 {
		top := &(*stack)[len(*stack)-1]
		use := min(left, top.count)
		in.cuts = append(in.cuts, span{top.out + top.count - use, top.out + top.count}, span{at + n - left, at + n - left + use})
		left -= use
		in.dropAfter(top.out)
		if top.count -= use; top.count == 0 {
			*stack = (*stack)[:len(*stack)-1]
		}
		in.steps++
	}
	if opens && left > 0 {
		*stack = append(*stack, delimiter{out: at + n - left, count: left})
	}
	return i + n
}

func (in *inliner) stack(c byte) *[]delimiter {
	switch c {
	case '*':
		return &in.stars
	case '_':
		return &in.lines
	default:
		return &in.waves
	}
}

// dropAfter forgets openers of any kind that start behind at.
func (in *inliner) dropAfter(at int) {
	for _, stack := range []*[]delimiter{&in.stars, &in.lines, &in.waves} {
		for n := len(*stack); n > 0 && (*stack)[n-1].out > at; n-- {
			*stack = (*stack)[:n-1]
		}
	}
}

// flanking tells whether the run of n bytes at i may open and close emphasis, by
// the rules of CommonMark.
func flanking(s string, i, n int) (opens, closes bool) {
	before, after := ' ', ' '
	if i > 0 {
		before, _ = utf8.DecodeLastRuneInString(s[:i])
	}
	if i+n < len(s) {
		after, _ = utf8.DecodeRuneInString(s[i+n:])
	}
	spaceBefore, spaceAfter := unicode.IsSpace(before), unicode.IsSpace(after)
	punctBefore, punctAfter := isPunctRune(before), isPunctRune(after)
	left := !spaceAfter && (!punctAfter || spaceBefore || punctBefore)
	right := !spaceBefore && (!punctBefore || spaceAfter || punctAfter)
	if s[i] == '_' {
		return left && (!right || punctBefore), right && (!left || punctAfter)
	}
	return left, right
}

func isPunctRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isPunct(byte(r))
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}

// cutter copies text without the spans that were cut from it.
type cutter struct{ cuts []span }

func newCutter(cuts []span) cutter {
	slices.SortFunc(cuts, func(a, b span) int { return a.from - b.from })
	return cutter{cuts: cuts}
}

// slice is out[s.from:s.to] without the cuts.
func (c cutter) slice(out []byte, s span) string {
	first, _ := slices.BinarySearchFunc(c.cuts, s.from, func(cut span, from int) int { return cut.from - from })
	if first == len(c.cuts) || c.cuts[first].from >= s.to {
		return string(out[s.from:s.to])
	}
	var b strings.Builder
	b.Grow(s.to - s.from)
	at := s.from
	for _, cut := range c.cuts[first:] {
		if cut.from >= s.to {
			break
		}
		if cut.from > at {
			b.Write(out[at:cut.from])
		}
		at = max(at, cut.to)
	}
	if at < s.to {
		b.Write(out[at:s.to])
	}
	return b.String()
}
