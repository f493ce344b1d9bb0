package reports_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const poison = "\x1b[31m\u202e\n\x00\u009bm"

// poisoned returns a copy of a value with poison after every string in it, keys
// of maps included, but for strings of the types that are kept.
func poisoned(v reflect.Value, kept ...reflect.Type) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(v.String() + poison)
		for _, t := range kept {
			if v.Type() == t {
				out.SetString(v.String())
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(poisoned(v.Elem(), kept...))
		}
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(poisoned(v.Elem(), kept...))
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = reflect.Append(out, poisoned(v.Index(i), kept...))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for k, e := range v.Seq2() {
			out.SetMapIndex(poisoned(k, kept...), poisoned(e, kept...))
		}
	case reflect.Struct:
		out.Set(v) // times stay
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(poisoned(v.Field(i), kept...))
			}
		}
	default:
		out.Set(v)
	}
	return out
}

func TestNoStringActsOnATerminal(t *testing.T) {
	enums := []reflect.Type{reflect.TypeFor[model.Kind](), reflect.TypeFor[model.Severity](), reflect.TypeFor[model.Reason]()}
	status := reflect.TypeFor[model.Status]()
	for _, kept := range [][]reflect.Type{append(enums, status), {status}, nil} {
		for _, from := range []*model.Report{theReport(), passing(), nothingFound(), plan()} {
			results := from.Results
			from.Results = nil
			r := poisoned(reflect.ValueOf(from), kept...).Interface().(*model.Report)
			r.Results = func(yield func(*model.Result, error) bool) {
				for res := range results {
					if !yield(poisoned(reflect.ValueOf(res), kept...).Interface().(*model.Result), nil) {
						return
					}
				}
			}
			for _, format := range []string{"text", "json"} {
				out := write(t, format, r, judged(r, 100, 0))
				at := strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) })
				require.Equal(t, -1, at, "%s: %q", format, out[max(at-60, 0):max(at+20, 0)])
				if format == "json" {
					require.True(t, json.Valid([]byte(out)))
					require.Contains(t, out, `\u001b[31m\u202e\n\u0000\u009bm`)
				} else {
					require.Contains(t, out, `\x1b[31m\u202e\n\x00\u009bm`)
					for line := range strings.SplitSeq(out, "\n") {
						require.False(t, strings.HasPrefix(line, "\u009bm") || strings.HasPrefix(line, `\x00`), "no string breaks a line by itself")
					}
				}
			}
		}
	}
}
