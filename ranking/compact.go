package ranking

import "slices"

// compact numbers the terms, addresses and spellings anew that a generation needs:
// most of what a corpus says stands in one post, and tells nothing about two.
func (m *Model) compact() {
	m.entity.drop(func(name uint32) bool { return m.idf[entityChannel][name] == 0 })
	m.compactTerms()
	m.compactTargets()
	m.compactSpellings()
}

//nolint:gochecknoglobals // immutable table
var termChannels = []channel{proseChannel, leadChannel, identifierChannel, summaryChannel, titleChannel}

func (m *Model) compactTerms() {
	used := make([]bool, m.labels[termSpace].len())
	for _, c := range termChannels {
		for id, w := range m.idf[c] {
			used[id] = used[id] || w > 0
		}
	}
	m.titled.finder.terms(used)
	m.entity.terms(used)
	to := m.renumber(termSpace, used)
	for _, c := range termChannels {
		m.vectors[c].translate(to)
		if c != titleChannel {
			m.df[c] = moved(m.df[c], used)
			m.idf[c] = moved(m.idf[c], used)
			m.vectors[c].idf = m.idf[c]
		}
	}
	m.idf[titleChannel] = m.idf[proseChannel]
	m.vectors[titleChannel].idf = m.idf[proseChannel]
	m.termHash = moved(m.termHash, used)
	m.pairs = m.pairs.translated(to)
	m.titled.finder.translate(to)
	m.entity.translate(to)
}

func (m *Model) compactTargets() {
	used := make([]bool, m.labels[targetSpace].len())
	for id, w := range m.idf[targetChannel] {
		used[id] = w > 0
	}
	m.vectors[targetChannel].translate(m.renumber(targetSpace, used))
	m.df[targetChannel], m.idf[targetChannel] = moved(m.df[targetChannel], used), moved(m.idf[targetChannel], used)
	m.vectors[targetChannel].idf = m.idf[targetChannel]
}

// renumber leaves the used features of a space and returns their new numbers.
func (m *Model) renumber(s spaceID, used []bool) []uint32 {
	to := make([]uint32, len(used))
	var kept []string
	var memory arena
	for id, name := range m.labels[s].names {
		to[id] = unknown
		if used[id] {
			to[id] = uint32(len(kept))
			kept = append(kept, memory.copy(name))
		}
	}
	m.labels[s] = spaceOf(kept)
	m.written[s].best, m.written[s].plain = moved(m.written[s].best, used), moved(m.written[s].plain, used)
	return to
}

// compactSpellings leaves the spellings that features and pairs are said by.
func (m *Model) compactSpellings() {
	kept := newSpace()
	old := m.spelled.names
	for s := range m.written {
		for id, best := range m.written[s].best {
			if best > 0 {
				m.written[s].best[id] = kept.number(old[best-1]) + 1
			}
		}
	}
	for n := range m.pairs.written {
		if w := &m.pairs.written[n]; w.votes > 0 {
			w.first, w.second = kept.number(old[w.first]), kept.number(old[w.second])
		}
	}
	kept.slots = nil // Nobody asks for the number of a spelling.
	m.spelled = kept
}

// moved leaves the used values; what is short of them has no more.
func moved[T any](values []T, used []bool) []T {
	var out []T
	for id, v := range values {
		if used[id] {
			out = append(out, v)
		}
	}
	return out
}

// translate gives the entries of all rows their new numbers.
func (v *vectors) translate(to []uint32) {
	for i := range v.length {
		ids, _ := v.row(i)
		for k, id := range ids {
			ids[k] = to[id]
		}
	}
}

// translated are the pairs of the terms' new numbers.
func (p *pairs) translated(to []uint32) *pairs {
	for n, key := range p.terms {
		first, second := splitKey(key)
		p.terms[n] = pairKey(to[first], to[second])
	}
	return pairsOf(p.terms, p.written)
}

// drop forgets names.
func (f *finder) drop(gone func(name uint32) bool) {
	for t, names := range f.byTerm {
		if f.byTerm[t] = slices.DeleteFunc(names, gone); len(f.byTerm[t]) == 0 {
			delete(f.byTerm, t)
		}
	}
	f.byPair = f.byPair.without(gone)
}

// terms marks the terms of the names.
func (f *finder) terms(used []bool) {
	for t := range f.byTerm {
		used[t] = true
	}
	for _, key := range f.pairs.terms {
		first, second := splitKey(key)
		used[first], used[second] = true, true
	}
}

// translate gives the terms of the names their new numbers.
func (f *finder) translate(to []uint32) {
	byTerm := make(map[uint32][]uint32, len(f.byTerm))
	for t, names := range f.byTerm {
		byTerm[to[t]] = names
	}
	f.byTerm = byTerm
	for n, key := range f.pairs.terms {
		first, second := splitKey(key)
		f.pairs.terms[n] = pairKey(to[first], to[second])
	}
	f.pairs = keysOf(f.pairs.terms)
}
