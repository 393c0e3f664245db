// Package baseline answers: what would the plainest respectable system give?
//
// [New] is BM25 over one field with Porter stems, and More Like This with 25
// terms: exact, in memory, a few hundred lines that nothing else of the program
// has a part in. Its figures are the floor that the real engine is compared with,
// and its runs are what the measures are checked on.
package baseline
