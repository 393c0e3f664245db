package bleveindex

// Held is the number of snapshots that cursors hold.
func Held(x *Index) int { return x.holds.len() }
