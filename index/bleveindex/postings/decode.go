package postings

import (
	"encoding/binary"
	"fmt"
	"slices"

	zap "github.com/blevesearch/zapx/v17"
)

// A dictionary gives each term a value: the only document that has it, or where its
// postings are. Values are good for the segment that they come from.

// ReadValue reads the postings that a value of the dictionary stands for into l,
// whose memory it uses again.
func (r *Reader) ReadValue(value uint64, l *List) error {
	l.Docs, l.freqs, l.many, l.maxFreq = l.Docs[:0], l.freqs[:0], nil, 0
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		doc, _ := zap.FSTValDecode1Hit(value)
		l.Docs, l.freqs, l.maxFreq = append(l.Docs, uint32(doc)), append(l.freqs, 1), 1 //nolint:gosec // documents are numbered by uint32
		return nil
	}
	p, err := r.parsePlace(value)
	if err != nil {
		return err
	}
	return r.decodeInto(p, l)
}

func (r *Reader) decodeInto(p place, l *List) error {
	set, err := parseDocs(p.docs)
	if err != nil {
		return err
	}
	n := int(set.count())
	l.Docs, l.freqs = slices.Grow(l.Docs, n), slices.Grow(l.freqs, n)
	if l.Docs, err = set.appendTo(l.Docs); err != nil {
		return err
	}
	next, err := r.body(p.freq)
	if err != nil {
		return err
	}
	return r.decodeFreqs(l, next)
}

// decodeFreqs reads the frequencies of l.Docs. Nearly all take a byte, and so does
// the norm that follows each.
func (r *Reader) decodeFreqs(l *List, next uint64) error {
	at := r.decodeFours(l, next)
	data := r.data
	for range len(l.Docs) - len(l.freqs) {
		v, n := uvarint(data, at)
		at += uint64(n) //nolint:gosec // checked below
		if v>>1 > 0 {   // A norm follows where frequencies are kept.
			skip := 1
			if at >= uint64(len(data)) || data[at] >= 0x80 {
				_, skip = uvarint(data, at)
			}
			n = min(n, skip)
			at += uint64(skip) //nolint:gosec // checked below
		}
		if n <= 0 {
			return ErrCorrupt
		}
		l.appendFreq(uint32(v >> 1)) //nolint:gosec // frequencies are below the length of a post
	}
	return nil
}

// decodeFours reads frequencies for as long as the next four and their norms take a
// byte each, and returns where it ends.
func (r *Reader) decodeFours(l *List, at uint64) uint64 {
	const high, frequencies = 0x8080808080808080, 0x007f007f007f007f
	data, most := r.data, l.maxFreq
	freqs := l.freqs
	for ; len(l.Docs)-len(freqs) >= 4 && at+8 <= uint64(len(data)); at += 8 {
		w := binary.LittleEndian.Uint64(data[at:])
		if w&high != 0 {
			break
		}
		w = w >> 1 & frequencies // Below the lowest bit, and without the norms.
		a, b, c, d := uint32(w&0xff), uint32(w>>16&0xff), uint32(w>>32&0xff), uint32(w>>48&0xff)
		if min(a, b, c, d) == 0 {
			break // No norm follows.
		}
		most = max(most, a, b, c, d)
		freqs = append(freqs, uint8(a), uint8(b), uint8(c), uint8(d))
	}
	l.freqs, l.maxFreq = freqs, most
	return at
}

// Live is the number of documents of a value of the dictionary that are in live,
// which has a bit for each document of the segment.
func (r *Reader) Live(value uint64, live []uint64) (int, error) {
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		doc, _ := zap.FSTValDecode1Hit(value)
		return bitOf(live, uint32(doc)), nil //nolint:gosec // documents are numbered by uint32
	}
	set, err := r.set(value)
	if err != nil {
		return 0, err
	}
	return set.countIn(live)
}

// set gives the documents of a value that stands for several.
func (r *Reader) set(value uint64) (docSet, error) {
	p, err := r.parsePlace(value)
	if err != nil {
		return docSet{}, err
	}
	return parseDocs(p.docs)
}

// LiveCount is the number of documents that have term in field and are in live.
func (r *Reader) LiveCount(field string, term []byte, live []uint64) (int, error) {
	value, ok, err := r.value(field, term)
	if err != nil || !ok {
		return 0, err
	}
	n, err := r.Live(value, live)
	if err != nil {
		return 0, fmt.Errorf("%s:%q: %w", field, term, err)
	}
	return n, nil
}
