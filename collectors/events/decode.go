package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// members are the members of an object, by their exact names: encoding/json
// would take EVENTNAME for eventName.
type members map[string]json.RawMessage

// Decode reads one record of CloudTrail. A record without eventTime, eventSource
// or eventName is refused, and so is one in which something is of another type
// than CloudTrail documents; whatever else is missing is unknown.
func Decode(raw []byte) (model.Event, error) {
	var m members
	if err := json.Unmarshal(raw, &m); err != nil {
		return model.Event{}, errors.New("it is not a JSON object")
	}
	d := decoder{m: m}
	var e model.Event
	e.Source, e.Name = d.must("eventSource"), d.must("eventName")
	e.Time = d.time("eventTime")
	e.ID, e.Type = d.text("eventID"), d.text("eventType")
	e.Account, e.Region = d.text("recipientAccountId"), d.text("awsRegion")
	e.ReadOnly = d.boolean("readOnly")
	e.SourceIP, e.UserAgent = d.text("sourceIPAddress"), d.text("userAgent")
	e.Endpoint = orNone(d.text("vpcEndpointId"))
	e.Console = d.console()
	d.principal(&e.Principal)
	d.outcome(&e)
	d.request(&e)
	return e, d.err
}

// decoder takes values out of members and remembers the first that is not what
// it should be.
type decoder struct {
	m   members
	err error
}

func (d *decoder) refuse(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

// has tells a member that is there and not null.
func (d *decoder) has(name string) bool {
	raw, ok := d.m[name]
	return ok && string(raw) != "null"
}

func (d *decoder) must(name string) string {
	v, ok := d.text(name).Get()
	if !ok || v == "" {
		d.refuse("it has no %s", name)
	}
	return v
}

func (d *decoder) text(name string) model.Value[string] { return take[string](d, name, "text") }

// boolean also takes "true" and "false" in quotes, as older records have them.
func (d *decoder) boolean(name string) model.Value[bool] {
	switch string(d.m[name]) {
	case `"true"`:
		return model.Known(true)
	case `"false"`:
		return model.Known(false)
	}
	return take[bool](d, name, "true or false")
}

func take[T any](d *decoder, name, what string) model.Value[T] {
	if !d.has(name) {
		return notThere[T](name)
	}
	var v T
	if json.Unmarshal(d.m[name], &v) != nil {
		d.refuse("its %s is not %s", name, what)
		return model.Missing[T](model.Unknown{Reason: model.ReasonFailed, Detail: name + " is not " + what})
	}
	return model.Known(v)
}

// notThere is the value of what the record does not say.
func notThere[T any](name string) model.Value[T] {
	return model.Missing[T](model.Unknown{Reason: model.ReasonNotInSource, Detail: "the record has no " + name})
}

// orNone is for members that CloudTrail leaves out where they do not apply.
func orNone[T any](v model.Value[T]) model.Value[T] {
	if v.State() == model.StateUnknown && v.Why().Reason == model.ReasonNotInSource {
		return model.None[T]()
	}
	return v
}

func (d *decoder) time(name string) time.Time {
	text := d.must(name)
	// CloudTrail writes the first form; log tools that copy records, the second.
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	d.refuse("its %s is not a time such as 2026-03-14T09:26:53Z", name)
	return time.Time{}
}

// console: the member is there, "true", only for sessions of the console.
func (d *decoder) console() model.Value[bool] {
	v := d.boolean("sessionCredentialFromConsole")
	if v.State() == model.StateUnknown && v.Why().Reason == model.ReasonNotInSource {
		return model.Known(false)
	}
	return v
}

// object takes a member that is an object; ok is false when it is not there.
func (d *decoder) object(name string) (members, bool) {
	if !d.has(name) {
		return nil, false
	}
	var m members
	if json.Unmarshal(d.m[name], &m) != nil {
		d.refuse("its %s is not an object", name)
		return nil, false
	}
	return m, true
}

// outcome reads how the call ended. Service events have a message and no code.
func (d *decoder) outcome(e *model.Event) {
	code, message := orNone(d.text("errorCode")), orNone(d.text("errorMessage"))
	e.ErrorCode, e.Message = code, model.None[string]()
	if kind, ok := e.Type.Get(); ok && kind == "AwsServiceEvent" {
		e.Message = message
	}
	text, coded := code.Get()
	switch {
	case coded && denied(text):
		e.Outcome = model.Known(model.OutcomeDenied)
	case coded || message.State() == model.StateKnown:
		e.Outcome = model.Known(model.OutcomeFailed)
	case code.State() == model.StateAbsent && message.State() == model.StateAbsent:
		e.Outcome = model.Known(model.OutcomeDone)
	}
}

// denied: the services do not agree on one code; EC2 writes
// Client.UnauthorizedOperation.
func denied(code string) bool {
	return strings.Contains(code, "AccessDenied") || strings.Contains(code, "Unauthorized") || strings.Contains(code, "NotAuthorized")
}
