package model

import (
	"encoding/json"
	"time"
)

// ChangeID names a change: the same action on the same resource with the same
// settings has the same id.
type ChangeID string

// Change is one planned write to an account. It never holds a secret's value.
type Change struct {
	ID       ChangeID   `json:"id"`
	Action   string     `json:"action"` // as a rule's METADATA names it, "enable-rotation"
	Rules    []RuleID   `json:"rules"`  // that it settles
	Resource ResourceID `json:"resource"`
	Name     string     `json:"name"` // the resource's name
	Title    string     `json:"title"`
	// Settings are what the action was planned with: days, regions, a key.
	Settings map[string]any `json:"settings,omitempty"`
	// Before is the state that the plan saw, of the fields that would change, and
	// After what they would be. The write is refused when Before no longer holds.
	Before map[string]any `json:"before"`
	After  map[string]any `json:"after"`
	Undo   UndoClass      `json:"undo"`
	// UndoNote says what undoing leaves behind, or why it cannot be undone.
	UndoNote string `json:"undo_note,omitempty"`
	// Effects are what else notices the change: who reads the secret, what restarts.
	Effects []string `json:"effects,omitempty"`
	Cost    string   `json:"cost,omitempty"` // what it adds to the bill, in words; empty for nothing
	// Concerns are what nobody could make sure of beforehand, in words.
	Concerns []string `json:"concerns,omitempty"`
}

// UndoClass says how far a change can be undone.
type UndoClass string

// The classes.
const (
	UndoExact        UndoClass = "exact"        // the account is as before
	UndoCompensating UndoClass = "compensating" // as before, but for what UndoNote says
	UndoNone         UndoClass = "none"
)

// JournalEntry is one line of the record of changes. Nothing is written to an
// account before the line that announces it is on disk.
type JournalEntry struct {
	Run    string    `json:"run"`    // of the remediation: one plan that is applied, or undone
	Change ChangeID  `json:"change"` // empty for lines about the whole run
	Step   string    `json:"step"`   // of the action; empty for lines about the whole change
	State  StepState `json:"state"`
	At     time.Time `json:"at"` // UTC
	Detail string    `json:"detail,omitempty"`
	// Data is what resuming and undoing need: the change itself, the state before
	// a step. It never holds a secret's value.
	Data json.RawMessage `json:"data,omitempty"`
}

// StepState is how far a step, a change or a run has come.
type StepState string

// The states.
const (
	StepPlanned  StepState = "planned"
	StepStarted  StepState = "started" // may or may not have reached AWS
	StepDone     StepState = "done"
	StepFailed   StepState = "failed"
	StepSkipped  StepState = "skipped" // nothing to do, or refused before anything was written
	StepVerified StepState = "verified"
	StepUnproven StepState = "unproven" // done, and judging again did not give a pass
	StepUndoing  StepState = "undoing"
	StepUndone   StepState = "undone"
)
