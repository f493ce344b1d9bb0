package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// unsettled says why a rule has no fix in one of the languages of the code.
type unsettled struct{ hcl, cloudformation string }

// notInCode are the rules without a fix in code, with the reason.
func notInCode() map[model.RuleID]unsettled {
	both := func(why string) unsettled { return unsettled{why, why} }
	noSecureString := unsettled{cloudformation: "CloudFormation cannot make a SecureString (AWS::SSM::Parameter)"}
	return map[model.RuleID]unsettled{
		"SM-003":  both("why a rotation fails is in the log of its function"),
		"SM-004":  both("a rotation that stopped midway is ended in the account"),
		"SM-012":  both("what made a replica fail is in the account"),
		"SM-013":  both("whether anybody needs a secret is for its owner to say"),
		"SM-016":  both("why a rotation never happened is in the log of its function"),
		"SM-020":  both("a replica is promoted by a call"),
		"SM-021":  both("a secret is restored by a call"),
		"SM-022":  both("what keeps a replication from ending is in the account"),
		"RDS-002": both("RDS says in the account what keeps it from rotating"),
		"KMS-002": both("the deletion of a key is cancelled by a call"),
		"KMS-009": both("key material does not belong in code, and its expiry comes with it"),
		"KMS-006": {cloudformation: "CloudFormation has no resource for a grant"},
		"SSM-002": noSecureString,
		"SSM-008": noSecureString,
		"SM-034":  both("why a rotation fails is in the log of its function"),
		"SM-035":  both("what somebody knows is changed in the account"),
		"SM-036":  both("whether anybody needs a secret is for its owner to say"),
		"SM-037":  both("the ticket of a change is for its author to say"),
		"SM-038":  both("who was denied is found out in the account"),
		"SM-039":  both("what somebody stored is rotated by a call"),
		"SSM-009": both("what somebody knows is changed in the account"),
		"SSM-010": both("whether anybody needs a parameter is for its owner to say"),
		"SSM-011": both("who was denied is found out in the account"),
		"KMS-010": both("the ticket of a change is for its author to say"),
		"KMS-011": both("who was denied is found out in the account"),
		"SSM-004": {hcl: "aws_ssm_parameter has no parameter policies (hashicorp/aws 5.100.0)"},
	}
}

func allRules(t *testing.T) []model.Rule {
	t.Helper()
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	return judge.Rules()
}

// TestSnippets: each rule has its fix in both languages, or a reason why not; a
// fix parses, is short enough for a comment on a change, and is laid out as
// `terraform fmt` does.
func TestSnippets(t *testing.T) {
	why := notInCode()
	for _, r := range allRules(t) {
		if r.Kind == model.KindEvent { // what happened is not undone in code; what it left, rules on resources judge
			assert.Empty(t, r.Remediation.HCL+r.Remediation.CloudFormation, r.ID)
			continue
		}
		for language, s := range map[string]struct{ code, why string }{
			"hcl":            {r.Remediation.HCL, why[r.ID].hcl},
			"cloudformation": {r.Remediation.CloudFormation, why[r.ID].cloudformation},
		} {
			if s.code == "" {
				assert.NotEmpty(t, s.why, "%s has no %s: write it, or say in notInCode why not", r.ID, language)
				continue
			}
			assert.Empty(t, s.why, "%s has %s after all", r.ID, language)
			lines := strings.Split(s.code, "\n")
			assert.LessOrEqual(t, len(lines), 12, "%s: %s", r.ID, language)
			for _, line := range lines {
				assert.Equal(t, strings.TrimRight(line, " \t"), line, "%s: %s", r.ID, language)
				assert.NotEmpty(t, line, "%s: %s", r.ID, language)
			}
		}
		if r.Remediation.HCL != "" {
			for _, b := range hclBlocks(t, r.ID, r.Remediation.HCL) {
				assert.Contains(t, []string{"resource", "ephemeral"}, b.Type, r.ID)
				assert.Len(t, b.Labels, 2, r.ID)
			}
			assert.Equal(t, string(hclwrite.Format([]byte(r.Remediation.HCL))), r.Remediation.HCL, "%s: run terraform fmt", r.ID)
		}
		if r.Remediation.CloudFormation != "" {
			cloudFormationResources(t, r.ID, r.Remediation.CloudFormation)
		}
		delete(why, r.ID)
	}
	assert.Empty(t, why, "these rules do not exist")
}

// hclBlocks are the blocks of a fix for Terraform.
func hclBlocks(t *testing.T, id model.RuleID, code string) hclsyntax.Blocks {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(code), string(id)+".tf", hcl.InitialPos)
	require.False(t, diags.HasErrors(), "%s: %s", id, diags)
	body, ok := file.Body.(*hclsyntax.Body)
	require.True(t, ok)
	require.Empty(t, body.Attributes, "%s: only blocks", id)
	require.NotEmpty(t, body.Blocks, id)
	return body.Blocks
}

// filledIn has something plausible where a reader of a fix has to fill in.
func filledIn(code string) string {
	return strings.NewReplacer(
		"REPLICA_KEY_ARN", "arn:aws:kms:eu-west-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef",
		"REPLICA_REGION", "eu-west-1", "ALLOWED_REGION", "eu-west-1", "OTHER_REGION", "eu-west-1", ":REGION:", ":us-east-1:",
		"OWN_ACCOUNT", "111122223333", "OTHER_ACCOUNT", "444455556666", "ACCOUNT", "111122223333",
		"ORGANIZATION_ID", "o-abcdefghij", "LATER_TIME", "2030-01-01T00:00:00.000Z",
	).Replace(code)
}

var logicalID = regexp.MustCompile(`^[A-Z]+$`)

// cloudFormationResources are the resources of a fix for a template: one mapping from
// logical ids to types and properties.
func cloudFormationResources(t *testing.T, id model.RuleID, code string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(code), &doc), id)
	require.Len(t, doc.Content, 1, id)
	all := doc.Content[0]
	require.Equal(t, yaml.MappingNode, all.Kind, id)
	for i := 0; i < len(all.Content); i += 2 {
		require.Regexp(t, logicalID, all.Content[i].Value, id)
		var of struct {
			Type       string    `yaml:"Type"`
			Properties yaml.Node `yaml:"Properties"`
		}
		require.NoError(t, all.Content[i+1].Decode(&of), id)
		require.Regexp(t, `^AWS::\w+::\w+$`, of.Type, id)
		require.Len(t, all.Content[i+1].Content, 4, "%s: Type and Properties", id)
	}
	return all
}
