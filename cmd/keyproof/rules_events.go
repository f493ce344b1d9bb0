package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/evaluator"
)

// readable refuses rules on events that no source of ours reads: they would never
// see one, and pass for that.
func readable(j *evaluator.Judge) error {
	relevant := events.Relevant()
	selected := j.Events()
	for _, source := range slices.Sorted(maps.Keys(selected)) {
		read, ok := relevant[source]
		for _, name := range selected[source] {
			if !ok || read != nil && !read[name] {
				return fmt.Errorf("a rule selects %s:%s, which keyproof does not read: it reads what touches secrets, parameters, their keys, functions, databases and trails", source, name)
			}
		}
	}
	return nil
}
