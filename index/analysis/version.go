package analysis

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// rules is raised whenever the code, rather than a table, makes other tokens or
// stems of the same text. A golden test fails until it is.
const rules = 1

// Version names the tables and rules: it changes whenever the same text may give
// other tokens, stems or stop weights, and an index made with another version has
// to be built anew. 16 hex digits.
func Version() string {
	h := sha256.New()
	fmt.Fprintln(h, rules, MaxTermBytes, maxParts, maxDigitCuts, unicode.Version, norm.Version)
	fmt.Fprintln(h, classes, latin, unspaced, names)
	for _, l := range languages {
		fmt.Fprintln(h, l.lang, l.elides, l.stop, l.light, l.repairs)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
