// Package speed answers: how long do queries take, at a given load.
//
// A [Workload] is a list of queries of several kinds, read from a file or drawn
// from the posts themselves ([Draw]). [Run] sends it to a [Target] at a fixed rate
// whatever the answers do (an open loop), and measures each answer from the moment
// at which it was due, so that a stall counts for everybody who would have waited
// in it: the mistake called coordinated omission is not made. Percentiles come
// from HdrHistogram.
//
// Before anything is timed every query is asked once, and its answer must be the
// same in every timed request.
package speed
