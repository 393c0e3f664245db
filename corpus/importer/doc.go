// Package importer answers: how do posts of other systems get in.
//
// [Open] makes a [Source] of files or folders in one of the formats (or finds
// out which), and [Run] reads a source into the store. Sources stream: memory
// does not grow with the input. A bad record costs only itself and is reported
// with file, line and reason; a value of optional metadata that does not fit is
// kept under Post.Extra with a counted warning.
package importer
