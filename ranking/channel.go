package ranking

// spaceID names a set of features.
type spaceID uint8

// The spaces.
const (
	termSpace   spaceID = iota // stems, numbers, identifiers
	pairSpace                  // two neighbouring terms
	tagSpace                   // tags, folded
	entitySpace                // names of entities, stack, tools and topics, folded
	folderSpace                // the folders a url is in
	seriesSpace                // series, folded
	targetSpace                // addresses that are linked to
	numSpaces
)

// channel names one sparse vector of a post.
type channel uint8

// The channels.
const (
	proseChannel channel = iota
	pairChannel
	leadChannel
	identifierChannel
	summaryChannel
	titleChannel
	tagChannel
	entityChannel
	folderChannel
	seriesChannel
	targetChannel
	numChannels
)

// channelSpaces says which features a channel's vectors are made of.
//
//nolint:gochecknoglobals // immutable table
var channelSpaces = [numChannels]spaceID{
	proseChannel: termSpace, pairChannel: pairSpace, leadChannel: termSpace, identifierChannel: termSpace,
	summaryChannel: termSpace, titleChannel: termSpace, tagChannel: tagSpace, entityChannel: entitySpace,
	folderChannel: folderSpace, seriesChannel: seriesSpace, targetChannel: targetSpace,
}

// sparse is one vector as it is counted.
type sparse struct {
	ids    []uint32
	counts []uint8
}

// tally counts features of one post; reused from post to post.
type tally struct {
	count   []uint16
	touched []uint32
}

// maxCount is the greatest count that is kept.
const maxCount = 255

func (t *tally) add(id uint32, n uint16) {
	for int(id) >= len(t.count) {
		t.count = append(t.count, 0)
	}
	if t.count[id] == 0 {
		t.touched = append(t.touched, id)
	}
	t.count[id] = min(t.count[id]+n, maxCount)
}

func (t *tally) has(id uint32) bool { return int(id) < len(t.count) && t.count[id] > 0 }

// take returns what was counted since the last take, in order of first
// occurrence.
func (t *tally) take() sparse {
	s := sparse{ids: make([]uint32, len(t.touched)), counts: make([]uint8, len(t.touched))}
	copy(s.ids, t.touched)
	for i, id := range t.touched {
		s.counts[i] = uint8(t.count[id])
		t.count[id] = 0
	}
	t.touched = t.touched[:0]
	return s
}
