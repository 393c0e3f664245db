package postings

import segment "github.com/blevesearch/scorch_segment_api/v2"

// readAPI reads through the segment API.
func (r *Reader) readAPI(field string, term []byte, positions bool) (*List, *Positions, error) {
	dict, err := r.seg.Dictionary(field)
	if err != nil {
		return nil, nil, err
	}
	pl, err := dict.PostingsList(term, nil, nil)
	if err != nil || pl.Count() == 0 {
		return nil, nil, err
	}
	l, p := &List{}, &Positions{starts: []uint32{0}}
	it := pl.Iterator(true, false, positions, nil)
	for {
		posting, err := it.Next()
		if err != nil {
			return nil, nil, err
		}
		if posting == nil {
			break
		}
		l.Docs = append(l.Docs, uint32(posting.Number()))
		l.appendFreq(uint32(posting.Frequency()))
		p.append(posting.Locations())
	}
	if len(p.all) == 0 {
		p = nil
	}
	return l, p, nil
}

func (p *Positions) append(locations []segment.Location) {
	for _, loc := range locations {
		position := loc.Pos()
		p.all = append(p.all, uint32(position))
		for _, delta := range loc.ArrayPositions() {
			position += delta
			p.all = append(p.all, uint32(position))
		}
	}
	p.starts = append(p.starts, uint32(len(p.all)))
}
