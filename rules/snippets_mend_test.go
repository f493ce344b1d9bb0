package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/alerts"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// TestSnippetsMend judges the policies and patterns in the fixes as a scan does:
// a fix must not have the fault that its rule speaks of.
func TestSnippetsMend(t *testing.T) {
	judged := 0
	for _, r := range allRules(t) {
		var all []string
		if code := filledIn(r.Remediation.HCL); code != "" {
			all = append(all, hclDocuments(t, hclBlocks(t, r.ID, code))...)
		}
		if code := filledIn(r.Remediation.CloudFormation); code != "" {
			all = append(all, yamlDocuments(t, cloudFormationResources(t, r.ID, code))...)
		}
		for _, document := range all {
			judged++
			switch r.Kind {
			case model.KindAccount:
				alertsOfAll(t, &r, document)
			case model.KindIAMPolicy, model.KindPrincipal:
				grantsNothingWide(t, &r, document)
			default:
				letsNobodyIn(t, &r, document)
			}
		}
	}
	assert.GreaterOrEqual(t, judged, 2*(12+3+2+1+1), "policies of identities, secrets, keys, a bucket, and a pattern, in both languages")
}

func alertsOfAll(t *testing.T, r *model.Rule, pattern string) {
	t.Helper()
	events, ok := r.Params["events"].Value.([]string)
	require.True(t, ok, "%s: %T", r.ID, r.Params["events"].Value)
	require.NotEmpty(t, events)
	for _, event := range events {
		service, name, _ := strings.Cut(event, ":")
		assert.True(t, alerts.Pattern(pattern, alerts.Event{Service: service, Name: name}, "111122223333", "us-east-1"), "%s: %s", r.ID, event)
	}
}

func grantsNothingWide(t *testing.T, r *model.Rule, document string) {
	t.Helper()
	g := iampolicy.IdentityGrants([]iampolicy.Source{{Name: "p", Document: document}}, nil, iampolicy.Owner{Partition: "aws", Account: "111122223333"})
	for _, grants := range g.All() {
		list, ok := grants.Get()
		require.True(t, ok, "%s: %s", r.ID, grants.Why())
		assert.Empty(t, list, "%s: %s", r.ID, document)
	}
}

func letsNobodyIn(t *testing.T, r *model.Rule, document string) {
	t.Helper()
	trusts := func(string) model.Value[bool] { return model.Known(false) }
	facts := iampolicy.Facts(document, model.ResourceID{Kind: r.Kind, Account: "111122223333", Region: "us-east-1", ID: "arn"}, trusts)
	public, ok := facts.PolicyPublic.Get()
	require.True(t, ok, "%s: %s", r.ID, facts.PolicyPublic.Why())
	assert.False(t, public, "%s: %s", r.ID, document)
	if r.ID == "SM-023" { // about other accounts, which it lets in on a condition
		statements, _ := facts.PolicyStatements.Get()
		require.Len(t, statements, 1)
		assert.NotEmpty(t, statements[0].Accounts)
		assert.NotEmpty(t, statements[0].Conditions)
		return
	}
	outside, ok := facts.OutsideAccounts.Get()
	require.True(t, ok, "%s: %s", r.ID, facts.OutsideAccounts.Why())
	assert.Empty(t, outside, "%s: %s", r.ID, document)
}
