package reports

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/keyproof/keyproof/model"
)

// JSONVersion is the value of the member "schema" of a json report. It changes
// when a reader of the old form could misread the new one.
const JSONVersion = "keyproof.report/v1"

// writeJSON writes everything there is, one element of a list a line, results
// last and as they flow. A report that was cut off is not valid JSON.
func writeJSON(w io.Writer, r *model.Report, o Options) error {
	j := newJSONWriter(w)
	j.w.WriteString("{")
	j.member("schema", JSONVersion)
	j.member("header", jsonHeader{r.TakenAt.UTC(), r.Source, r.Tool, r.Callers, r.Elsewhere, eventsOf(r)})
	j.member("verdict", jsonVerdict{o.Verdict.String(), o.Verdict.ExitCode(), o.least()})
	j.member("summary", summaryOf(r))
	writeList(j, "scopes", r.Scopes, func(s *model.Scope) any { return s })
	writeList(j, "frameworks", r.Frameworks, func(f *model.Framework) any { return frameworkOf(r, f) })
	writeList(j, "rules", r.Rules, func(rule *model.Rule) any { return ruleWithCounts(r, rule) })
	j.open("results")
	for res, err := range r.Results {
		if err != nil {
			return readError(err)
		}
		if j.element(res); j.err != nil {
			break
		}
	}
	j.shut()
	j.w.WriteString("\n}\n")
	if j.err != nil {
		return j.err
	}
	return j.w.Flush()
}

// writeList writes a list whose elements are made one by one.
func writeList[T any](j *jsonWriter, name string, items []T, element func(*T) any) {
	j.open(name)
	for i := range items {
		j.element(element(&items[i]))
	}
	j.shut()
}

// jsonWriter writes one object member by member. Errors of the writer are kept
// by the bufio.Writer, errors of encoding in err.
type jsonWriter struct {
	w       *bufio.Writer
	buf     bytes.Buffer
	enc     *json.Encoder // into buf
	members int
	items   int // of the list that is open
	err     error
}

func newJSONWriter(w io.Writer) *jsonWriter {
	j := &jsonWriter{w: bufio.NewWriter(w)}
	j.enc = json.NewEncoder(&j.buf)
	j.enc.SetEscapeHTML(false) // names stay readable; this is no web page
	return j
}

func (j *jsonWriter) name(name string) {
	if j.members++; j.members > 1 {
		j.w.WriteByte(',')
	}
	fmt.Fprintf(j.w, "\n  %q: ", name)
}

// member writes a small value on one line, and an object that says so with a
// line for each of its members.
func (j *jsonWriter) member(name string, v any) {
	j.name(name)
	of, ok := v.(members)
	if !ok {
		j.write(j.encode(v))
		return
	}
	for i, m := range of {
		fmt.Fprintf(j.w, "%c\n    %q: ", "{,"[min(i, 1)], m.name)
		j.write(j.encode(m.value))
	}
	j.w.WriteString("\n  }")
}

// members are an object in the order in which it is written.
type members []struct {
	name  string
	value any
}

// open begins a list, element adds to it and shut ends it.
func (j *jsonWriter) open(name string) {
	j.name(name)
	j.items = 0
	j.w.WriteByte('[')
}

func (j *jsonWriter) element(v any) {
	raw := j.encode(v)
	if j.err != nil {
		return
	}
	if j.items++; j.items > 1 {
		j.w.WriteByte(',')
	}
	j.w.WriteString("\n    ")
	j.write(raw)
}

func (j *jsonWriter) shut() {
	if j.items > 0 {
		j.w.WriteString("\n  ")
	}
	j.w.WriteByte(']')
}

func (j *jsonWriter) encode(v any) []byte {
	j.buf.Reset()
	if err := j.enc.Encode(v); err != nil && j.err == nil {
		j.err = fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimSuffix(j.buf.Bytes(), []byte("\n"))
}

// write writes JSON with every character that does not print as itself as \u and
// four digits, which means the same to a reader of JSON and nothing to a
// terminal. In JSON without line breaks they occur only within strings.
func (j *jsonWriter) write(raw []byte) {
	start := 0
	for i := 0; i < len(raw); {
		if b := raw[i]; b >= ' ' && b < 0x7f { // most of it, so without a call
			i++
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		if !printable(r, size) {
			j.w.Write(raw[start:i])
			start = i + size
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(j.w, `\u%04x`, unit)
			}
		}
		i += size
	}
	j.w.Write(raw[start:])
}

type jsonHeader struct {
	TakenAt time.Time `json:"taken_at"`
	Source  string    `json:"source"`
	Tool    string    `json:"tool"`
	// Callers are who read each account.
	Callers []model.Caller `json:"callers,omitempty"`
	// Elsewhere marks a proposed change; see model.Header.
	Elsewhere *model.Unknown `json:"elsewhere,omitempty"`
	// Events is absent when no record of events was read.
	Events *jsonEvents `json:"events,omitempty"`
}

type jsonVerdict struct {
	Status      string         `json:"status"`
	ExitCode    int            `json:"exit_code"`
	MinSeverity model.Severity `json:"min_severity"` // the mildest that counts
}
