package remediator

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	smtypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

// caseOf is a case of the table of repairs.
func caseOf(t *testing.T, name string) repair {
	t.Helper()
	for _, r := range repairs() {
		if r.name == name {
			return r
		}
	}
	t.Fatalf("no case %q", name)
	return repair{}
}

// TestDriftOfOthers changes what a plan saw before it is applied: nothing is
// written, and the field is named.
func TestDriftOfOthers(t *testing.T) {
	for name, test := range map[string]struct {
		field  string
		change func(ctx context.Context, cfg aws.Config, c *model.Change) error
	}{
		"a key that rotates too seldom": {"rotation_period_days", func(ctx context.Context, cfg aws.Config, c *model.Change) error {
			_, err := kms.NewFromConfig(cfg).EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: keyID(c), RotationPeriodInDays: aws.Int32(900)})
			return err
		}},
		"a password in clear": {"version", func(ctx context.Context, cfg aws.Config, c *model.Change) error {
			_, err := ssm.NewFromConfig(cfg).PutParameter(ctx, &ssm.PutParameterInput{Name: &c.Name, Value: aws.String("SENTINEL-new"), Overwrite: aws.Bool(true)})
			return err
		}},
		"a secret without tags": {"tag:owner", func(ctx context.Context, cfg aws.Config, c *model.Change) error {
			_, err := sm.NewFromConfig(cfg).TagResource(ctx, &sm.TagResourceInput{SecretId: &c.Resource.ID, Tags: []smtypes.Tag{{Key: aws.String("owner"), Value: aws.String("claims")}}})
			return err
		}},
		"a policy for anyone": {publicStatements, func(ctx context.Context, cfg aws.Config, c *model.Change) error {
			_, err := sm.NewFromConfig(cfg).PutResourcePolicy(ctx, &sm.PutResourcePolicyInput{SecretId: &c.Resource.ID,
				ResourcePolicy: aws.String(`{"Version":"2012-10-17","Statement":{"Sid":"Other","Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`)})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, caseOf(t, name))
			p := b.planned(t)
			require.NoError(t, test.change(t.Context(), b.Config(testaccount.Here, "us-east-1"), p.Changes[0]))
			before := b.writes()
			out, err := b.engine().Apply(t.Context(), run, p)
			require.NoError(t, err)
			require.Equal(t, model.StepSkipped, out.Run.Records[0].State)
			require.Contains(t, out.Run.Records[0].Detail, test.field)
			require.Contains(t, out.Run.Records[0].Detail, "plan again")
			require.Equal(t, before, b.writes())
			require.NotContains(t, b.everything(t), "SENTINEL")
		})
	}
}

// TestPreflights asks AWS first: what it says keeps a change from being planned,
// or is said beside it.
func TestPreflights(t *testing.T) {
	for name, test := range map[string]struct {
		of      string // the case
		fault   fake.Fault
		blocked string // why; empty when it is a concern only
		concern string
	}{
		"Secrets Manager finds a policy invalid": {
			of: "a policy for anyone", fault: fake.Fault{Service: "secretsmanager", Operation: "ValidateResourcePolicy", Kind: fake.Refuse, Code: "MalformedPolicyDocumentException", Message: "no"},
			blocked: "does not take the policy",
		},
		"KMS cannot encrypt with the key": {
			of: "a secret with the default key", fault: fake.Fault{Service: "kms", Operation: "GenerateDataKey", Kind: fake.Refuse, Code: "DisabledException", Message: "it is disabled"},
			blocked: "KMS cannot encrypt with",
		},
		"KMS lets the service alone": {
			of: "a secret with the default key", fault: fake.Fault{Service: "kms", Operation: "GenerateDataKey", Kind: fake.Deny}, concern: "kms:ViaService",
		},
		"a preflight that may not be made": {
			of: "a policy for anyone", fault: fake.Fault{Service: "secretsmanager", Operation: "GetResourcePolicy", Kind: fake.Deny}, blocked: "allow secretsmanager:GetResourcePolicy",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, caseOf(t, test.of))
			snap := b.scan(t)
			m := &Maker{
				Actions: []Action{b.action}, Choices: []Choice{{Action: b.action.Name(), Set: b.set}}, Tool: "test",
				Filter: Filter{Resources: []string{b.resource}, Rules: b.rules}, Env: b.engine().env(""),
			}
			report := b.report(t, snap)
			b.SetFaults(test.fault)
			p, err := m.Plan(t.Context(), snap, report)
			require.NoError(t, err)
			if test.blocked != "" {
				require.Empty(t, p.Changes)
				require.Contains(t, p.Skipped[0].Why+" "+p.Skipped[0].Next, test.blocked)
				return
			}
			require.Contains(t, p.Changes[0].Concerns[0], test.concern)
		})
	}
}

// TestPermitted: what IAM's simulation says of the caller is said before anything
// is tried.
func TestPermitted(t *testing.T) {
	w := testaccount.ServeFile(t, `accounts:
  - id: "111122223333"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    denied: [{action: "kms:EnableKeyRotation", principal: user/scanner}]
    regions: {us-east-1: {keys: [{name: mine, id: 11111111-1111-4111-8111-111111111111}]}}`, testaccount.Now())
	env := &Env{Access: access{w.Config}, Now: testaccount.Now}
	id := model.ResourceID{Kind: model.KindKey, Account: "111122223333", Region: "us-east-1", ID: "arn:aws:kms:us-east-1:111122223333:key/11111111-1111-4111-8111-111111111111"}
	concerns, err := newEnableKeyRotation().Preflight(t.Context(), env, &model.Change{Resource: id})
	require.NoError(t, err)
	require.Len(t, concerns, 1)
	require.False(t, concerns[0].Blocks, "a key's policy may allow what the simulation does not know")
	require.Contains(t, concerns[0].Text, "user/scanner may not call kms:EnableKeyRotation")

	// Who may not simulate is told nothing: the call itself will say more.
	w.Deny("iam", "SimulatePrincipalPolicy")
	concerns, err = newEnableKeyRotation().Preflight(t.Context(), env, &model.Change{Resource: id})
	require.NoError(t, err)
	require.Empty(t, concerns)
	require.Equal(t, "arn:aws:iam::111122223333:role/Fixer", principal("arn:aws:sts::111122223333:assumed-role/Fixer/me"))
}

// TestTypeThatCannotChange: Parameter Store's refusal names the way around.
func TestTypeThatCannotChange(t *testing.T) {
	b := newBench(t, caseOf(t, "a password in clear"))
	p := b.planned(t)
	b.SetFaults(fake.Fault{Service: "ssm", Operation: "PutParameter", Kind: fake.Refuse, Code: "HierarchyTypeMismatchException", Message: "SENTINEL in AWS's words"})
	out, err := b.engine().Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.Equal(t, model.StepFailed, out.Run.Records[0].State)
	require.Contains(t, out.Run.Records[0].Detail, "make a new parameter of type SecureString")
	require.NotContains(t, b.everything(t), "SENTINEL")
}

// TestOthersWrite: two who write a parameter at once are found out.
func TestOthersWrite(t *testing.T) {
	b := newBench(t, caseOf(t, "a password in clear"))
	p := b.planned(t)
	cfg := b.Config(testaccount.Here, "us-east-1")
	other := cfg.Copy()
	cfg.APIOptions = append(cfg.APIOptions, before("PutParameter", func(ctx context.Context) error {
		_, err := ssm.NewFromConfig(other).PutParameter(ctx, &ssm.PutParameterInput{Name: &p.Changes[0].Name, Value: aws.String("SENTINEL-theirs"), Overwrite: aws.Bool(true)})
		return err
	}))
	env := &Env{Access: access{func(string, string) aws.Config { return cfg }}, Now: testaccount.Now, Sleep: quick, Say: func(string) {}}
	err := rewrite(t.Context(), env, p.Changes[0], secureString, "alias/mine")
	var not *NotApplicable
	require.True(t, errors.As(err, &not), "%v", err)
	require.Contains(t, not.Error(), "somebody else wrote version 2")
	require.Contains(t, not.Next, "get-parameter-history")
}
