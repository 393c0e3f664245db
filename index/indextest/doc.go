// Package indextest is the conformance kit for implementations of index.Index: a
// naive oracle, random operations and requests that both must answer alike, and
// tables of requests with the answers that a person would expect.
package indextest
