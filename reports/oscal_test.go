package reports_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// oscal is a result of an assessment as a tool of compliance reads it.
type oscal struct {
	Local struct {
		Items []struct{ UUID string } `json:"inventory-items"`
	} `json:"local-definitions"`
	Reviewed struct {
		Selections []struct {
			Description string
			Controls    []struct {
				ID string `json:"control-id"`
			} `json:"include-controls"`
		} `json:"control-selections"`
	} `json:"reviewed-controls"`
	Observations []struct {
		UUID, Title, Description, Remarks string
		Subjects                          []struct {
			UUID string `json:"subject-uuid"`
		}
		Links []struct{ Href string }
		Props []struct{ Name, Value string }
	}
	Risks    []struct{ UUID, Title, Status string }
	Findings []struct {
		UUID   string
		Target struct {
			ID     string `json:"target-id"`
			Status struct{ State, Reason, Remarks string }
		}
		Observations []struct {
			UUID string `json:"observation-uuid"`
		} `json:"related-observations"`
		Risks []struct {
			UUID string `json:"risk-uuid"`
		} `json:"related-risks"`
	}
}

func readOSCAL(t *testing.T, r *model.Report) *oscal {
	t.Helper()
	var doc struct {
		AR struct{ Results []oscal } `json:"assessment-results"`
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "oscal", r, judged(r, 0, 0))), &doc))
	require.Len(t, doc.AR.Results, 1)
	return &doc.AR.Results[0]
}

func TestOSCALKeepsToItsSchema(t *testing.T) {
	s := sharedSchema(t, "oscal", "oscal_assessment-results_schema-1.2.1.json")
	check := func(r *model.Report) { require.NoError(t, validate(s, write(t, "oscal", r, judged(r, 0, 0)))) }
	for _, r := range []*model.Report{theReport(), passing(), plan(), gate(), accepted(t), nothingFound(), eventful()} {
		check(r)
	}
	for _, poison := range []string{poison, markup} {
		eachPoisoned(t, poison, check)
	}
	good := write(t, "oscal", theReport(), judged(theReport(), 0, 0))
	require.Error(t, validate(s, strings.Replace(good, "not-satisfied", "fine", 1)), "the schema can refuse")
}

// TestOSCALHoldsTogether: every reference is to something in the document, and
// every UUID is of one thing.
func TestOSCALHoldsTogether(t *testing.T) {
	for _, r := range []*model.Report{theReport(), gate(), accepted(t)} {
		x := readOSCAL(t, r)
		seen := map[string]string{}
		add := func(what, uuid string) {
			require.Empty(t, seen[uuid], "%s %s", what, uuid)
			seen[uuid] = what
		}
		for _, i := range x.Local.Items {
			add("item", i.UUID)
		}
		for _, o := range x.Observations {
			add("observation", o.UUID)
		}
		for _, k := range x.Risks {
			add("risk", k.UUID)
		}
		results := 0
		for _, o := range x.Observations {
			for _, s := range o.Subjects {
				results++
				require.Equal(t, "item", seen[s.UUID])
			}
			for _, l := range o.Links {
				require.Equal(t, "observation", seen[l.Href[1:]])
			}
		}
		require.Equal(t, r.Total().Total(), results, "each result is an observation")
		for _, f := range x.Findings {
			add("finding", f.UUID)
			require.NotEmpty(t, f.Observations)
			for _, o := range f.Observations {
				require.Equal(t, "observation", seen[o.UUID])
			}
			for _, k := range f.Risks {
				require.Equal(t, "risk", seen[k.UUID])
			}
		}
		require.Equal(t, x, readOSCAL(t, r), "the same report, the same document")
	}
}

// TestOSCALSatisfiedIsWhatRulesJudgeAlone: never what is waived, unknown, or
// partly for an assessor.
func TestOSCALSatisfiedIsWhatRulesJudgeAlone(t *testing.T) {
	states := func(r *model.Report) map[string]string {
		out := map[string]string{}
		for _, f := range readOSCAL(t, r).Findings {
			out[f.Target.ID] = f.Target.Status.State + " " + f.Target.Status.Reason
		}
		return out
	}
	automated := func(r *model.Report) *model.Report {
		for i := range r.Frameworks {
			for j := range r.Frameworks[i].Controls {
				r.Frameworks[i].Controls[j].Coverage = model.CoverageAutomated
			}
		}
		return r
	}
	got := states(automated(theReport()))
	require.Equal(t, "satisfied pass", got["pci_dss-3.7.5"])
	require.Equal(t, "not-satisfied fail", got["hipaa-164.308.a.5.ii.D"])
	require.Equal(t, "not-satisfied other", got["pci_dss-3.7.4"], "unknown")
	require.NotContains(t, got, "hipaa-164.312.c.1", "without a result it is not reviewed")
	require.Equal(t, "not-satisfied other", states(theReport())["pci_dss-3.7.5"], "an assessor must see more")
	waived := automated(without(accepted(t), model.StatusFail, model.StatusUnknown))
	require.Equal(t, "not-satisfied other", states(waived)["hipaa-164.308.a.5.ii.D"], "waived")

	x := readOSCAL(t, accepted(t))
	status := map[string]string{}
	for _, k := range x.Risks {
		status[strings.Fields(k.Title)[0]] = k.Status
	}
	require.Equal(t, "open", status["SM-007"])
	require.Equal(t, "investigating", status["KMS-001"])
	require.NotContains(t, status, "KMS-002")
	require.Contains(t, x.Reviewed.Selections[0].Description, "not reviewed: 164.312(c)(1)")
	remarks := ""
	for _, o := range x.Observations {
		remarks += o.Remarks
	}
	require.Contains(t, remarks, "waived by CISO until 2026-06-30")
}

func TestOSCALOfNothing(t *testing.T) {
	f, err := reports.Find("oscal")
	require.NoError(t, err)
	require.ErrorContains(t, f.Write(new(bytes.Buffer), newReport(nil, nil), reports.Options{}), "no rule was loaded")
}
