package synth

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// draft is a post being written: its plan, its own words and its dice.
type draft struct {
	g *Generator
	i int
	plan
	names
	text dice
	// What a post says more than once is drawn once.
	symptom, symptom2, cause, cause2, fix, fix2 string
	metric, before, after                       string
	tools                                       []string
	prev, prevURL                               string
	used                                        []*piece // First pieces of the sentences used so far.
}

// newDraft plans post i and draws what its text says more than once.
func (g *Generator) newDraft(i int) *draft {
	d := &draft{g: g, i: i, plan: g.plan(i), text: newDice(g.seed, streamText, i)}
	d.names = newNames(&d.text, g.lib, &d.plan)
	d.drawTools()
	d.drawFigures()
	p := d.problem
	s, c, f := d.text.n(2), d.text.n(2), d.text.n(2)
	d.symptom, d.symptom2 = d.render(p.symptoms[s]), d.render(p.symptoms[1-s])
	d.cause, d.cause2 = d.render(p.causes[c]), d.render(p.causes[1-c])
	d.fix, d.fix2 = d.render(p.fixes[f]), d.render(p.fixes[1-f])
	return d
}

// drawTools takes some tools of the stack and some of the theme.
func (d *draft) drawTools() {
	d.tools = make([]string, 0, 6)
	d.addTools(d.stack.tools, d.text.between(2, 4))
	d.addTools(d.theme.tools, d.text.between(1, 2))
}

// addTools adds up to n tools of a list that are not there yet.
func (d *draft) addTools(list []string, n int) {
	start := d.text.n(len(list))
	for k := range list {
		tool := list[(start+k*3)%len(list)]
		if n > 0 && !slices.Contains(d.tools, tool) {
			d.tools = append(d.tools, tool)
			n--
		}
	}
}

// unit is how a measure is drawn and written.
type unit struct {
	key              string
	low, high, step  int
	singular, plural string
	prefix           string // What makes the measure's name a noun phrase.
}

//nolint:gochecknoglobals // immutable table
var units = []unit{
	{"ms", 400, 9000, 20, "ms", "ms", "the "},
	{"s", 40, 900, 1, "second", "seconds", "the "},
	{"min", 24, 180, 1, "minute", "minutes", "the "},
	{"h", 6, 48, 1, "hour", "hours", "the "},
	{"days", 9, 60, 1, "day", "days", "the "},
	{"mb", 300, 6400, 20, "MB", "MB", "the "},
	{"kb", 400, 5200, 10, "KB", "KB", "the "},
	{"gb", 80, 2400, 10, "GB", "GB", "the "},
	{"pct", 9, 48, 1, "percent", "percent", "the share of "},
	{"few", 5, 19, 1, "", "", "the number of "},
	{"count", 40, 640, 1, "", "", "the number of "},
}

func unitOf(key string) *unit {
	for k := range units {
		if units[k].key == key {
			return &units[k]
		}
	}
	return &units[len(units)-1]
}

// drawFigures draws the measure before and after; less is better for all of them.
func (d *draft) drawFigures() {
	u := unitOf(d.problem.unit)
	before := u.low + d.text.n((u.high-u.low)/u.step)*u.step
	after := max(1, before*d.text.between(5, 32)/100/u.step*u.step)
	d.before, d.after = d.amount(u, before), d.amount(u, after)
	d.metric = d.problem.metric
	if d.edition.lang == "en" {
		d.metric = u.prefix + d.metric
	}
}

// amount writes a number with its unit, in the language of the post.
func (d *draft) amount(u *unit, n int) string {
	s := string(appendGrouped(nil, n, d.edition.separator()))
	name := u.plural
	if n == 1 {
		name = u.singular
	}
	for _, line := range d.edition.words["unit"] {
		if rest, found := strings.CutPrefix(line, u.key+"|"); found {
			name = rest
		}
	}
	if name == "" {
		return s
	}
	return s + " " + name
}

// appendGrouped writes n with a separator before each group of three digits.
func appendGrouped(dst []byte, n int, separator string) []byte {
	if n < 1000 {
		return strconv.AppendInt(dst, int64(n), 10)
	}
	dst = append(appendGrouped(dst, n/1000, separator), separator...)
	return appendPadded(dst, n%1000, 3)
}

// appendPadded writes n with at least width digits.
func appendPadded(dst []byte, n, width int) []byte {
	for ; width > 1 && n < pow10(width-1); width-- {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

func pow10(e int) int {
	p := 1
	for range e {
		p *= 10
	}
	return p
}

// title draws the title; it is the first that is drawn after the words, so that
// the next part of a series finds the same.
func (d *draft) title() string {
	section := "title"
	if d.series != nil {
		section = "title-series"
	}
	return d.render(d.choose(section))
}

// url is the post's address.
func (d *draft) url() string { return "https://notes.example.org/" + d.id(d.i) + "/" }

// choose draws a sentence of a section of the post's edition.
func (d *draft) choose(section string) phrase { return d.oneOf(d.edition.sections[section]) }

// oneOf draws a sentence that the post has not used yet; nil where there is none.
func (d *draft) oneOf(list []phrase) phrase {
	start := d.text.n(len(list))
	for k := range list {
		p := list[(start+k)%len(list)]
		if !slices.Contains(d.used, &p[0]) {
			d.used = append(d.used, &p[0])
			return p
		}
	}
	return nil
}

// render fills the slots of a phrase.
func (d *draft) render(p phrase) string {
	var b [512]byte
	return string(d.append(b[:0], p))
}

func (d *draft) append(dst []byte, p phrase) []byte {
	for k := range p {
		dst = append(dst, p[k].text...)
		if p[k].slot == slotNone {
			continue
		}
		start := len(dst)
		dst = d.appendSlot(dst, p[k].slot, p[k].upper)
		if p[k].upper && !d.keepsCase(p[k].slot) {
			raiseFirst(dst, start)
		}
	}
	return dst
}

// keepsCase is true of names that are written the same at the start of a sentence.
func (d *draft) keepsCase(s slot) bool {
	return s == slotTool || s == slotTool2 || s == slotStack && d.stack.fixedCase
}

// appendSlot fills one slot: with a word of the post, or with a fresh draw.
func (d *draft) appendSlot(dst []byte, s slot, upper bool) []byte {
	switch s {
	case slotStack:
		return append(dst, d.stack.name...)
	case slotLang:
		return append(dst, d.stack.label...)
	case slotTheme:
		return append(dst, d.theme.name...)
	case slotScenario:
		return append(dst, d.clause...)
	case slotComponent:
		return append(dst, d.component...)
	case slotService:
		return append(dst, d.service...)
	case slotDoing:
		return append(dst, d.problem.doing...)
	case slotObject:
		return append(dst, d.problem.object...)
	case slotSymptom:
		return append(dst, d.symptom...)
	case slotSymptom2:
		return append(dst, d.symptom2...)
	case slotCause:
		return append(dst, d.cause...)
	case slotCause2:
		return append(dst, d.cause2...)
	case slotFix:
		return append(dst, d.fix...)
	case slotFix2:
		return append(dst, d.fix2...)
	case slotMetric:
		return append(dst, d.metric...)
	case slotBefore:
		return append(dst, d.before...)
	case slotAfter:
		return append(dst, d.after...)
	case slotPart:
		return strconv.AppendInt(dst, int64(d.part), 10)
	case slotPrev:
		return append(dst, d.prev...)
	case slotPrevURL:
		return append(dst, d.prevURL...)
	default:
		return d.appendName(dst, s, upper)
	}
}

// appendName fills a slot with a name that belongs to the post.
func (d *draft) appendName(dst []byte, s slot, upper bool) []byte {
	switch s {
	case slotTool:
		return append(dst, d.tools[0]...)
	case slotTool2:
		return append(dst, d.tools[1]...)
	case slotTeam:
		return append(dst, d.team...)
	case slotFunc:
		if upper {
			return append(dst, d.funcPascal...)
		}
		return append(dst, d.funcName...)
	case slotType:
		return append(dst, d.typeName...)
	case slotTable:
		return append(dst, d.table...)
	case slotKey:
		return append(dst, d.key...)
	case slotFlag:
		return append(dst, d.flag...)
	case slotConst:
		return append(dst, d.constant...)
	case slotSnake:
		return append(dst, d.snake...)
	case slotTicket:
		return append(dst, d.ticket...)
	case slotVersion:
		return append(dst, d.version...)
	case slotHost:
		return append(dst, d.host...)
	case slotRegion:
		return append(dst, d.region...)
	case slotRegion2:
		return append(dst, d.region2...)
	default:
		return d.appendDraw(dst, s)
	}
}

// appendDraw fills a slot with something drawn for this place alone.
func (d *draft) appendDraw(dst []byte, s slot) []byte {
	t := &d.text
	switch s {
	case slotN:
		return strconv.AppendInt(dst, int64(t.between(11, 96)), 10)
	case slotFew:
		return append(dst, t.word(d.words("few"))...)
	case slotFew2:
		return strconv.AppendInt(dst, int64(t.between(2, 9)), 10)
	case slotBig:
		return appendGrouped(dst, t.between(11, 990)*pow10(t.between(2, 4)), d.edition.separator())
	case slotMB:
		return strconv.AppendInt(dst, int64(t.between(6, 48)*20), 10)
	case slotMS:
		return strconv.AppendInt(dst, int64(t.between(12, 95)*10), 10)
	case slotPct:
		return strconv.AppendInt(dst, int64(t.between(3, 38)), 10)
	case slotDays:
		return strconv.AppendInt(dst, int64([7]int{7, 10, 14, 21, 30, 60, 90}[t.n(7)]), 10)
	case slotYear:
		return strconv.AppendInt(dst, int64(d.date(0).Year()-t.between(1, 8)), 10)
	case slotMonth:
		return append(dst, t.word(d.words("month"))...)
	case slotWeekday:
		return append(dst, t.word(d.words("weekday"))...)
	case slotHour:
		return append(dst, t.word(d.words("hour"))...)
	case slotDay:
		return d.date(-9).AppendFormat(dst, time.DateOnly)
	case slotDay2:
		return d.date(-8).AppendFormat(dst, time.DateOnly)
	default:
		return dst
	}
}

// words returns the words of a kind in the language of the post.
func (d *draft) words(kind string) []string {
	if list := d.edition.words[kind]; list != nil {
		return list
	}
	return d.g.lib.words[kind]
}

// date is the day of publication, shifted by days.
func (d *draft) date(days int) time.Time {
	return time.Unix(int64(d.day+days)*86400, 0).UTC()
}
