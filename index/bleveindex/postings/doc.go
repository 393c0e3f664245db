// Package postings answers: which documents of a segment have a term, how often,
// and where, as flat arrays.
//
// Scorch never changes a segment once it is written, so what is decoded stays
// right for as long as the segment lives. A [Reader] decodes the raw bytes of one
// segment; a [Cache] keeps what was decoded under a memory budget, least recently
// used first out. Deleted documents are included: they belong to a snapshot, not
// to a segment.
package postings
