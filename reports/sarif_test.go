package reports_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// sarif is a report as GitHub and viewers read it.
type sarif struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Name, Version string
				Rules         []struct {
					ID   string
					Help struct{ Text, Markdown string }
					Def  struct {
						Enabled bool
						Level   string
					} `json:"defaultConfiguration"`
					Properties map[string]any
				}
			}
		}
		Properties map[string]any
		Results    []sarifOf
	}
}

type sarifOf struct {
	RuleID              string
	RuleIndex           int
	Kind, Level         string
	Message             struct{ Text string }
	BaselineState       string
	PartialFingerprints map[string]string
	Suppressions        []struct{ Kind, Status, Justification string }
	Locations           []struct {
		PhysicalLocation *struct {
			ArtifactLocation struct{ URI string }
			Region           *struct{ StartLine int }
		}
		LogicalLocations []struct{ Name, FullyQualifiedName, Kind string }
	}
}

func readSARIF(t *testing.T, r *model.Report) *sarif {
	t.Helper()
	var doc sarif
	require.NoError(t, json.Unmarshal([]byte(write(t, "sarif", r, judged(r, 0, 0))), &doc))
	require.Len(t, doc.Runs, 1)
	return &doc
}

// find is the result of a rule whose message begins with a text.
func (s *sarif) find(t *testing.T, rule, begin string) sarifOf {
	t.Helper()
	for _, res := range s.Runs[0].Results {
		if res.RuleID == rule && strings.HasPrefix(res.Message.Text, begin) {
			return res
		}
	}
	require.Fail(t, "no result", "%s %s", rule, begin)
	return sarifOf{}
}

const stripe = "module.shop.aws_secretsmanager_secret.stripe"

func TestSARIFOfAChange(t *testing.T) {
	doc := readSARIF(t, gate())
	run := doc.Runs[0]
	require.Len(t, run.Results, 10, "what passes and what is fixed would be an alert on GitHub")
	require.Equal(t, map[string]any{"introduced": 4.0, "existing": 1.0, "fixed": 1.0, "verdict": "fail"}, map[string]any{
		"introduced": run.Properties["introduced"], "existing": run.Properties["existing"], "fixed": run.Properties["fixed"], "verdict": run.Properties["verdict"]})
	off := doc.find(t, "SM-001", stripe)
	require.Equal(t, []any{"fail", "error", "new", stripe + ": automatic rotation is off"}, []any{off.Kind, off.Level, off.BaselineState, off.Message.Text})
	require.Equal(t, "SM-001", run.Tool.Driver.Rules[off.RuleIndex].ID)
	require.Equal(t, "modules/shop/secrets.tf", off.Locations[0].PhysicalLocation.ArtifactLocation.URI)
	require.Equal(t, 12, off.Locations[0].PhysicalLocation.Region.StartLine)
	require.Equal(t, stripe, off.Locations[0].LogicalLocations[0].FullyQualifiedName)
	require.Equal(t, "unchanged", doc.find(t, "SM-001", "aws_secretsmanager_secret.ftp").BaselineState)
	open := doc.find(t, "SM-002", "QueueSecret")
	require.Equal(t, []string{"open", "none", ""}, []string{open.Kind, open.Level, open.BaselineState})
	require.Contains(t, open.Message.Text, "unknown, neither pass nor fail: unresolved in the template")
	waived := doc.find(t, "SM-010", "aws_secretsmanager_secret.ftp")
	require.Equal(t, "fail", waived.Kind, "a waived failure is one")
	require.Len(t, waived.Suppressions, 1)
	require.Equal(t, []string{"inSource", "accepted"}, []string{waived.Suppressions[0].Kind, waived.Suppressions[0].Status})
	require.Contains(t, waived.Suppressions[0].Justification, "waived by CISO without expiry; owner web; the partner's server goes in June")
	evil := doc.find(t, "SM-007", "")
	require.Equal(t, "a,line=1::x%0A::error::forged%250A::stop-commands::t.tf", strings.TrimPrefix(evil.Locations[0].PhysicalLocation.ArtifactLocation.URI, "./"))
	for _, res := range run.Results {
		require.NotNil(t, res.Suppressions, "all results have the member or none, says the standard")
		require.Len(t, res.Locations, 1, "GitHub takes no result without a place")
	}
}

func TestSARIFRules(t *testing.T) {
	r := accepted(t)
	r.Rules[0].Remediation.HCL, r.Rules[0].Remediation.CloudFormation = rotationHCL, rotationYAML
	rules := readSARIF(t, r).Runs[0].Tool.Driver.Rules
	byID := map[string]int{}
	for i, rule := range rules {
		byID[rule.ID] = i
		require.NotEmpty(t, rule.Help.Text, rule.ID)
		require.NoError(t, tame(rule.Help.Markdown), rule.ID)
	}
	help := rules[byID["SM-001"]].Help
	require.Contains(t, help.Markdown, "**Controls** HIPAA Security Rule 164.308(a)(5)(ii)(D) · SOC 2 CC6.1 (proposed) · PCI DSS 8.6.3\n")
	require.Contains(t, help.Markdown, "**Fix** Turn on automatic rotation")
	require.Contains(t, help.Markdown, "```hcl\nresource")
	require.Contains(t, help.Markdown, "```yaml\nRotation:")
	require.Contains(t, help.Text, "CC6.1 (proposed)")
	for id, want := range map[string][]any{
		"SM-007": {"error", "9.5"}, "SM-001": {"error", "8.0"}, "SM-002": {"warning", "5.5"}, "SM-010": {"note", "2.0"}, "SM-012": {"note", nil},
	} {
		rule := rules[byID[id]]
		require.Equal(t, want, []any{rule.Def.Level, rule.Properties["security-severity"]}, id)
		require.Equal(t, id != "SM-012", rule.Def.Enabled, "%s: a rule that is off is not enabled", id)
	}
}

// TestSARIFFingerprints: the line and the numbers of a message change without
// the result being another one; the resource, the rule and the attribute do not.
func TestSARIFFingerprints(t *testing.T) {
	print := func(change func(*model.Result)) string {
		res := judgedAs(written(model.KindSecret, "a.tf", 3, "aws_secretsmanager_secret.a"), "SM-001", model.StatusFail, "", "rotation_days|rotates every 90 days", "|2 of 3 statements")
		change(res)
		found := readSARIF(t, gateOf(res)).Runs[0].Results[0].PartialFingerprints
		require.Equal(t, found["keyproof/v1"]+":1", found["primaryLocationLineHash"], "the only one that GitHub looks at")
		return found["keyproof/v1"]
	}
	same := print(func(*model.Result) {})
	for what, change := range map[string]func(*model.Result){
		"line": func(r *model.Result) { r.Origin.Line = 300 },
		"numbers": func(r *model.Result) {
			r.Findings[0].Message, r.Findings[1].Message = "rotates every 91 days", "12 of 13 statements"
		},
		"order": func(r *model.Result) { r.Findings[0], r.Findings[1] = r.Findings[1], r.Findings[0] },
		"delta": func(r *model.Result) { r.Delta = model.DeltaExisting },
	} {
		require.Equal(t, same, print(change), what)
	}
	for what, change := range map[string]func(*model.Result){
		"rule":      func(r *model.Result) { r.Rule = "SM-002" },
		"address":   func(r *model.Result) { r.Origin.Address += "b" },
		"attribute": func(r *model.Result) { r.Findings[0].Attribute = "rotation_enabled" },
		"file":      func(r *model.Result) { r.Origin.File = "b.tf" },
		"account":   func(r *model.Result) { r.Resource.Account = shop },
	} {
		require.NotEqual(t, same, print(change), what)
	}
}

func TestSARIFOfAScan(t *testing.T) {
	doc := readSARIF(t, theReport())
	off := doc.find(t, "SM-001", "prod/payments/stripe-api-key")
	require.Nil(t, off.Locations[0].PhysicalLocation, "an account is no file")
	require.Equal(t, "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/payments/stripe-api-key-Ab12Cd", off.Locations[0].LogicalLocations[0].FullyQualifiedName)
	require.Empty(t, off.BaselineState)
	require.Len(t, doc.Runs[0].Results, 26)
	require.Len(t, doc.Runs[0].Properties["gaps"], 2)
	for _, res := range doc.Runs[0].Results {
		require.Contains(t, []string{"fail", "open"}, res.Kind)
	}
	require.Equal(t, "external", readSARIF(t, accepted(t)).find(t, "SM-001", "prod/payments/stripe-api-key").Suppressions[0].Kind)
	stranger := theReport()
	stranger.Rules = stranger.Rules[1:]
	require.Equal(t, -1, readSARIF(t, stranger).find(t, "SM-001", "prod/payments/stripe-api-key").RuleIndex)
}

func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := os.Open(needs.Shared(t, "..", "schemas", "sarif", "sarif-schema-2.1.0.json"))
	require.NoError(t, err)
	defer raw.Close()
	doc, err := jsonschema.UnmarshalJSON(raw)
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("sarif.json", doc))
	s, err := c.Compile("sarif.json")
	require.NoError(t, err)
	return s
}

func TestSARIFKeepsToItsSchema(t *testing.T) {
	s := sarifSchema(t)
	for _, r := range []*model.Report{theReport(), passing(), plan(), gate(), accepted(t), nothingFound(), newReport(nil, nil), eventful()} {
		require.NoError(t, validate(s, write(t, "sarif", r, judged(r, 0, 0))))
	}
	require.Error(t, validate(s, strings.Replace(write(t, "sarif", gate(), judged(gate(), 0, 0)), `"kind":"open"`, `"kind":"unknown"`, 1)))
}
