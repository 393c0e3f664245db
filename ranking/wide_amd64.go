package ranking

import "golang.org/x/sys/cpu"

// hasWide is true where stage one may use the wide vectors of the processor.
func hasWide() bool { return cpu.X86.HasAVX2 }

// markAVX2 is mark.
//
//go:noescape
func markAVX2(sums *uint16, out []uint32, less uint32)

// hitsAVX2 is takeHits: it writes the hits and returns how many they are.
//
//go:noescape
func hitsAVX2(sums *uint16, less []uint16, out *hit) int

// addDenseAVX2 adds what the nibbles of a block from this offset say to the sums of the
// block. The greatest that the lists add sum to 255 at most.
//
//go:noescape
func addDenseAVX2(sums *uint16, lists []denseList, offset int)

// fetchAMD64 is touch.
//
//go:noescape
func fetchAMD64(lists []walked, block int)

// fetchDenseAMD64 asks for the nibbles that addDenseAVX2 begins with.
//
//go:noescape
func fetchDenseAMD64(lists []denseList, offset int)

// walkAMD64 is walk.
//
//go:noescape
func walkAMD64(sums *uint16, lists []walked, block int)
