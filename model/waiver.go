package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Where says which resources something is about. An empty member is about all.
// Account, Region, Name, Resource and the values of Tags are patterns: * is any
// characters, ? is one.
type Where struct {
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	// Name is of the name that people use; Resource is of that or of the ARN.
	Name     string            `json:"name,omitempty"`
	Resource string            `json:"resource,omitempty"`
	Tags     map[string]string `json:"tags,omitempty"` // all must match
	// File is the file that the resource is written in, of a waiver that stands
	// there itself.
	File string `json:"file,omitempty"`
}

// Override is other values of a rule's parameters for some resources.
type Override struct {
	Where  Where          `json:"where"`
	Set    map[string]any `json:"set"` // by parameter
	Why    string         `json:"why"` // the recorded justification
	Origin Origin         `json:"origin"`
}

// Off says why a rule does not judge.
type Off struct {
	Reason string `json:"reason"`
	Origin Origin `json:"origin"`
}

// Waiver is an accepted failure: who accepts it, why, and until when. A waived
// failure stays visible as waived; it never becomes a pass. What is unknown
// cannot be waived, since nobody knows what would be accepted.
type Waiver struct {
	Rule       RuleID `json:"rule"`
	Where      Where  `json:"where"`
	Reason     string `json:"reason"`
	Owner      string `json:"owner"`
	ApprovedBy string `json:"approved_by"`
	// Created is the first day on which it holds; the zero Date in a waiver beside
	// the code that it is about, which holds from when it is there.
	Created Date `json:"created,omitzero"`
	// Expires is the last day on which it holds; the zero Date when it has none.
	Expires             Date   `json:"expires,omitzero"`
	CompensatingControl string `json:"compensating_control,omitempty"`
	Origin              Origin `json:"origin"`
}

// Date is a day in UTC. The zero Date is none.
type Date struct{ day time.Time }

// ParseDate reads a day such as 2026-06-30.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.IsZero() {
		return Date{}, fmt.Errorf("%q is not a date: write a day that exists, such as 2026-06-30", s)
	}
	return Date{t}, nil
}

// IsZero says whether there is no date.
func (d Date) IsZero() bool { return d.day.IsZero() }

// Before says whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.day.Before(o.day) }

// Starts is the first moment of the day, Ends the first after it.
func (d Date) Starts() time.Time { return d.day }

// Ends is the first moment after the day.
func (d Date) Ends() time.Time { return d.day.Add(day) }

// String writes 2026-06-30, and nothing for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.day.Format(time.DateOnly)
}

// MarshalText writes what String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// String writes "account 4444…, region eu-*, tag env=dev"; everything is "everywhere".
func (w Where) String() string {
	var parts []string
	add := func(what, pattern string) {
		if pattern != "" {
			parts = append(parts, what+" "+pattern)
		}
	}
	add("account", w.Account)
	add("region", w.Region)
	add("name", w.Name)
	add("resource", w.Resource)
	add("in", w.File)
	for _, key := range slices.Sorted(maps.Keys(w.Tags)) {
		add("tag", key+"="+w.Tags[key])
	}
	if len(parts) == 0 {
		return "everywhere"
	}
	return strings.Join(parts, ", ")
}

// String writes the place as file:line, or the address.
func (o Origin) String() string {
	switch {
	case o.File != "" && o.Line > 0:
		return fmt.Sprintf("%s:%d", o.File, o.Line)
	case o.File != "":
		return o.File
	default:
		return o.Address
	}
}
