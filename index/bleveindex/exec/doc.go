// Package exec answers a request from one snapshot of segments: term at a time,
// exact, without a cache.
package exec
