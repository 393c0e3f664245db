// Package zapwriter answers: how does a batch of posts become a segment, fast, and
// how do several segments become one.
//
// It writes the bytes of a zap v17 segment straight from terms and positions,
// with one open-addressing term table for each field and a chain of occurrences for
// each term (see chains.go), where the stock writer builds a map of token frequencies
// for each document. Positions are in a layout of its own (see list.go), and so segments
// are merged here too. Everything else of bleve (persistence, deletes, snapshots)
// reads these segments with stock code; a differential test compares them with
// segments of the stock writer posting for posting.
//
// The byte layout is zap's, version 17; zapx is pinned in go.mod for that reason.
package zapwriter
