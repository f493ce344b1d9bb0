package trino

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Text is a text literal. In Trino, as in the standard, the quote alone is special
// in it, and is doubled.
func Text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Name is a quoted name of a table or column.
func Name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// In is a condition that an expression is one of some texts, sorted so that the
// same question makes the same SQL.
func In(expression string, values []string) string {
	list := slices.Sorted(slices.Values(values))
	for i, v := range list {
		list[i] = Text(v)
	}
	return expression + " IN (" + strings.Join(slices.Compact(list), ", ") + ")"
}

// Time is a time as CloudTrail writes it. Events have whole seconds: a bound
// between two of them moves up to the next.
func Time(t time.Time) string {
	if whole := t.Truncate(time.Second); whole.Before(t) {
		t = whole.Add(time.Second)
	}
	return t.UTC().Format(time.RFC3339)
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
