// Package model is the vocabulary of keyproof: what was looked at (Snapshot,
// Resource, Value), how it is judged (Rule, Result, Report) and the words for
// what could not be known (Unknown, Gap, Scope).
//
// Two promises hold for everything in it. The zero value of an attribute, of a
// status and of a verdict is "unknown", never a pass. And no type has a field
// for a secret's value, so nothing that is written from the model can leak one.
//
// The package imports the standard library only.
package model
