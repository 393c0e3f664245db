// Package curation reads what an editor lays down about a site's search: synonyms,
// rules, stop words, and pins and exclusions of similar posts. Each kind is one document,
// as JSON or YAML; a mistake in it is an error with its place. The documents are kept by
// corpus.Store, with versions; this package knows nothing of that. It is pure.
package curation
