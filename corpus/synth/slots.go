package synth

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// slot is a place in a sentence that each post fills with its own word.
type slot uint8

const (
	slotNone slot = iota
	slotStack
	slotLang
	slotTheme
	slotScenario
	slotComponent
	slotService
	slotSnake
	slotDoing
	slotObject
	slotSymptom
	slotSymptom2
	slotCause
	slotCause2
	slotFix
	slotFix2
	slotMetric
	slotBefore
	slotAfter
	slotTool
	slotTool2
	slotTeam
	slotFunc
	slotType
	slotTable
	slotKey
	slotFlag
	slotConst
	slotPart
	slotPrev
	slotPrevURL
	slotN
	slotFew
	slotFew2
	slotBig
	slotMB
	slotMS
	slotPct
	slotDays
	slotYear
	slotMonth
	slotWeekday
	slotHour
	slotTicket
	slotVersion
	slotHost
	slotRegion
	slotRegion2
	slotDay
	slotDay2
)

// slotNames lists the slots as they are written in the phrase files. Written
// with a capital, a slot starts with a capital.
//
//nolint:gochecknoglobals // immutable table
var slotNames = map[string]slot{
	"stack": slotStack, "lang": slotLang, "theme": slotTheme, "scenario": slotScenario,
	"component": slotComponent, "service": slotService, "snake": slotSnake,
	"doing": slotDoing, "object": slotObject, "symptom": slotSymptom, "symptom2": slotSymptom2,
	"cause": slotCause, "cause2": slotCause2, "fix": slotFix, "fix2": slotFix2,
	"metric": slotMetric, "before": slotBefore, "after": slotAfter,
	"tool": slotTool, "tool2": slotTool2, "team": slotTeam,
	"func": slotFunc, "type": slotType, "table": slotTable, "key": slotKey, "flag": slotFlag, "const": slotConst,
	"part": slotPart, "prev": slotPrev, "prevurl": slotPrevURL,
	"n": slotN, "few": slotFew, "few2": slotFew2, "big": slotBig, "mb": slotMB, "ms": slotMS, "pct": slotPct,
	"days": slotDays, "year": slotYear, "month": slotMonth, "weekday": slotWeekday, "hour": slotHour,
	"ticket": slotTicket, "version": slotVersion, "host": slotHost, "region": slotRegion, "region2": slotRegion2,
	"day": slotDay, "day2": slotDay2,
}

// piece is literal text followed by a slot.
type piece struct {
	text  string
	slot  slot
	upper bool
}

// phrase is a sentence, heading or piece of code with slots.
type phrase []piece

// parsePhrase cuts s at its slots, which are names between open and shut.
func parsePhrase(s, open, shut string) (phrase, error) {
	var p phrase
	for {
		before, rest, found := strings.Cut(s, open)
		if !found {
			return append(p, piece{text: s}), nil
		}
		name, after, found := strings.Cut(rest, shut)
		if !found {
			return nil, fmt.Errorf("slot without an end in %q", s)
		}
		id, known := slotNames[strings.ToLower(name)]
		if !known {
			return nil, fmt.Errorf("unknown slot %q", name)
		}
		p = append(p, piece{text: before, slot: id, upper: name[0] >= 'A' && name[0] <= 'Z'})
		s = after
	}
}

// raiseFirst turns the letter at dst[start] into a capital.
func raiseFirst(dst []byte, start int) []byte {
	if start >= len(dst) {
		return dst
	}
	if c := dst[start]; c < utf8.RuneSelf {
		dst[start] = byte(unicode.ToUpper(rune(c)))
		return dst
	}
	r, size := utf8.DecodeRune(dst[start:])
	if up := unicode.ToUpper(r); utf8.RuneLen(up) == size {
		utf8.EncodeRune(dst[start:start+size], up)
	}
	return dst
}
