package layout

import (
	bleve "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// All positions of a term in a field are one location of the segment: the first
// position, then the distances as array positions. Start and end are not kept:
// highlights analyse the text again.

// tableSize is the number of positions whose locations are shared by all
// documents. Most terms occur once, early.
const tableSize = 1 << 14

//nolint:gochecknoglobals // immutable table
var locationTable = newLocationTable()

func newLocationTable() []*bleve.TokenLocation {
	block := make([]bleve.TokenLocation, tableSize)
	table := make([]*bleve.TokenLocation, tableSize)
	for i := range block {
		block[i].Position = i
		table[i] = &block[i]
	}
	return table
}

func locationAt(position int) []*bleve.TokenLocation {
	if position < tableSize {
		return locationTable[position : position+1 : position+1]
	}
	return []*bleve.TokenLocation{{Position: position}}
}

// AppendPositions adds the positions of a posting to dst, ascending.
func AppendPositions(dst []uint32, p segment.Posting) []uint32 {
	for _, loc := range p.Locations() {
		position := loc.Pos()
		dst = append(dst, uint32(position)) //nolint:gosec // bounded by the body limit
		for _, delta := range loc.ArrayPositions() {
			position += delta
			dst = append(dst, uint32(position)) //nolint:gosec // bounded by the body limit
		}
	}
	return dst
}
