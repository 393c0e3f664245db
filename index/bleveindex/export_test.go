package bleveindex

// Held is the number of snapshots that cursors hold.
func Held(x *Index) int { return x.holds.len() }

// Used is the memory of decoded postings.
func Used(x *Index) int64 { return x.config.Fast.Used() }
