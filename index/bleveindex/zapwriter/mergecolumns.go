package zapwriter

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// mergeColumns merges the columns: those of the documents that are left, as the writer
// would have written them.
func (m *merger) mergeColumns() error {
	m.columns = m.raws[0].columns
	for _, c := range m.columns {
		merge := m.mergeValues
		if c.Kind == Labels {
			merge = m.mergeLabels
		}
		if err := merge(c); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
		if err := m.relieve(); err != nil {
			return err
		}
	}
	return nil
}

func (m *merger) mergeValues(c Column) error {
	all := make([]uint64, 0, m.docs)
	for i, r := range m.raws {
		values, err := r.Values(c.Name)
		if err != nil {
			return err
		}
		for d, number := range m.numbers[i] {
			switch {
			case number == dropped:
			case c.Kind == Integers:
				all = append(all, values.Integer(uint32(d)))
			default:
				all = append(all, floatBits(values.Float(uint32(d))))
			}
		}
	}
	m.values(c, all)
	return nil
}

// floatBits are the bits of v: the same of all that are no number.
func floatBits(v float64) uint64 {
	if math.IsNaN(v) {
		v = math.NaN()
	}
	return math.Float64bits(v)
}

// label is a label of one segment that a document has that is left.
type label struct {
	text  string
	place *uint32 // where its new number goes
	count uint32
}

func (m *merger) mergeLabels(c Column) error {
	starts, items := make([]uint32, 1, m.docs+1), []uint32(nil)
	renumber := make([][]uint32, len(m.raws))
	var labels []label
	for i, r := range m.raws {
		ordinals, err := r.Ordinals(c.Name)
		if err != nil {
			return err
		}
		terms, err := r.Terms(c.Name)
		if err != nil {
			return err
		}
		counts := make([]uint32, terms.Len())
		if err := m.eachLive(i, ordinals, func(n uint32) error {
			if int(n) >= len(counts) {
				return fmt.Errorf("%w: label %d of %d", ErrCorrupt, n, len(counts))
			}
			counts[n]++
			items = append(items, n)
			return nil
		}, func() { starts = append(starts, uint32(len(items))) }); err != nil {
			return err
		}
		renumber[i] = make([]uint32, len(counts))
		place := 0
		for text := range terms.Range(0, terms.Len()) {
			if counts[place] > 0 {
				labels = append(labels, label{text, &renumber[i][place], counts[place]})
			}
			place++
		}
	}
	m.number(labels)
	m.rename(starts, items, renumber)
	m.terms(c.Name)
	m.ordinals(c.Name, m.lexicon.Len(), starts, items)
	return nil
}

// eachLive calls f with the numbers of each document of a segment that is left, and end
// after each such document.
func (m *merger) eachLive(seg int, ordinals *Ordinals, f func(n uint32) error, end func()) error {
	var one [1]uint32
	for d, number := range m.numbers[seg] {
		if number == dropped {
			continue
		}
		of, err := ordinals.of(d, &one)
		if err != nil {
			return err
		}
		for _, n := range of {
			if err := f(n); err != nil {
				return err
			}
		}
		end()
	}
	return nil
}

// number gives equal labels the same number, in byte order, and puts them into the
// lexicon.
func (m *merger) number(labels []label) {
	slices.SortFunc(labels, func(a, b label) int { return strings.Compare(a.text, b.text) })
	m.lexicon.Reset()
	for from := 0; from < len(labels); {
		to, count := from, uint32(0)
		for ; to < len(labels) && labels[to].text == labels[from].text; to++ {
			*labels[to].place = uint32(m.lexicon.Len())
			count += labels[to].count
		}
		m.lexicon.Add([]byte(labels[from].text), count, 0)
		from = to
	}
}

// rename replaces the numbers of the segments by the new ones.
func (m *merger) rename(starts, items []uint32, renumber [][]uint32) {
	doc := 0
	for i := range m.raws {
		for _, number := range m.numbers[i] {
			if number == dropped {
				continue
			}
			for at := starts[doc]; at < starts[doc+1]; at++ {
				items[at] = renumber[i][items[at]]
			}
			doc++
		}
	}
}
