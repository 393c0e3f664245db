package zapwriter

// postings collects the postings of term t in postingList.
func (w *writer) postings(f *fieldBuilder, t uint32) {
	from, to := w.run(t)
	l := &w.postingList
	l.reset()
	for i := from; i < to; {
		end := i + 1
		for end < to && w.docOf[end] == w.docOf[i] {
			end++
		}
		freq := end - i
		if f.Options.SkipFreqNorm() {
			freq = 0
		}
		l.add(w.docOf[i], freq)
		if f.Options.IncludeTermVectors() {
			before := uint32(0)
			for ; i < end; i++ {
				position := f.position[w.tokens[i]]
				l.position(position - before)
				before = position
			}
		}
		i = end
	}
}
