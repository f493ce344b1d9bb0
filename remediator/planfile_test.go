package remediator

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// aPlan is a plan of one change.
func aPlan() *Plan {
	c := &model.Change{
		Action: "enable-rotation", Rules: []model.RuleID{"SM-001"}, Resource: model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "us-east-1", ID: "arn:s"},
		Name: "s <&>", Title: "t", Settings: map[string]any{"wait": 15, "regions": []string{}}, Before: map[string]any{"days": nil, "on": false},
		After: map[string]any{"days": 30, "on": true}, Undo: model.UndoExact,
	}
	c.ID = changeID(c)
	p := &Plan{Version: PlanVersion, MadeAt: time.Date(2026, 3, 15, 10, 0, 0, 5, time.UTC), Changes: []*model.Change{c}, Skipped: []Skip{{Why: "w"}}}
	p.Hash = p.hash()
	return p
}

func TestPlanFile(t *testing.T) {
	var text strings.Builder
	require.NoError(t, WritePlan(&text, aPlan()))
	p, err := ReadPlan(strings.NewReader(text.String()))
	require.NoError(t, err)
	require.Equal(t, aPlan().Hash, p.Hash)
	require.Equal(t, written(aPlan()), written(p))

	edit := func(old, new string) string {
		require.Contains(t, text.String(), old)
		return strings.Replace(text.String(), old, new, 1)
	}
	for name, c := range map[string]struct{ text, says string }{
		"empty":           {"", "line 1: it is empty"},
		"cut":             {text.String()[:200], "it ends in the middle"},
		"no JSON":         {"hello", "line 1: it is no plan of keyproof"},
		"another version": {edit(`"version": 1`, `"version": 2`), "version 2, and this keyproof reads version 1"},
		"a later version": {strings.Replace(edit(`"version": 1`, `"version": 2`), `"tool"`, `"new": 1, "tool"`, 1), "version 2, and this keyproof reads version 1"},
		"an edited value": {edit(`"days": 30`, `"days": 300`), "it was edited after it was made"},
		"an edited name":  {edit(`"name": "s`, `"name": "x`), "it was edited after it was made"},
		"a hash removed":  {edit(p.Hash, ""), "it was edited after it was made"},
		"unknown field":   {edit(`"title"`, `"titel"`), `line 21: it is no plan of keyproof: unknown field "titel"`},
		"a wrong type":    {edit(`"name": "s <&>"`, `"name": 7`), "line 20: changes.name cannot be a number"},
		"something after": {text.String() + "{}", "something follows the plan"},
	} {
		_, err := ReadPlan(strings.NewReader(c.text))
		require.ErrorContains(t, err, c.says, name)
	}

	// A hash that was made to fit does not help: the id is of the content, too.
	forged := aPlan()
	forged.Changes[0].After["days"] = 300
	forged.Hash = forged.hash()
	text.Reset()
	require.NoError(t, WritePlan(&text, forged))
	_, err = ReadPlan(strings.NewReader(text.String()))
	require.ErrorContains(t, err, "change 1 has another id than its content gives")
}

// TestChangeTwice: the second of two changes of one id would be lost in the journal.
func TestChangeTwice(t *testing.T) {
	p := aPlan()
	p.Changes = append(p.Changes, p.Changes[0])
	p.Hash = p.hash()
	var text strings.Builder
	require.NoError(t, WritePlan(&text, p))
	_, err := ReadPlan(strings.NewReader(text.String()))
	require.ErrorContains(t, err, "change "+string(p.Changes[0].ID)+" is in it twice")
}

func FuzzReadPlan(f *testing.F) {
	var text strings.Builder
	require.NoError(f, WritePlan(&text, aPlan()))
	f.Add(text.String())
	f.Add(`{"version":1,"changes":[null]}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ReadPlan(strings.NewReader(text))
		if err != nil {
			return
		}
		var again strings.Builder
		require.NoError(t, WritePlan(&again, p))
		_, err = ReadPlan(strings.NewReader(again.String()))
		require.NoError(t, err)
	})
}
