package layout

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"alphanode/index"
)

// Row is what is stored of a post besides its terms.
type Row struct {
	// Seq is the sequence number of the change that was indexed.
	Seq uint64
	// Lengths are the numbers of positions, by text field.
	Lengths []uint32
	// Numbers are the values of the number and date fields; NaN when absent.
	Numbers []float64
	// Signals are those of the post; the zero Signals with HasSignals false when
	// the index was built without.
	Signals    index.Signals
	HasSignals bool
	// Title holds the distinct stems of the title, in order.
	Title []string
}

// ErrRow is wrapped by errors of rows that cannot be read.
var ErrRow = errors.New("row of a post cannot be read")

// AppendRow adds the encoding of r to dst.
func AppendRow(dst []byte, r *Row) []byte {
	dst = binary.AppendUvarint(dst, r.Seq)
	for _, n := range r.Lengths {
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	dst = appendNumbers(dst, r.Numbers)
	dst = appendSignals(dst, r)
	dst = binary.AppendUvarint(dst, uint64(len(r.Title)))
	for _, t := range r.Title {
		dst = binary.AppendUvarint(dst, uint64(len(t)))
		dst = append(dst, t...)
	}
	return dst
}

func appendNumbers(dst []byte, numbers []float64) []byte {
	var present uint64
	for i, v := range numbers {
		if !math.IsNaN(v) {
			present |= 1 << i
		}
	}
	dst = binary.AppendUvarint(dst, present)
	for _, v := range numbers {
		if !math.IsNaN(v) {
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
		}
	}
	return dst
}

func appendSignals(dst []byte, r *Row) []byte {
	if !r.HasSignals {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	for _, v := range [...]float32{r.Signals.Quality, r.Signals.Depth, r.Signals.Clarity, r.Signals.Freshness} {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(v))
	}
	dst = binary.AppendVarint(dst, int64(r.Signals.Day))
	return binary.AppendVarint(dst, int64(r.Signals.HalfLifeDays))
}

// DecodeRow reads a row into r, whose Lengths and Numbers have the sizes of the
// schema. Title is appended to r.Title; its strings are copies.
func DecodeRow(data []byte, r *Row) error {
	d := decoder{data: data}
	r.Seq = d.uvarint()
	for i := range r.Lengths {
		r.Lengths[i] = uint32(d.uvarint()) //nolint:gosec // written from a uint32
	}
	d.numbers(r.Numbers)
	r.HasSignals = d.byte() == 1
	if r.HasSignals {
		r.Signals = d.signals()
	}
	for n := d.uvarint(); n > 0 && !d.failed; n-- {
		r.Title = append(r.Title, string(d.bytes(d.uvarint())))
	}
	if d.failed || len(d.data) != 0 {
		return fmt.Errorf("%w: %d bytes, %d left", ErrRow, len(data), len(d.data))
	}
	return nil
}

// decoder reads from data; after the first failure it gives zeros.
type decoder struct {
	data   []byte
	failed bool
}

func (d *decoder) bytes(n uint64) []byte {
	if d.failed || n > uint64(len(d.data)) {
		d.failed = true
		return nil
	}
	b := d.data[:n]
	d.data = d.data[n:]
	return b
}

func (d *decoder) byte() byte {
	if b := d.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.data)
	if n <= 0 {
		d.failed = true
		return 0
	}
	d.data = d.data[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.data)
	if n <= 0 {
		d.failed = true
		return 0
	}
	d.data = d.data[n:]
	return v
}

func (d *decoder) numbers(into []float64) {
	present := d.uvarint()
	for i := range into {
		into[i] = math.NaN()
		if present&(1<<i) == 0 {
			continue
		}
		if b := d.bytes(8); b != nil {
			into[i] = math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
	}
}

func (d *decoder) float32() float32 {
	b := d.bytes(4)
	if b == nil {
		return 0
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(b))
}

func (d *decoder) signals() index.Signals {
	return index.Signals{
		Quality: d.float32(), Depth: d.float32(), Clarity: d.float32(), Freshness: d.float32(),
		Day: int32(d.varint()), HalfLifeDays: int32(d.varint()), //nolint:gosec // written from int32
	}
}
