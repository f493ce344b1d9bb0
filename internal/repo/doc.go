// Package repo holds tests of the repository itself: who imports whom, and what
// no file may contain. It has no code.
package repo
