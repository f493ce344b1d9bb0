package main

import (
	"fmt"
	"reflect"

	"github.com/keyproof/keyproof/reports"
)

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
