package rules_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// catalogues reads controls/ as it is written, before any rule is known.
func catalogues(t *testing.T) map[string]model.Framework {
	t.Helper()
	all := map[string]model.Framework{}
	names, err := fs.Glob(rules.FS(), "controls/*.yaml")
	require.NoError(t, err)
	for _, name := range names {
		raw, err := fs.ReadFile(rules.FS(), name)
		require.NoError(t, err)
		var f model.Framework
		require.NoError(t, yaml.Unmarshal(raw, &f))
		assert.Equal(t, strings.TrimSuffix(path.Base(name), ".yaml"), f.ID)
		all[f.ID] = f
	}
	return all
}

// TestCoverage: a control that the catalogue calls manual has no rule, and one
// that it calls automated has some.
func TestCoverage(t *testing.T) {
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	byControl := map[string][]model.RuleID{}
	for _, r := range judge.Rules() {
		for framework, ids := range r.Controls {
			for _, id := range ids {
				byControl[framework+" "+id] = append(byControl[framework+" "+id], r.ID)
			}
		}
	}
	for id, f := range catalogues(t) {
		for _, c := range f.Controls {
			switch found := byControl[id+" "+c.ID]; c.Coverage {
			case model.CoverageManual:
				assert.Empty(t, found, "%s %s is manual and yet has rules: say partial", id, c.ID)
			case model.CoverageAutomated:
				assert.NotEmpty(t, found, "%s %s is automated and has no rule", id, c.ID)
			}
		}
	}
}

func TestVersions(t *testing.T) {
	all := catalogues(t)
	assert.Equal(t, "45 CFR 164 Subpart C as in force", all["hipaa"].Version)
	assert.Equal(t, "TSC 2017 with 2022 points of focus", all["soc2"].Version)
	assert.Equal(t, "v4.0.1", all["pci_dss"].Version)
}

// published is the collection of mappings that the catalogues are taken from.
type published struct {
	Backbone []map[string]string `json:"recommended_backbone"`
	Controls []struct {
		Framework, Control, Title string
		Judgement                 string `json:"our_judgement"`
		Mappings                  []struct {
			Topic  string `json:"check_kind"`
			Origin string `json:"origin"`
			Tier   string `json:"tier"`
		}
	}
}

var topicWords = regexp.MustCompile(`[A-Z]+(-[A-Z]+)+`)

// TestControlsArePublished compares ids, titles, topics and tiers with the
// collection: nothing is invented, nothing is left out, and what the collection
// recommends beyond published mappings is called ours.
func TestControlsArePublished(t *testing.T) {
	raw, err := os.ReadFile(needs.Shared(t, "..", "catalogue", "frameworks.json"))
	require.NoError(t, err)
	var from published
	require.NoError(t, json.Unmarshal(raw, &from))
	all := catalogues(t)
	columns := map[string]string{"hipaa": "HIPAA", "soc2": "SOC2", "pci_dss": "PCI_DSS_4_0_1"}
	recommended := func(framework, control, topic string) bool {
		return slices.ContainsFunc(from.Backbone, func(row map[string]string) bool {
			// "164.308(a)(7)(ii)(B), (C)" and "10.2.1 (10.2.1.2, .5, .7)" abbreviate.
			cell := strings.ReplaceAll(row[columns[framework]], "(B), (C)", "(B), 164.308(a)(7)(ii)(C)")
			cell = strings.ReplaceAll(cell, ".5, .7", "10.2.1.5, 10.2.1.7")
			return slices.Contains(topicWords.FindAllString(row["check_kind"], -1), topic) && strings.Contains(cell, control)
		})
	}
	want := map[string]map[string]string{} // framework and control -> topic and whether ours -> tier
	names := map[string]string{"HIPAA": "hipaa", "SOC2": "soc2", "PCI": "pci_dss"}
	outside := 0
	for _, c := range from.Controls {
		f := all[names[c.Framework]]
		if c.Judgement != "" {
			outside++
			i := slices.IndexFunc(f.Outside, func(o model.Outside) bool { return o.ID == c.Control })
			if assert.GreaterOrEqual(t, i, 0, "%s %s is outside", f.ID, c.Control) {
				assert.Equal(t, c.Title, f.Outside[i].Title)
				assert.Contains(t, c.Judgement, f.Outside[i].Why)
			}
			continue
		}
		i := slices.IndexFunc(f.Controls, func(o model.Control) bool { return o.ID == c.Control })
		if !assert.GreaterOrEqual(t, i, 0, "%s %s", f.ID, c.Control) {
			continue
		}
		assert.Equal(t, c.Title, f.Controls[i].Title, c.Control)
		tiers := map[string]string{}
		for _, m := range c.Mappings {
			if m.Origin == "peer" {
				tiers[m.Topic+" peer"] = m.Tier[:1]
			} else {
				tiers[m.Topic+" ours"] = model.TierOurs
			}
		}
		want[f.ID+" "+c.Control] = tiers
	}
	assert.Equal(t, 22, outside)
	for id, f := range all {
		for _, c := range f.Controls {
			tiers := maps.Clone(want[id+" "+c.ID])
			require.NotNil(t, tiers, "%s %s is in no collection", id, c.ID)
			for _, m := range c.Mappings {
				key := m.Topic + " peer"
				if m.Tier == model.TierOurs {
					key = m.Topic + " ours"
				}
				if tiers[key] == "" {
					assert.True(t, m.Tier == model.TierOurs && recommended(id, c.ID, m.Topic), "%s %s: nobody maps %s tier %s", id, c.ID, m.Topic, m.Tier)
					continue
				}
				assert.Equal(t, tiers[key], m.Tier, "%s %s: %s", id, c.ID, m.Topic)
				delete(tiers, key)
			}
			assert.Empty(t, tiers, "%s %s lacks mappings", id, c.ID)
		}
	}
}
