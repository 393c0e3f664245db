package synth

import (
	"strconv"
	"strings"
)

// names are the identifiers and proper names of one post.
type names struct {
	team, funcName, funcPascal, typeName   string
	table, key, flag, constant, snake      string
	ticket, version, host, region, region2 string
}

// newNames draws the names of a post from its component, in the style of its
// language.
func newNames(d *dice, lib *library, p *plan) names {
	noun := strings.ToLower(p.noun)
	verb, part, part2 := d.word(lib.words["verb"]), d.word(lib.words["part"]), d.word(lib.words["part"])
	n := names{
		team:       d.word(lib.words["team"]),
		funcPascal: upperFirst(verb) + upperFirst(noun) + upperFirst(part),
		typeName:   upperFirst(noun) + upperFirst(part2),
		table:      noun + "_" + part,
		key:        noun + "_" + part2 + "_" + d.word(limitWords),
		snake:      strings.ReplaceAll(p.service, "-", "_"),
		ticket:     strings.ToUpper(noun[:min(3, len(noun))]) + "-" + digits(d.between(100, 9899)),
		version:    digits(d.between(1, 9)) + "." + digits(d.n(30)) + "." + digits(d.n(12)),
		region:     d.word(lib.words["region"]) + "-" + digits(d.between(1, 3)),
		region2:    d.word(lib.words["region"]) + "-" + digits(d.between(4, 6)),
	}
	n.funcName = styled(p.stack.code, verb, noun, part)
	n.flag = noun + "-" + part2 + "-v" + digits(d.between(2, 4))
	n.constant = strings.ToUpper(n.snake) + "_" + strings.ToUpper(d.word(limitWords))
	n.host = p.service + "-" + digits(d.between(1, 40)) + "." + n.region
	return n
}

// limitWords end the names of settings.
//
//nolint:gochecknoglobals // immutable table
var limitWords = []string{"limit", "timeout", "interval", "size", "budget", "ttl", "retries", "delay", "workers", "days"}

// styled joins the words of a function's name as the language does.
func styled(language, verb, noun, part string) string {
	switch language {
	case "python", "ruby", "rust", "elixir", "c", "sql", "bash", "hcl", "nginx", "json":
		return verb + "_" + noun + "_" + part
	case "yaml", "dockerfile":
		return verb + "-" + noun + "-" + part
	case "csharp":
		return upperFirst(verb) + upperFirst(noun) + upperFirst(part)
	default:
		return verb + upperFirst(noun) + upperFirst(part)
	}
}

func digits(n int) string { return strconv.Itoa(n) }
