package reports_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/internal/xsd"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

const poison = "\x1b[31m\u202e\n\x00\u009bm"

// markup leaves every construct of the formats that are no plain text.
var markup = hostileMarkdown + "\n# h\n- l\n1. n\n" + strings.Repeat("`", 100) + "\n" + `]]><x a="'&` + hostileCommand

// poisoned returns a copy of a value with poison after every string in it, keys
// of maps included, but for strings of the types that are kept.
func poisoned(v reflect.Value, poison string, kept ...reflect.Type) reflect.Value {
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
			out.Elem().Set(poisoned(v.Elem(), poison, kept...))
		}
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(poisoned(v.Elem(), poison, kept...))
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = reflect.Append(out, poisoned(v.Index(i), poison, kept...))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for k, e := range v.Seq2() {
			out.SetMapIndex(poisoned(k, poison, kept...), poisoned(e, poison, kept...))
		}
	case reflect.Struct:
		out.Set(v) // times stay
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(poisoned(v.Field(i), poison, kept...))
			}
		}
	default:
		out.Set(v)
	}
	return out
}

// eachPoisoned calls f with reports of all kinds, poisoned in three degrees.
func eachPoisoned(t *testing.T, poison string, f func(r *model.Report)) {
	enums := []reflect.Type{reflect.TypeFor[model.Kind](), reflect.TypeFor[model.Severity](), reflect.TypeFor[model.Reason](), reflect.TypeFor[model.Syntax](), reflect.TypeFor[model.Delta]()}
	status := reflect.TypeFor[model.Status]()
	for _, kept := range [][]reflect.Type{append(enums, status), {status}, nil} {
		for _, from := range []*model.Report{theReport(), passing(), nothingFound(), plan(), accepted(t), gate(), eventful()} {
			results := from.Results
			from.Results = nil
			r := poisoned(reflect.ValueOf(from), poison, kept...).Interface().(*model.Report)
			r.Results = func(yield func(*model.Result, error) bool) {
				for res := range results {
					if !yield(poisoned(reflect.ValueOf(res), poison, kept...).Interface().(*model.Result), nil) {
						return
					}
				}
			}
			f(r)
		}
	}
}

func TestNoStringActsOnATerminal(t *testing.T) {
	eachPoisoned(t, poison, func(r *model.Report) {
		for _, format := range reports.Formats() {
			if format.Binary {
				continue // read by parsers of their own
			}
			out := write(t, format.Name, r, judged(r, 100, 0))
			at := strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) })
			require.Equal(t, -1, at, "%s: %q", format.Name, out[max(at-60, 0):min(max(at+20, 0), len(out))])
			switch format.Name {
			case "json":
				require.True(t, json.Valid([]byte(out)))
				require.Contains(t, out, `\u001b[31m\u202e\n\u0000\u009bm`)
			case "text":
				require.Contains(t, out, `\x1b[31m\u202e\n\x00\u009bm`)
			case "junit", "markdown", "html": // show the lines of a rule's snippet as they are
				continue
			}
			for line := range strings.SplitSeq(out, "\n") {
				require.False(t, strings.HasPrefix(line, "\u009bm") || strings.HasPrefix(line, `\x00`), "no string breaks a line by itself")
			}
		}
	})
}

// TestNoStringIsMarkup reads each format with a parser of it: whatever names and
// messages are, they add nothing to its structure.
func TestNoStringIsMarkup(t *testing.T) {
	for _, poison := range []string{poison, markup} {
		eachPoisoned(t, poison, func(r *model.Report) {
			o := judged(r, 100, 0)
			require.NoError(t, tame(write(t, "markdown", r, o)))
			require.Equal(t, r.Total().Total(), readJUnit(t, r).Tests)
			for _, rule := range readSARIF(t, r).Runs[0].Tool.Driver.Rules {
				require.NoError(t, tame(rule.Help.Markdown))
			}
			require.NotEmpty(t, levels(t, write(t, "github", r, o)))
			_, err := readHTML(write(t, "html", r, o))
			require.NoError(t, err)
			for _, row := range readCSV(t, r) {
				for name, cell := range row {
					require.NotRegexp(t, `^[ "]*[=+@-]`, cell, name)
				}
			}
		})
	}
}

// TestNoStringBreaksASchema is apart as the schemas are not always at hand.
func TestNoStringBreaksASchema(t *testing.T) {
	junit, err := xsd.Read(needs.Shared(t, "..", "schemas", "junit", "jenkins-junit-10.xsd"))
	require.NoError(t, err)
	sarif := sarifSchema(t)
	for _, poison := range []string{poison, markup} {
		eachPoisoned(t, poison, func(r *model.Report) {
			o := judged(r, 100, 0)
			require.NoError(t, junit.Validate(write(t, "junit", r, o)))
			require.NoError(t, validate(sarif, write(t, "sarif", r, o)))
		})
	}
}
