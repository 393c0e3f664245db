// Package server answers: how does the world ask. It turns HTTP requests into
// calls of a [Searcher] and a store of [Posts], and their answers into JSON,
// pages and problem documents.
//
// Its nouns are [Server], [Options] and [Limits]. A handler returns a reply or
// an error and writes nothing itself: one place writes replies, and one place
// turns errors into RFC 9457 problem documents. What a route needs (method,
// path, access, time, body size) is one row of the table in routes.go.
//
// The review gate is applied to every post that leaves here, whatever the index
// or the graph said: a post that corpus.Public refuses is answered as if it did
// not exist.
package server
