package events

import (
	"fmt"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// Decode reads one record of CloudTrail. A record without eventTime, eventSource
// or eventName is refused, and so is one in which something is of another type
// than CloudTrail documents; whatever else is missing is unknown.
func Decode(raw []byte) (*model.Event, error) { return new(decoder).event(raw) }

// event reads a record with the memory of the one before.
func (d *decoder) event(raw []byte) (*model.Event, error) {
	*d = decoder{m: d.m[:0]}
	if err := d.m.split(raw); err != nil {
		return nil, err
	}
	e := &model.Event{}
	e.Source, e.Name = d.must("eventSource"), d.must("eventName")
	e.Time = d.time("eventTime")
	e.ID, e.Type = d.text("eventID"), d.text("eventType")
	e.Account, e.Region = d.text("recipientAccountId"), d.text("awsRegion")
	e.ReadOnly = orNotThere(d.boolean("readOnly"), "readOnly")
	e.SourceIP, e.UserAgent = d.text("sourceIPAddress"), d.text("userAgent")
	e.Endpoint = d.optional("vpcEndpointId")
	e.Console = d.console()
	d.principal(&e.Principal)
	d.outcome(e)
	d.request(e)
	if d.err != nil {
		return nil, d.err
	}
	return e, nil
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

func (d *decoder) must(name string) string {
	v, ok := d.text(name).Get()
	if !ok || v == "" {
		d.refuse("it has no %s", name)
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
	if v.State() == model.StateAbsent {
		return model.Known(false)
	}
	return v
}

// object takes a member that is an object; ok is false when it is not there.
func (d *decoder) object(name string) (members, bool) {
	raw, ok := d.m.get(name)
	if !ok {
		return nil, false
	}
	if raw[0] != '{' {
		d.refuse("its %s is not an object", name)
		return nil, false
	}
	var m members
	m.splitValid(raw)
	return m, true
}

// outcome reads how the call ended. Service events have a message and no code.
func (d *decoder) outcome(e *model.Event) {
	code, message := d.optional("errorCode"), d.optional("errorMessage")
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
