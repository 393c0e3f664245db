package bleveindex

import (
	"encoding/binary"
	"slices"
	"strings"

	"alphanode/index"
)

// Each batch writes, as internal keys and together with its content, the range of
// sequence numbers that it covers, and the gapless prefix as it was when the batch
// was made. Batches may arrive in another order than they were made: then the
// prefix that is written last is too low, never too high, and what follows is
// applied once more.

const (
	prefixKey      = "applied"
	rangeKeyPrefix = "range "
)

func rangeKey(from uint64) string { return rangeKeyPrefix + string(appendSeq(nil, from)) }

func appendSeq(dst []byte, seq uint64) []byte { return binary.BigEndian.AppendUint64(dst, seq) }

func decodeSeq(b []byte) (uint64, bool) {
	if len(b) != 8 {
		return 0, false
	}
	return binary.BigEndian.Uint64(b), true
}

// ranges are the sequence numbers that a snapshot has applied.
type ranges struct {
	written uint64 // the prefix as it was written
	list    []index.Range
}

// appliedRanges reads the internal keys of a snapshot.
func appliedRanges(internal map[string][]byte) ranges {
	var out ranges
	out.written, _ = decodeSeq(internal[prefixKey])
	for key, value := range internal {
		from, okFrom := decodeSeq([]byte(strings.TrimPrefix(key, rangeKeyPrefix)))
		to, okTo := decodeSeq(value)
		if strings.HasPrefix(key, rangeKeyPrefix) && okFrom && okTo {
			out.list = append(out.list, index.Range{From: from, To: to})
		}
	}
	slices.SortFunc(out.list, func(a, b index.Range) int {
		if a.From < b.From {
			return -1
		}
		return 1
	})
	return out
}

// prefix is the end of the gapless prefix.
func (r ranges) prefix() uint64 {
	end := r.written
	for _, one := range r.list {
		if one.From <= end+1 {
			end = max(end, one.To)
		}
	}
	return end
}

// settle names the keys of ranges that lie within the prefix.
func (r ranges) settle() []string {
	var keys []string
	end := r.prefix()
	for _, one := range r.list {
		if one.To <= end {
			keys = append(keys, rangeKey(one.From))
		}
	}
	return keys
}
