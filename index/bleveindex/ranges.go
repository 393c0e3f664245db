package bleveindex

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	bleve "github.com/blevesearch/bleve_index_api"

	"alphanode/index"
)

// Each batch writes, as internal keys and together with its content, the range of
// sequence numbers that it covers, and the gapless prefix as it was when the batch
// was made. Batches may arrive in another order than they were made, and then a
// lower prefix replaces a higher one; so a range is taken out only when no batch in
// flight carries a prefix that lies before its end.

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

// within names the keys of the ranges that end at or before end.
func (r ranges) within(end uint64) []string {
	var keys []string
	for _, one := range r.list {
		if one.To <= end {
			keys = append(keys, rangeKey(one.From))
		}
	}
	return keys
}

// marks are the prefixes that the batches in flight carry.
type marks struct {
	mu     sync.Mutex
	next   int
	flying map[int]uint64
}

// mark adds the range to the batch, and takes out those that the prefix has made
// needless. The caller calls done when the batch has been applied or has failed.
func (e *engine) mark(batch *bleve.Batch, r index.Range) (done func(), err error) {
	if r.From > r.To {
		return func() {}, nil
	}
	m := &e.marks
	m.mu.Lock()
	defer m.mu.Unlock()
	reader, err := e.reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close() //nolint:errcheck // drops a reference
	applied := appliedRanges(reader.Internal())
	prefix := applied.prefix()
	lowest := prefix
	for _, p := range m.flying {
		lowest = min(lowest, p)
	}
	for _, key := range applied.within(lowest) {
		batch.DeleteInternal([]byte(key))
	}
	batch.SetInternal([]byte(prefixKey), appendSeq(nil, prefix))
	batch.SetInternal([]byte(rangeKey(r.From)), appendSeq(nil, r.To))
	return m.add(prefix), nil
}

// add registers a batch with its prefix; the caller holds mu.
func (m *marks) add(prefix uint64) (done func()) {
	if m.flying == nil {
		m.flying = make(map[int]uint64)
	}
	id := m.next
	m.next++
	m.flying[id] = prefix
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.flying, id)
	}
}
