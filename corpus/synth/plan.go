package synth

import (
	"slices"
	"strconv"
	"strings"
)

// A post is planned before it is written: the plan is cheap, and it is what
// [Generator.Truth] tells.
type plan struct {
	edition  *edition
	stack    *stack
	theme    *theme
	problem  *problem
	scenario *scenario // Nil in editions other than English.
	// clause is the scenario as it is written, in the language of the post.
	clause string
	// english is the scenario's English clause.
	english string
	// component is the name of what the post is about; service is its English
	// form with hyphens, which code uses.
	component, noun, service string
	author                   int
	size                     int // 0 short, 1 medium, 2 long.
	day                      int // Day of publication, days since the Unix epoch.
	series                   *series
	part                     int // From 1; 0 when the post is in no series.
}

// series is what the parts of a series share.
type series struct {
	stack           *stack
	theme           *theme
	scenario        *scenario
	component, noun string
	author, day     int
	posts           []int // Numbers of the posts, in order.
	problems        []*problem
}

const (
	seriesBlock = 32 // A series lies within so many consecutive posts.
	// The first and the last day of publication: 2016-01-04 and 2026-06-30.
	firstDay = 16804
	lastDay  = 20634
)

// choice is a problem that a stack can have.
type choice struct {
	theme   *theme
	problem *problem
}

// menu is what goes with a stack, with the weight of each.
type menu struct {
	problems        []choice
	problemWeights  weights
	scenarios       []*scenario
	scenarioWeights weights
}

// newMenu lists what goes with stack number s. The order, and with it the weight,
// is rotated by s, so that stacks differ in what is written about most.
func newMenu(lib *library, s int) menu {
	var m menu
	st := lib.stacks[s]
	sum, rank := 0, 0
	for t := range lib.themes {
		th := lib.themes[(t+s*5)%len(lib.themes)]
		added := false
		for j := range th.problems {
			p := th.problems[(j+s)%len(th.problems)]
			if !overlap(st.fits, p.fits) {
				continue
			}
			sum += (1 << 20) / (rank + 4) / (j + 3)
			m.problems = append(m.problems, choice{th, p})
			m.problemWeights = append(m.problemWeights, sum)
			added = true
		}
		if added {
			rank++
		}
	}
	for k := range lib.scenarios {
		sc := lib.scenarios[(k+s*11)%len(lib.scenarios)]
		if slices.Contains(sc.fits, "any") || overlap(st.fits, sc.fits) {
			m.scenarios = append(m.scenarios, sc)
		}
	}
	m.scenarioWeights = harmonic(len(m.scenarios), 12)
	return m
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// plan decides what post i is about.
func (g *Generator) plan(i int) plan {
	d := newDice(g.seed, streamPlan, i)
	if s, part := g.seriesOf(i); s != nil {
		return g.planPart(&d, s, part)
	}
	if d.n(1000) < foreignPerMille {
		return g.planForeign(&d)
	}
	k := d.draw(g.stackWeights)
	m := &g.menus[k]
	c := m.problems[d.draw(m.problemWeights)]
	p := plan{
		edition: g.lib.english, stack: g.lib.stacks[k], theme: c.theme, problem: c.problem,
		scenario: m.scenarios[d.draw(m.scenarioWeights)],
		author:   d.draw(g.authorWeights), size: sizeOf(&d), day: dayOf(&d),
	}
	p.noun, p.component = g.component(&d, p.stack)
	p.finish()
	return p
}

// finish fills what follows from the rest.
func (p *plan) finish() {
	if p.scenario != nil {
		p.clause, p.english = p.scenario.clause, p.scenario.clause
	}
	if p.service == "" {
		p.service = kebab(p.component)
	}
}

func (g *Generator) planPart(d *dice, s *series, part int) plan {
	p := plan{
		edition: g.lib.english, stack: s.stack, theme: s.theme, problem: s.problems[part-1], scenario: s.scenario,
		component: s.component, noun: s.noun, author: s.author, size: max(1, sizeOf(d)),
		day: s.day + 13*(part-1) + d.n(9), series: s, part: part,
	}
	p.finish()
	return p
}

// foreignPerMille is how many of a thousand posts are not in English.
const foreignPerMille = 24

func (g *Generator) planForeign(d *dice) plan {
	e := g.lib.others[d.n(len(g.lib.others))]
	p := plan{edition: e, problem: e.problems[d.n(len(e.problems))], author: d.draw(g.authorWeights), size: d.n(2), day: dayOf(d)}
	p.theme = p.problem.theme
	for p.stack == nil || !overlap(p.stack.fits, p.problem.fits) {
		p.stack = g.lib.stacks[d.draw(g.stackWeights)]
	}
	s := e.scenarios[d.n(len(e.scenarios))]
	p.english, p.clause = s.english, s.clause
	name, component, _ := strings.Cut(d.word(e.words["components"]), "|")
	p.noun, _, _ = strings.Cut(name, " ")
	p.component, p.service = component, kebab(name)
	return p
}

// component draws a name such as "invoice export" whose kind suits the stack.
func (g *Generator) component(d *dice, s *stack) (noun, name string) {
	kinds := g.lib.words["kind-"+s.area]
	for {
		noun, kind := d.word(g.lib.words["noun"]), d.word(kinds)
		if !strings.HasPrefix(noun, kind) && !strings.HasPrefix(kind, noun) {
			return noun, noun + " " + kind
		}
	}
}

// sizeOf draws how long a post is: a quarter is short, a quarter long.
func sizeOf(d *dice) int { return [4]int{0, 1, 1, 2}[d.n(4)] }

// dayOf draws a day of publication; there are more recent ones than old ones.
func dayOf(d *dice) int {
	span := lastDay - firstDay
	return firstDay + max(d.n(span), d.n(span), d.n(span*3/2)%span)
}

// seriesOf returns the series that post i belongs to and its part, from 1.
func (g *Generator) seriesOf(i int) (*series, int) {
	block := i / seriesBlock
	d := newDice(g.seed, streamSeries, block)
	if !d.percent(45) {
		return nil, 0
	}
	length := d.between(3, 5)
	var posts [5]int
	place := d.n(6)
	for k := range length {
		posts[k] = block*seriesBlock + place
		place += d.between(1, 6)
	}
	part := slices.Index(posts[:length], i) + 1
	if part == 0 {
		return nil, 0
	}
	s := &series{posts: posts[:length], author: d.draw(g.authorWeights), day: min(dayOf(&d), lastDay-120)}
	g.fillSeries(&d, s)
	if len(s.problems) < 3 || part > len(s.problems) {
		return nil, 0
	}
	return s, part
}

// fillSeries draws the subject of a series. A theme with fewer problems that suit
// the stack than the series has posts makes it shorter.
func (g *Generator) fillSeries(d *dice, s *series) {
	k := d.draw(g.stackWeights)
	m := &g.menus[k]
	s.stack = g.lib.stacks[k]
	s.theme = m.problems[d.draw(m.problemWeights)].theme
	s.scenario = m.scenarios[d.draw(m.scenarioWeights)]
	s.noun, s.component = g.component(d, s.stack)
	for _, c := range m.problems {
		if c.theme == s.theme && len(s.problems) < len(s.posts) {
			s.problems = append(s.problems, c.problem)
		}
	}
}

// title is the name of the series.
func (s *series) title() string {
	return upperFirst(s.theme.name) + " in " + s.stack.name + ": the " + s.component
}

// id is the post's id and the path of its address.
func (p *plan) id(i int) string {
	var b [128]byte
	id := append(b[:0], kebab(p.stack.area)...)
	id = append(id, '/')
	id = append(id, kebab(p.problem.english)...)
	id = append(id, '-')
	n := strconv.Itoa(i)
	for range max(0, 7-len(n)) {
		id = append(id, '0')
	}
	return string(append(id, n...))
}

func upperFirst(s string) string { return string(raiseFirst([]byte(s), 0)) }
