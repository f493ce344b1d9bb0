package model

import (
	"fmt"
	"slices"
)

// RuleID is the permanent id of a rule, such as "SM-001". Ids are never reused.
type RuleID string

// Severity is how bad a failure is.
type Severity string

// The severities, worst first.
const (
	SeverityCritical Severity = "critical"
	SeverityHigh     Severity = "high"
	SeverityMedium   Severity = "medium"
	SeverityLow      Severity = "low"
	SeverityInfo     Severity = "info" // advice
)

// Severities lists all severities, worst first.
func Severities() []Severity {
	return []Severity{SeverityCritical, SeverityHigh, SeverityMedium, SeverityLow, SeverityInfo}
}

// ParseSeverity reads a severity by name.
func ParseSeverity(s string) (Severity, error) {
	if slices.Contains(Severities(), Severity(s)) {
		return Severity(s), nil
	}
	return "", fmt.Errorf("severity %q does not exist: use critical, high, medium, low or info", s)
}

// Rank is 0 for the worst severity and grows from there.
func (s Severity) Rank() int {
	if i := slices.Index(Severities(), s); i >= 0 {
		return i
	}
	return len(Severities())
}

// Rule is what a rule says of itself in its METADATA.
type Rule struct {
	ID          RuleID   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Kind        Kind     `json:"kind"`
	Severity    Severity `json:"severity"`
	// Needs is what the rule needs beside resources: NeedsEvents, or empty. It does
	// not judge a snapshot without it.
	Needs string `json:"needs,omitempty"`
	// Events are those that a rule of KindEvent judges, by service and name,
	// "secretsmanager.amazonaws.com:DeleteSecret". Empty for other kinds.
	Events []string `json:"events,omitempty"`
	// Window says what of the events that a rule finds makes a failure; nil where
	// each of them is one.
	Window *Window `json:"window,omitempty"`
	// MITRE are the ids of the ATT&CK techniques whose traces the rule looks for,
	// "T1485" or "T1562.008".
	MITRE []string `json:"mitre,omitempty"`
	// Topics are the kinds of rule that it is one of, in the words of the control
	// catalogues ("SM-ROT-ENABLED"): published mappings speak of those.
	Topics []string `json:"topics,omitempty"`
	// Controls are the controls that the rule is evidence for, by framework id.
	Controls map[string][]string `json:"controls"`
	// Proposed are those of them that no published mapping supports: nobody but
	// the rule's author says that it is evidence for them.
	Proposed map[string][]string `json:"proposed,omitempty"`
	Params   map[string]Param    `json:"params,omitempty"`
	// Overrides are other values for some resources. Of two that set the same
	// parameter of a resource the later one decides.
	Overrides []Override `json:"overrides,omitempty"`
	// Off says why the rule does not judge; nil when it does.
	Off         *Off        `json:"off,omitempty"`
	Remediation Remediation `json:"remediation"`
	Package     string      `json:"package"` // "rules.secretsmanager.rotation_enabled"
	// Reads are the paths of the input that the rule can read, "resource.kms_key".
	Reads []string `json:"reads"`
}

// NeedsEvents is what the rules need that judge events, or what was learnt from
// them.
const NeedsEvents = "events"

// Window makes a rule of KindEvent look for series of events, or for silence
// before them. Its violations only say which events count. Members but By and
// Distinct are names of parameters.
type Window struct {
	// By are the attributes of an event whose values tell series apart, such as
	// who; of a list, each element has a series of its own.
	By []string `json:"by"`
	// Distinct is the attribute whose different values are counted; empty: events
	// are.
	Distinct string `json:"distinct,omitempty"`
	// Minutes and Count: so many within so long are a failure.
	Minutes string `json:"minutes,omitempty"`
	Count   string `json:"count,omitempty"`
	// Silence: an event after so many days without one is a failure.
	Silence string `json:"silence,omitempty"`
}

// Param is a threshold of a rule that users can set.
type Param struct {
	Type    string `json:"type"`           // integer, string, boolean or strings
	Unit    string `json:"unit,omitempty"` // days, hours …; empty when it has none
	Value   any    `json:"value"`          // the value that was used
	Default any    `json:"default"`
	Why     string `json:"why"` // justification of the value in use
}

// Remediation is how to mend a failure.
type Remediation struct {
	Action string `json:"action,omitempty"` // name of the remediator's action; empty when it has none
	Text   string `json:"text"`             // what to do, for people
	// Command is a command of the AWS CLI that mends it, with {placeholders}.
	Command string `json:"command,omitempty"`
	// HCL and CloudFormation are how to write it right in Terraform's language and
	// in a template (YAML): the lines to add or change, not a whole file.
	HCL            string `json:"hcl,omitempty"`
	CloudFormation string `json:"cloudformation,omitempty"`
}
