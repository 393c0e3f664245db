package synth

import "alphanode/corpus"

// compose writes the body of a post, section by section.
type compose struct {
	*draft
	page
	images []corpus.Image
	todo   []string
	buf    []byte // The paragraph being written.
}

// say adds sentences of a section of the edition to the paragraph.
func (c *compose) say(section string, n int) { c.sayFrom(c.edition.sections[section], n) }

// sayFrom adds n sentences of a list to the paragraph, as far as there are any
// that the post has not used.
func (c *compose) sayFrom(list []phrase, n int) {
	for range n {
		p := c.oneOf(list)
		if p == nil {
			return
		}
		c.sayThis(p)
	}
}

// sayWork adds sentences of a section, and half of the time of its second part,
// which is about running systems, where the theme is about those.
func (c *compose) sayWork(section string, n int) {
	for range n {
		list := c.edition.sections[section+"-run"]
		if list == nil || c.theme.practice || c.text.percent(50) {
			list = c.edition.sections[section]
		}
		c.sayFrom(list, 1)
	}
}

func (c *compose) sayThis(p phrase) {
	if len(c.buf) > 0 {
		c.buf = append(c.buf, ' ')
	}
	c.buf = c.append(c.buf, p)
}

// end ends the paragraph.
func (c *compose) end() {
	if len(c.buf) > 0 {
		c.paragraph(c.buf)
		c.buf = c.buf[:0]
	}
}

// head writes a heading drawn from a section.
func (c *compose) head(section string) {
	if p := c.choose(section); p != nil {
		c.heading(2, c.append(nil, p))
	}
}

// more draws how many sentences a place gets: low for short posts, and up to two
// more for long ones.
func (c *compose) more(low int) int { return low + c.text.n(c.size+1) }

// write writes the whole body.
func (c *compose) write() {
	c.lead()
	for _, section := range c.order() {
		section()
	}
	c.final()
}

// order draws the order of the sections between lead and final notes. What a
// reader needs first stays first: the cause before the change, the change before
// the checks.
func (c *compose) order() []func() {
	sections := make([]func(), 0, 9)
	switch c.text.n(4) {
	case 0:
		sections = append(sections, c.saw, c.why, c.context)
	case 1:
		sections = append(sections, c.context, c.why, c.saw)
	default:
		sections = append(sections, c.why, c.context, c.saw)
	}
	sections = append(sections, c.reason, c.change)
	if c.text.percent(30) {
		return append(sections, c.price, c.checks, c.checklist)
	}
	return append(sections, c.checks, c.price, c.checklist)
}

func (c *compose) lead() {
	if c.prev != "" {
		c.say("series", 1)
		c.say("series-link", 1)
		c.end()
	}
	c.say("lead", 1)
	if c.text.percent(60) {
		c.say("promise", 1)
	}
	c.end()
	c.nextFigure()
}

// nextFigure shows the next of the post's images.
func (c *compose) nextFigure() {
	if len(c.images) > 0 {
		c.figure(&c.images[0])
		c.images = c.images[1:]
	}
}

func (c *compose) why() {
	c.head("h-why")
	c.sayFrom(c.theme.whyIn(c.edition), c.more(1))
	c.end()
	if c.size == 0 {
		c.say("baseline", 1+c.text.n(2))
		c.end()
	}
}

// saw tells what was measured. Short posts have one sentence on it, in why.
func (c *compose) saw() {
	if c.size == 0 {
		return
	}
	c.head("h-saw")
	c.say("baseline", c.more(1))
	c.end()
	c.sayWork("saw", c.more(1))
	c.say("symptom-more", c.text.n(2))
	c.end()
	if !c.theme.practice {
		c.say("area-"+c.stack.area, c.more(0))
		c.end()
	}
	c.nextFigure()
	c.command()
}

// command shows the command behind the numbers, in some posts.
func (c *compose) command() {
	list := c.g.lib.snippets["command"][c.theme.snippet]
	if len(list) == 0 || !c.text.percent(35) || c.edition != c.g.lib.english {
		return
	}
	c.say("command-before", 1)
	c.end()
	c.code("sh", c.append(nil, c.oneOf(list)))
}

func (c *compose) context() {
	if c.scenario == nil || c.size == 0 || c.text.percent(35) {
		return
	}
	c.head("h-context")
	c.say("scenario-intro", 1)
	c.sayFrom(c.scenario.notes, c.more(1))
	if c.text.percent(50) {
		c.sayFrom(c.stack.notes, 1)
	}
	c.end()
}

func (c *compose) reason() {
	c.head("h-cause")
	c.say("cause", 1)
	if c.text.percent(20 + 30*c.size) {
		c.say("cause-more", 1)
	}
	c.end()
	if c.edition == c.g.lib.english {
		c.sayFrom(c.stack.notes, c.more(0))
	}
	c.end()
}

func (c *compose) change() {
	c.head("h-fix")
	c.say("fix", 1)
	c.sayFrom(c.problem.facts, c.more(1))
	c.end()
	if p, test := c.snippet(); p != nil {
		if test {
			c.say("test-before", 1)
		} else {
			c.say("code-before", 1)
		}
		c.end()
		c.code(c.stack.code, c.append(nil, p))
		c.say("code-after", c.more(1))
		c.end()
	}
	if c.text.percent(30 + 25*c.size) {
		c.say("fix-more", 1)
		c.say("tool", c.text.n(2))
		c.end()
	}
	c.nextFigure()
}

// snippet draws code of the kind that the theme asks for; where the language has
// none of that kind, and in some other posts, a test, unless the theme is about
// how people work. Nil means no code.
func (c *compose) snippet() (p phrase, test bool) {
	if c.theme.practice || !c.text.percent(12) {
		if list := c.snippetsOf(c.theme.snippet); list != nil {
			return c.oneOf(list), c.theme.snippet == "test"
		}
	}
	if c.theme.practice {
		return nil, false
	}
	return c.oneOf(c.snippetsOf("test")), true
}

// snippetsOf returns the code of a kind from the first of the stack's sets that
// has it.
func (c *compose) snippetsOf(kind string) []phrase {
	for _, set := range c.stack.snippets {
		if list := c.g.lib.snippets[set][kind]; list != nil {
			return list
		}
	}
	return nil
}

func (c *compose) checks() {
	c.head("h-check")
	if c.text.percent(25) {
		c.checkList()
	} else {
		c.sayFrom(c.theme.checksIn(c.edition), c.more(1))
		c.say("tool", c.text.n(2))
		c.end()
	}
	c.sayWork("verify", c.more(1))
	c.end()
	c.sayWork("rollout", c.more(1))
	c.end()
	c.nextFigure()
}

// checkList writes the checks of the theme as a list.
func (c *compose) checkList() {
	var items []string
	for range c.more(3) {
		if p := c.oneOf(c.theme.checksIn(c.edition)); p != nil {
			items = append(items, c.render(p))
		}
	}
	c.bullets(items)
}

func (c *compose) price() {
	if c.text.percent(70 - 30*c.size) {
		return
	}
	c.head("h-tradeoff")
	c.sayWork("tradeoff", c.more(1))
	c.say("owner", c.more(0))
	c.end()
}

func (c *compose) checklist() {
	c.head("h-list")
	c.bullets(c.todo)
}

func (c *compose) final() {
	c.head("h-final")
	c.say("closing", c.more(1))
	c.say("owner", c.text.n(2))
	c.end()
	c.nextFigure()
}

// whyIn returns why a field of problems matters, in the language of the edition.
func (t *theme) whyIn(e *edition) []phrase {
	if list := e.sections["why"]; list != nil {
		return list
	}
	return t.why
}

// checksIn returns the checks of a field of problems, in the language of the edition.
func (t *theme) checksIn(e *edition) []phrase {
	if list := e.sections["check"]; list != nil {
		return list
	}
	return t.checks
}
