package synth

import (
	"encoding/json"
	"strconv"
	"time"

	"alphanode/corpus"
)

// date fills when the post was published and changed. Most dates are instants in
// working hours; some sites only know the day.
func (m *meta) date(p *corpus.Post) {
	p.PublishedAt = m.at(m.day)
	if m.dice.percent(55) {
		later := m.dice.n(1 + m.dice.n(900))
		p.UpdatedAt = m.at(min(m.day+later, lastDay))
	}
}

// at returns a moment of a day, or the day alone.
func (m *meta) at(day int) corpus.Date {
	start := time.Unix(int64(day)*86400, 0).UTC()
	if m.dice.percent(15) {
		return corpus.DayOf(start)
	}
	return corpus.InstantOf(start.Add(time.Duration(m.dice.between(6*3600, 20*3600)) * time.Second))
}

// rate fills the numbers of a post.
func (m *meta) rate(p *corpus.Post) {
	minutes := float64(words(p.Body)/190 + 1)
	p.ReadingTime = &minutes
	if !m.dice.percent(4) {
		views := m.views()
		p.ViewCount = &views
	}
	p.Score = m.score()
}

// words counts the words of a text; 190 a minute is how fast people read what has
// code in it.
func words(s string) int {
	n := 0
	for k := 1; k < len(s); k++ {
		if s[k] <= ' ' && s[k-1] > ' ' {
			n++
		}
	}
	return n
}

// views draws a number with a heavy tail: each doubling from 16 to 2^21 gets
// seven tenths of the share of the one before, and older posts have more.
func (m *meta) views() int64 {
	k := 0
	for k < 17 && m.dice.percent(70) {
		k++
	}
	low := int64(16) << k
	views := low + int64(m.dice.n(int(low)))
	return views * int64(lastDay+400-m.day) / 1000
}

// score draws the editorial scores: all four for most posts, some for a few, none
// for others. A long post is a deeper one, on the whole.
func (m *meta) score() *corpus.Score {
	if m.dice.percent(4) {
		return nil
	}
	s := &corpus.Score{
		Quality:   m.bell(42, 98),
		Freshness: m.bell(35, 100),
		Depth:     m.bell(30+14*m.size, 68+14*m.size),
		Clarity:   m.bell(50, 98),
	}
	if m.dice.percent(6) {
		s.Freshness = nil
	}
	if m.dice.percent(4) {
		s.Depth, s.Clarity = nil, nil
	}
	return s
}

// bell draws a whole number in low..high, more often from the middle.
func (m *meta) bell(low, high int) *float64 {
	span := high - low
	x := float64(low + (m.dice.n(span+1)+m.dice.n(span+1)+m.dice.n(span+1))/3)
	return &x
}

// statuses lists the editorial statuses with their share of a thousand posts; the
// rest has no revision at all.
//
//nolint:gochecknoglobals // immutable table
var statuses = []struct {
	status corpus.Status
	share  int
}{
	{corpus.StatusPublished, 560},
	{corpus.StatusReviewed, 330},
	{corpus.StatusArchived, 22},
	{corpus.StatusDraft, 20},
	{corpus.StatusPending, 18},
	{corpus.StatusRejected, 10},
}

// review fills the editorial state and the flags.
func (m *meta) review(p *corpus.Post) {
	p.Flags = &corpus.Flags{
		AIGeneratedStyle: m.dice.percent(8),
		HasImages:        len(p.Images) > 0,
		ImageHeavy:       len(p.Images) >= 4,
		NeedsHumanReview: m.dice.percent(2),
	}
	r := m.dice.n(1000)
	for _, s := range statuses {
		if r -= s.share; r < 0 {
			p.Revision = m.revision(p, s.status)
			break
		}
	}
	if p.Revision != nil && p.Revision.Status == corpus.StatusPending {
		p.Flags.NeedsHumanReview = true
	}
	p.Reference = "ref-" + padded(m.i, 6) + "-" + padded(m.dice.n(10000), 4)
}

func (m *meta) revision(p *corpus.Post, status corpus.Status) *corpus.Revision {
	r := &corpus.Revision{
		Status:  status,
		Version: strconv.Itoa(1+m.dice.n(3)) + "." + strconv.Itoa(m.dice.n(8)) + "." + strconv.Itoa(m.dice.n(12)),
	}
	if status == corpus.StatusReviewed || m.dice.percent(40) {
		day := max(int(p.PublishedAt.Day()), int(p.UpdatedAt.Day()))
		r.LastReviewed = corpus.DayOf(time.Unix(int64(min(day+m.dice.n(60), lastDay))*86400, 0))
	}
	return r
}

func padded(n, width int) string { return string(appendPadded(nil, n, width)) }

// payload is a JSON object of facts about the making of the post, two levels deep.
func (m *meta) payload(paragraphs int) json.RawMessage {
	b := make([]byte, 0, 512)
	b = appendMember(append(b, '{'), "source_id", "alphanode-"+padded(m.i, 6))
	b = appendMember(append(b, ','), "generator", "alphanode generate")
	b = strconv.AppendInt(append(b, `,"paragraphs":`...), int64(paragraphs), 10)
	b = appendMember(append(b, ','), "scenario", m.clause)
	b = strconv.AppendUint(append(b, `,"seed":`...), m.g.seed, 10)
	b = strconv.AppendInt(append(b, `,"number":`...), int64(m.i), 10)
	b = appendMember(append(b, `,"measurement":{`...), "name", m.metric)
	b = appendMember(append(b, ','), "before", m.before)
	b = appendMember(append(b, ','), "after", m.after)
	return append(b, "}}"...)
}

// appendMember writes a member of a JSON object.
func appendMember(dst []byte, name, value string) []byte {
	dst = append(append(append(dst, '"'), name...), `":"`...)
	for _, c := range []byte(value) {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, ' ')
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
