// Package judge answers: how does a person grade results, quickly and without
// knowing which system found them.
//
// A [Pool] is what several systems retrieved for each query, mixed; a [Book] keeps
// the grades, a line for each, so that work goes on where it stopped and several
// judges can share it. [Page] is a web page and [Terminal] a terminal program to
// grade with the keyboard alone. [Book.Qrels] exports judgments, [Book.Agreement]
// says how much judges agree.
package judge
