package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/keyproof/keyproof/reports"
)

// sayLines says a text line by line: the first behind the lead, the others indented.
func sayLines(say func(format string, args ...any), lead, indent, text string) {
	for line := range strings.Lines(text) {
		say("%s%s", lead, strings.TrimRight(line, "\n"))
		lead = indent
	}
}

// cleanf formats a line for a terminal. Line breaks of the format stay, those of
// what is put into it do not: a name or a reason from an account or a file must
// not forge a line of its own.
func cleanf(format string, args ...any) string {
	safe := make([]any, len(args))
	for i, arg := range args {
		safe[i] = arg
		switch v := arg.(type) {
		case fmt.Stringer:
			safe[i] = reports.Clean(v.String())
		case error:
			safe[i] = reports.Clean(v.Error())
		default:
			if of := reflect.ValueOf(arg); of.Kind() == reflect.String {
				safe[i] = reports.Clean(of.String())
			}
		}
	}
	return fmt.Sprintf(format, safe...)
}
