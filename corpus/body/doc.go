// Package body answers: what does the body of a post say, and how is it shown.
//
// [Parse] splits a body, whatever its format, into blocks of plain text (prose,
// headings, code) plus its links and images; indexing, ranking and highlighting
// read these. [Render] gives the same body as HTML that is safe to embed in a
// page of somebody else.
//
// Bodies come from strangers. Both functions never fail, never panic, take time
// in proportion to the length of their input, and are safe for concurrent use.
package body
