package reports

import (
	"time"

	"github.com/keyproof/keyproof/model"
)

// jsonEvents is model.EventLog with times in UTC and the verdict as a word.
type jsonEvents struct {
	Source  string             `json:"source"`
	From    time.Time          `json:"from"`
	Until   time.Time          `json:"until"`
	Scopes  []model.EventScope `json:"scopes"`
	Records model.EventCounts  `json:"records"`
	Chain   jsonChain          `json:"chain"`
}

type jsonChain struct {
	Verdict string    `json:"verdict"`
	From    time.Time `json:"from,omitzero"`
	Until   time.Time `json:"until,omitzero"`
	Gaps    []string  `json:"gaps"`
}

// eventsOf is the record of events of a report; nil when none was read.
func eventsOf(r *model.Report) *jsonEvents {
	of := r.Events
	if of == nil {
		return nil
	}
	return &jsonEvents{
		Source: of.Source, From: of.From.UTC(), Until: of.Until.UTC(), Scopes: notNil(of.Scopes), Records: of.Records,
		Chain: jsonChain{of.Chain.Verdict.String(), of.Chain.From.UTC(), of.Chain.Until.UTC(), notNil(of.Chain.Gaps)},
	}
}
