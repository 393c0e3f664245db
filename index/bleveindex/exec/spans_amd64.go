package exec

import "golang.org/x/sys/cpu"

// hasWide is true where spans may be added up by the wide vectors of the processor.
func hasWide() bool { return cpu.X86.HasAVX2 }

// addSpansAVX2 is addSpans.
//
//go:noescape
func addSpansAVX2(sums []uint16, spans *uint8, factor uint16)

// greatestAVX2 is greatest.
//
//go:noescape
func greatestAVX2(sums []uint16) uint16

// findSpansAVX2 is findSpans.
//
//go:noescape
func findSpansAVX2(found []uint32, sums []uint16, least, below uint16) int

// allowSpansAVX2 is allowSpans.
//
//go:noescape
func allowSpansAVX2(sums []uint16, allowed *uint64)
