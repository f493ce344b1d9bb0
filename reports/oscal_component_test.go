package reports_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

type components struct {
	Definition struct {
		UUID       string
		Components []struct {
			UUID, Type, Title string
			Props             []struct{ Name, Value string }
			Implementations   []struct {
				UUID, Source string
				Set          []struct {
					ID     string `json:"param-id"`
					Values []string
				} `json:"set-parameters"`
				Requirements []struct {
					UUID  string
					ID    string `json:"control-id"`
					Props []struct{ Name, Value string }
				} `json:"implemented-requirements"`
			} `json:"control-implementations"`
		}
		Back struct {
			Resources []struct{ UUID string }
		} `json:"back-matter"`
	} `json:"component-definition"`
}

func writeComponents(t *testing.T, rules []model.Rule, frameworks []model.Framework) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, reports.WriteComponents(&out, rules, frameworks, "0.1.0", time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)))
	return out.String()
}

// TestComponentsHoldTogether: every control of every rule is in it once, every
// UUID is of one thing, and every source is in the back matter.
func TestComponentsHoldTogether(t *testing.T) {
	rules := theRules()
	text := writeComponents(t, rules, theFrameworks())
	require.Equal(t, text, writeComponents(t, rules, theFrameworks()), "the same bytes")
	var doc components
	require.NoError(t, json.Unmarshal([]byte(text), &doc))
	require.Len(t, doc.Definition.Components, len(rules))
	seen, sources, controls, want := map[string]bool{}, map[string]bool{}, 0, 0
	once := func(uuid string) {
		require.False(t, seen[uuid], uuid)
		seen[uuid] = true
	}
	for _, r := range doc.Definition.Back.Resources {
		once(r.UUID)
		sources["#"+r.UUID] = true
	}
	proposed := 0
	for i, c := range doc.Definition.Components {
		once(c.UUID)
		require.Equal(t, string(rules[i].ID), c.Props[0].Value)
		for _, ids := range rules[i].Controls {
			want += len(ids)
		}
		for _, im := range c.Implementations {
			once(im.UUID)
			require.True(t, sources[im.Source])
			for _, req := range im.Requirements {
				once(req.UUID)
				controls++
				proposed += len(req.Props)
			}
			if c.Props[0].Value == "SM-002" {
				require.Equal(t, "SM-002-max_days", im.Set[1].ID)
				require.Equal(t, []string{"30"}, im.Set[1].Values)
				require.Equal(t, []string{"sandbox"}, im.Set[0].Values)
			}
		}
	}
	require.Equal(t, want, controls)
	require.Equal(t, 1, proposed, "the one mapping of SM-001 that nobody published")
}

func TestComponentsKeepToTheirSchema(t *testing.T) {
	s := sharedSchema(t, "oscal", "oscal_component_schema-1.2.1.json")
	good := writeComponents(t, theRules(), theFrameworks())
	require.NoError(t, validate(s, good))
	require.NoError(t, validate(s, writeComponents(t, theRules(), nil)), "frameworks that only rules name")
	for _, poison := range []string{poison, markup} {
		rules := poisoned(reflect.ValueOf(theRules()), poison).Interface().([]model.Rule)
		require.NoError(t, validate(s, writeComponents(t, rules, theFrameworks())))
	}
	require.Error(t, validate(s, strings.Replace(good, `"validation"`, `""`, 1)), "the schema can refuse")
}

func TestComponentsOfNothing(t *testing.T) {
	require.ErrorContains(t, reports.WriteComponents(new(bytes.Buffer), nil, nil, "", time.Time{}), "no rule was loaded")
}
