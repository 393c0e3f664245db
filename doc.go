// Package alphanode holds no code, only the tests of the repository itself: that
// every package imports only packages to its left (imports_test.go).
//
// The program is cmd/alphanode; ARCHITECTURE.md says what the packages answer.
package alphanode
