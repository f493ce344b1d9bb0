package events

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/model"
)

func TestJoin(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	gap := &model.Unknown{Reason: model.ReasonFailed, Detail: "broken"}
	a := model.EventLog{
		Source: "./a", From: day(1), Until: day(10), Records: model.EventCounts{In: 5, Relevant: 2, Irrelevant: 2, Refused: 1},
		Scopes: []model.EventScope{{Gap: gap}, {Account: prod, Region: ireland, Records: 2}, {Account: prod, Region: virginia, Gap: gap}},
		Chain:  model.EventChain{Verdict: model.VerdictPass, From: day(1), Until: day(9), Gaps: []string{}},
	}
	b := model.EventLog{
		Source: "LookupEvents", From: day(2), Until: day(11), Records: model.EventCounts{In: 1, Relevant: 1},
		Scopes: []model.EventScope{{Account: dev, Region: ireland, Records: 1}, {Account: prod, Region: virginia}},
		Chain:  model.EventChain{Gaps: []string{"x"}},
	}
	assert.Equal(t, a, Join([]model.EventLog{a}))
	want := model.EventLog{
		Source: "./a, LookupEvents", From: day(2), Until: day(10), Records: model.EventCounts{In: 6, Relevant: 3, Irrelevant: 2, Refused: 1},
		Scopes: []model.EventScope{
			{Account: prod, Region: ireland, Records: 2, Gap: gap}, // what is in doubt in the one source is not in the other
			{Account: prod, Region: virginia},
			{Account: dev, Region: ireland, Records: 1},
		},
		Chain: model.EventChain{Gaps: []string{"x"}},
	}
	assert.Equal(t, want, Join([]model.EventLog{a, b}))
	b.Chain.Verdict = model.VerdictFail
	assert.Equal(t, model.VerdictFail, Join([]model.EventLog{a, b}).Chain.Verdict)
	assert.Equal(t, model.VerdictFail, Join([]model.EventLog{b, a}).Chain.Verdict)
}
