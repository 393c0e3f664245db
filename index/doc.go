// Package index answers: which posts match, in which order, with which facet
// counts. It holds the request, the result, the field table and the seam
// [Index]; the engine is in bleveindex, the conformance kit in indextest.
package index
