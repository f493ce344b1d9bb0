package main

import "runtime/debug"

// collectLess makes the garbage collector wait until the heap has tripled, not
// doubled: a scan makes much garbage and keeps little. What the user set by
// GOGC stays.
func collectLess(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}
