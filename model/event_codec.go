package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// The written form of an event: its plain members, and its values by name, those
// of the principal and the request with a prefix (principal_arn, request_policy).
// Null is known absence; a value that is in neither place was not collected.
// Reasons are written once, with the values that they are of: a call that shows
// no request has a dozen of them.
type wireEvent struct {
	File    string          `json:"file,omitempty"`
	Place   int             `json:"place"`
	Source  string          `json:"source"`
	Name    string          `json:"name"`
	Time    time.Time       `json:"time"`
	Values  json.RawMessage `json:"values"`
	Unknown []wireReason    `json:"unknown,omitempty"`
}

type wireReason struct {
	Unknown
	Of []string `json:"of"`
}

// eventFields are the values of an event: see wireEvent.
var eventFields = sync.OnceValue(func() []Field { return appendEventFields(nil, reflect.TypeFor[Event](), "", nil) })

func appendEventFields(fields []Field, t reflect.Type, prefix string, at []int) []Field {
	for i := range t.NumField() {
		sf := t.Field(i)
		path := append(slices.Clone(at), i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if v, ok := reflect.New(sf.Type).Interface().(settable); ok {
			fields = append(fields, Field{Name: prefix + name, Doc: sf.Tag.Get("doc"), Type: reflect.TypeOf(v.zero()), at: path})
		} else if sf.Type.Kind() == reflect.Struct && sf.Type != reflect.TypeFor[time.Time]() {
			fields = appendEventFields(fields, sf.Type, prefix+name+"_", path)
		}
	}
	return fields
}

// Line is the event as one line of a snapshot, without the line's end: an object
// whose member event it is.
func (e *Event) Line() ([]byte, error) {
	w := wireEvent{File: e.File, Place: e.Place, Source: e.Source, Name: e.Name, Time: e.Time.UTC()}
	var values bytes.Buffer
	values.WriteByte('{')
	body := reflect.ValueOf(e).Elem()
	for _, f := range eventFields() {
		a := body.FieldByIndex(f.at).Addr().Interface().(settable)
		if a.State() == StateUnknown {
			w.unknown(f.Name, a.Why())
			continue
		}
		raw, err := a.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("write %s of an event: %w", f.Name, err)
		}
		if values.Len() > 1 {
			values.WriteByte(',')
		}
		fmt.Fprintf(&values, "%q:%s", f.Name, raw)
	}
	values.WriteByte('}')
	w.Values = values.Bytes()
	return json.Marshal(struct {
		Event wireEvent `json:"event"`
	}{w})
}

func (w *wireEvent) unknown(name string, why Unknown) {
	if why == (Unknown{Reason: ReasonNotCollected}) {
		return
	}
	for i := range w.Unknown {
		if w.Unknown[i].Unknown == why {
			w.Unknown[i].Of = append(w.Unknown[i].Of, name)
			return
		}
	}
	w.Unknown = append(w.Unknown, wireReason{why, []string{name}})
}
