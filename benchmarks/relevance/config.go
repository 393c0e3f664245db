package relevance

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseConfig reads what a person writes to name a configuration: a system,
// then what differs, separated by commas: "alphanode", "bm25",
// "alphanode,no-prior,title=0". The name of the system may be left out.
//
//	no-prior          rank by relevance alone
//	no-rules          lists of similar posts by score
//	as-of=2024-05-01  the day that freshness is counted to
//	FIELD=WEIGHT      the weight of a text field in the score
func ParseConfig(s, defaultSystem string, known func(system string) bool) (system string, c Config, err error) {
	system = defaultSystem
	for i, part := range strings.Split(s, ",") {
		part = strings.TrimSpace(part)
		if i == 0 && known(part) {
			system = part
			continue
		}
		if err := c.set(part); err != nil {
			return "", Config{}, fmt.Errorf("configuration %q: %w", s, err)
		}
	}
	return system, c, nil
}

func (c *Config) set(option string) (err error) {
	name, value, assigned := strings.Cut(option, "=")
	switch {
	case option == "no-prior":
		c.NoPrior = true
	case option == "no-rules":
		c.NoRules = true
	case name == "as-of":
		c.AsOf, err = time.Parse(time.DateOnly, value)
	case assigned:
		var weight float64
		if weight, err = strconv.ParseFloat(value, 64); err != nil || !(weight >= 0 && weight <= 1000) {
			return fmt.Errorf("weight %q of field %q is not a number from 0 to 1000", value, name)
		}
		if c.Weight == nil {
			c.Weight = make(map[string]float64)
		}
		c.Weight[name] = weight
	default:
		err = fmt.Errorf("%q is neither a system nor no-prior, no-rules, as-of=DAY or FIELD=WEIGHT", option)
	}
	return err
}
