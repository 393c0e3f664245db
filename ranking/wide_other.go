//go:build !amd64

package ranking

// hasWide is false: the plain forms are used.
func hasWide() bool { return false }

func markAVX2(*uint16, []uint32, uint32)     { panic("no AVX2") }
func hitsAVX2(*uint16, []uint16, *hit) int   { panic("no AVX2") }
func addDenseAVX2(*uint16, []denseList, int) { panic("no AVX2") }
func fetchAMD64([]walked, int)               { panic("not amd64") }
func fetchDenseAMD64([]denseList, int)       { panic("not amd64") }
func walkAMD64(*uint16, []walked, int)       { panic("not amd64") }
