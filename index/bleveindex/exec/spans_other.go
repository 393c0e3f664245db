//go:build !amd64

package exec

// hasWide is false: the plain forms are used.
func hasWide() bool { return false }

func addSpansAVX2([]uint16, *uint8, uint16) {}

func greatestAVX2([]uint16) uint16 { return 0 }

func findSpansAVX2([]uint32, []uint16, uint16, uint16) int { return 0 }

func allowSpansAVX2([]uint16, *uint64) {}
