package layout

import (
	"math"

	"alphanode/index"
	"alphanode/index/bleveindex/zapwriter"
)

// What a segment keeps of a post besides its terms are columns of these names.
const (
	// SeqColumn is the sequence number of the change that was indexed.
	SeqColumn = "seq"
	// TitleColumn holds the distinct stems of the title, in order.
	TitleColumn = "title/stems"
	// SignedColumn is 1 where the post has signals, else 0.
	SignedColumn = "signals"

	lengthPrefix = "length/"
	numberPrefix = "number/"
)

// LengthColumn is the number of positions of a post in a text field.
func LengthColumn(field string) string { return lengthPrefix + field }

// NumberColumn is the value of a number or date field; NaN when absent.
func NumberColumn(field string) string { return numberPrefix + field }

// SignalColumns are the columns that signals are kept in; see [index.Signals].
func SignalColumns() []string {
	return []string{"signals/quality", "signals/depth", "signals/clarity", "signals/freshness", "signals/day", "signals/half_life"}
}

// signalBits are the values of the SignalColumns.
func signalBits(s *index.Signals) [6]uint32 {
	return [...]uint32{
		math.Float32bits(s.Quality), math.Float32bits(s.Depth), math.Float32bits(s.Clarity), math.Float32bits(s.Freshness),
		uint32(s.Day), uint32(s.HalfLifeDays), //nolint:gosec // their bits
	}
}

// SignalsOf are the signals whose values in the SignalColumns are given.
func SignalsOf(bits [6]uint32) index.Signals {
	return index.Signals{
		Quality: math.Float32frombits(bits[0]), Depth: math.Float32frombits(bits[1]), Clarity: math.Float32frombits(bits[2]), Freshness: math.Float32frombits(bits[3]),
		Day: int32(bits[4]), HalfLifeDays: int32(bits[5]), //nolint:gosec // their bits
	}
}

// columnPlaces says where the columns are among those of the writer.
type columnPlaces struct {
	seq, lengths, numbers, signed, signals, title int
}

// writerColumns are the columns of a segment, and where they are.
func writerColumns(schema *Schema) ([]zapwriter.Column, columnPlaces) {
	var out []zapwriter.Column
	var at columnPlaces
	add := func(name string, kind zapwriter.ColumnKind) int {
		out = append(out, zapwriter.Column{Name: name, Kind: kind})
		return len(out) - 1
	}
	at.seq = add(SeqColumn, zapwriter.Integers)
	at.lengths = len(out)
	for _, f := range schema.Text {
		add(LengthColumn(f.Name), zapwriter.Integers)
	}
	at.numbers = len(out)
	for _, f := range schema.Number {
		add(NumberColumn(f.Name), zapwriter.Floats)
	}
	at.signed = add(SignedColumn, zapwriter.Integers)
	at.signals = len(out)
	for _, name := range SignalColumns() {
		add(name, zapwriter.Integers)
	}
	at.title = add(TitleColumn, zapwriter.Labels)
	return out, at
}
