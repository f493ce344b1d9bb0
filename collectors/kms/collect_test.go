package kms

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/testaccount"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const world = `
accounts:
  - id: "111122223333"
    credentials: [{access_key: AKIDTEST, secret_key: x, principal: user/t}]
    regions:
      eu-west-1:
        keys: [{name: twin, replica_of: us-east-1, aliases: [alias/twin]}]
      us-east-1:
        keys:
          - name: app
            id: 1234abcd-12ab-34cd-56ef-1234567890ab
            aliases: [alias/zeta, alias/app]
            created: 900d
            rotation: {days: 180, next: in 60d, history: [{at: 480d}, {at: 120d, type: ON_DEMAND}, {at: 300d}]}
            tags: {team: pay, empty: ""}
            policy: '{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}}'
            grants:
              - {name: a, grantee: "arn:aws:iam::999988887777:role/vendor", operations: [Decrypt], created: 9d}
              - {name: b, grantee: "arn:aws:iam::222222222222:role/member", operations: [Decrypt], created: 9d}
              - {name: c, grantee: "arn:aws:iam::111122223333:role/own", operations: [Decrypt], created: 9d}
              - {name: d, grantee: "dynamodb.us-east-1.amazonaws.com", operations: [Decrypt], created: 9d}
              - {name: e, grantee: "arn:aws:iam::999988887777:user/again", operations: [Decrypt], created: 9d}
          - {name: still, aliases: [alias/still], created: 10d}
          - {name: twin, aliases: [alias/twin], multi_region: true, rotation: {next: in 30d}}
          - {name: rsa, aliases: [alias/rsa], spec: RSA_2048}
          - {name: hmac, aliases: [alias/hmac], spec: HMAC_256}
          - {name: imported, aliases: [alias/imported], origin: EXTERNAL, valid_to: in 25d}
          - {name: off, aliases: [alias/off], state: Disabled, rotation: {next: in 20d}}
          - {name: doomed, aliases: [alias/doomed], state: PendingDeletion, deletion: in 9d}
          - {name: nameless, id: 0000abcd-12ab-34cd-56ef-1234567890ab}
          - {name: awskey, aliases: [alias/aws/secretsmanager], manager: AWS}
`

func TestCollect(t *testing.T) {
	_, config := endpoint(t, world)
	got := collect(t, "us-east-1", New(config("us-east-1")))
	require.Equal(t, []model.Scope{{Kind: model.KindKey, Account: account, Region: "us-east-1", Count: len(got.rows)}}, got.scopes)

	t.Run("all attributes", func(t *testing.T) {
		for name, r := range got.rows {
			for attribute, a := range r.Attributes() {
				if a.State() == model.StateUnknown && !testaccount.FromEvents()[attribute] {
					assert.Equal(t, "alias/aws/secretsmanager", name, "%s: %s", attribute, a.Why())
					assert.Contains(t, []string{"last_rotated_at", "next_rotation_at", "next_rotation_in_days"}, attribute)
					assert.NotEmpty(t, a.Why().Detail)
				}
			}
		}
	})
	t.Run("app", func(t *testing.T) {
		const arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
		r, k := got.rows["alias/app"], got.key(t, "alias/app")
		assert.Equal(t, model.ResourceID{Kind: model.KindKey, Account: account, Region: "us-east-1", ID: arn}, r.ID)
		assert.Equal(t, []string{"arn:aws:kms:us-east-1:111122223333:alias/app", "arn:aws:kms:us-east-1:111122223333:alias/zeta"}, r.Aka)
		assert.Equal(t, "arn:aws:iam::111122223333:root", r.Refs["account"].Or(model.ResourceID{}).ID)
		assert.Equal(t, model.Known("1234abcd-12ab-34cd-56ef-1234567890ab"), k.KeyID)
		assert.Equal(t, model.Known([]string{"alias/app", "alias/zeta"}), k.Aliases)
		assert.Equal(t, model.Known("CUSTOMER"), k.Manager)
		assert.Equal(t, model.Known("Enabled"), k.State)
		assert.Equal(t, model.Known("SYMMETRIC_DEFAULT"), k.Spec)
		assert.Equal(t, model.Known("ENCRYPT_DECRYPT"), k.Usage)
		assert.Equal(t, model.Known("AWS_KMS"), k.Origin)
		assert.Equal(t, model.Known(false), k.MultiRegion)
		assert.Equal(t, model.Known(false), k.Replica)
		assert.Equal(t, model.Known(map[string]string{"team": "pay", "empty": ""}), k.Tags)
		assert.Equal(t, model.Known(now.Add(-900*24*time.Hour)), k.CreatedAt)
		assert.Equal(t, model.Known(true), k.RotationSupported)
		assert.Equal(t, model.Known(true), k.RotationEnabled)
		assert.Equal(t, model.Known(180), k.RotationPeriodDays)
		assert.Equal(t, model.Known(now.Add(-120*24*time.Hour)), k.LastRotatedAt, "the latest of those listed")
		assert.Equal(t, model.Known(60), k.NextRotationInDays)
		assert.Equal(t, model.None[time.Time](), k.DeletionAt)
		assert.Equal(t, model.None[time.Time](), k.MaterialExpiresAt)
		assert.Equal(t, model.Known(true), k.PolicyPublic)
		assert.Equal(t, model.Known(5), k.GrantCount)
		assert.Equal(t, model.Known([]string{"999988887777"}), k.GrantOutside)
		assert.Equal(t, model.Known([]model.Outsider{{Account: "999988887777", Certain: true}}), k.GrantOutsiders)
	})
	t.Run("rotation off", func(t *testing.T) {
		k := got.key(t, "alias/still")
		assert.Equal(t, model.Known(false), k.RotationEnabled)
		assert.Equal(t, model.None[int](), k.RotationPeriodDays)
		assert.Equal(t, model.None[time.Time](), k.NextRotationAt)
		assert.Equal(t, model.None[time.Time](), k.LastRotatedAt)
		assert.Equal(t, model.Known(map[string]string{}), k.Tags, "the tagging API does not list what has none")
		assert.Equal(t, model.Known([]string{}), k.GrantOutside)
		assert.Equal(t, model.Known([]string{}), k.OutsideAccounts, "AWS's default policy names the owner only")
	})
	t.Run("keys that cannot rotate", func(t *testing.T) {
		for _, name := range []string{"alias/rsa", "alias/hmac", "alias/imported"} {
			k := got.key(t, name)
			assert.Equal(t, model.Known(false), k.RotationSupported, name)
			assert.Equal(t, model.None[bool](), k.RotationEnabled, name)
			assert.Equal(t, model.StateKnown, k.PolicyPublic.State(), name)
		}
	})
	t.Run("states", func(t *testing.T) {
		expires, ok := got.key(t, "alias/imported").MaterialExpiresInDays.Get()
		assert.True(t, ok)
		assert.InDelta(t, 25, expires, 1)
		assert.Equal(t, model.Known(true), got.key(t, "alias/off").RotationEnabled, "disabling a key does not change its status")
		doomed := got.key(t, "alias/doomed")
		assert.Equal(t, model.Known("PendingDeletion"), doomed.State)
		assert.Equal(t, model.Known(9), doomed.DeletionInDays)
	})
	t.Run("without an alias", func(t *testing.T) {
		k := got.key(t, "0000abcd-12ab-34cd-56ef-1234567890ab")
		assert.Equal(t, model.Known([]string{}), k.Aliases)
	})
	t.Run("AWS managed", func(t *testing.T) {
		k := got.key(t, "alias/aws/secretsmanager")
		assert.Equal(t, model.Known("AWS"), k.Manager)
		assert.Equal(t, model.Known(true), k.RotationEnabled, "always, every year")
		assert.Equal(t, model.None[bool](), k.PolicyPublic)
		assert.Equal(t, model.None[int](), k.GrantCount)
	})
	t.Run("multi-Region", func(t *testing.T) {
		primary := got.key(t, "alias/twin")
		assert.Equal(t, model.Known(true), primary.MultiRegion)
		assert.Equal(t, model.Known(false), primary.Replica)
		assert.Equal(t, model.StateAbsent, primary.ReplicaOf.State())
		replica := collect(t, "eu-west-1", New(config("eu-west-1"))).key(t, "alias/twin")
		assert.Equal(t, model.Known(true), replica.MultiRegion)
		assert.Equal(t, model.Known(true), replica.Replica)
		assert.Regexp(t, "^arn:aws:kms:us-east-1:111122223333:key/mrk-", replica.ReplicaOf.Or(""))
	})
}

func TestRefusedCalls(t *testing.T) {
	server, config := endpoint(t, world)
	c := New(config("us-east-1"))
	whole := collect(t, "us-east-1", c)
	refuse := func(t *testing.T, service, operation string, kind fixture.FaultKind) result {
		server.SetFaults(fixture.Fault{Service: service, Operation: operation, Kind: kind})
		return collect(t, "us-east-1", c)
	}
	tests := []struct {
		service, operation string
		attributes         func(*model.Key) []model.Attribute
		renames            bool
	}{
		{"kms", "ListAliases", func(k *model.Key) []model.Attribute { return []model.Attribute{k.Aliases} }, true},
		{"kms", "DescribeKey", func(k *model.Key) []model.Attribute {
			return []model.Attribute{k.Manager, k.State, k.Spec, k.Usage, k.Origin, k.MultiRegion, k.Replica, k.CreatedAt, k.DeletionAt, k.MaterialExpiresAt,
				k.DeletionInDays, k.RotationSupported, k.RotationEnabled, k.RotationPeriodDays, k.LastRotatedAt, k.NextRotationAt,
				k.PolicyPresent, k.PolicyPublic, k.OutsideAccounts, k.Outsiders, k.Networks, k.GrantCount, k.GrantOutside, k.GrantOutsiders}
		}, false},
		{"kms", "GetKeyPolicy", func(k *model.Key) []model.Attribute {
			return []model.Attribute{k.PolicyPresent, k.PolicyPublic, k.PolicyStatements, k.OutsideAccounts, k.Outsiders, k.Networks}
		}, false},
		{"kms", "GetKeyRotationStatus", func(k *model.Key) []model.Attribute {
			return []model.Attribute{k.RotationEnabled, k.RotationPeriodDays, k.NextRotationAt, k.NextRotationInDays}
		}, false},
		{"kms", "ListKeyRotations", func(k *model.Key) []model.Attribute { return []model.Attribute{k.LastRotatedAt} }, false},
		{"kms", "ListGrants", func(k *model.Key) []model.Attribute {
			return []model.Attribute{k.GrantCount, k.GrantOutside, k.GrantOutsiders}
		}, false},
		{"tag", "GetResources", func(k *model.Key) []model.Attribute { return []model.Attribute{k.Tags} }, false},
	}
	for _, tt := range tests {
		action := tt.service + ":" + tt.operation
		t.Run(action, func(t *testing.T) {
			got := refuse(t, tt.service, tt.operation, fixture.Deny)
			require.Nil(t, got.scopes[0].Gap)
			require.Len(t, got.rows, len(whole.rows), "no row is lost")
			name := "alias/app"
			if tt.renames {
				name = "1234abcd-12ab-34cd-56ef-1234567890ab"
			}
			k := got.key(t, name)
			unknown := 0
			for _, a := range tt.attributes(k) {
				assert.Equal(t, model.Unknown{Reason: model.ReasonAccessDenied, Action: action}, a.Why())
				unknown++
			}
			for attribute, a := range got.rows[name].Attributes() {
				if a.State() == model.StateUnknown && !testaccount.FromEvents()[attribute] {
					assert.Equal(t, action, a.Why().Action, attribute)
					unknown--
				}
			}
			if tt.operation != "DescribeKey" {
				assert.Zero(t, unknown, "nothing else became unknown")
			}
			assert.Equal(t, model.Known("1234abcd-12ab-34cd-56ef-1234567890ab"), k.KeyID)

			broken := refuse(t, tt.service, tt.operation, fixture.BreakServer)
			for _, a := range tt.attributes(broken.key(t, name)) {
				assert.Equal(t, model.ReasonFailed, a.Why().Reason)
				assert.Equal(t, action, a.Why().Action)
			}
		})
	}
	t.Run("kms:ListKeys", func(t *testing.T) {
		got := refuse(t, "kms", "ListKeys", fixture.Deny)
		assert.Empty(t, got.rows)
		assert.Equal(t, &model.Unknown{Reason: model.ReasonAccessDenied, Action: listKeys}, got.scopes[0].Gap)
	})
	t.Run("a cancelled scan ends", func(t *testing.T) {
		for _, operation := range []string{"ListKeys", "ListAliases", "DescribeKey", "GetKeyPolicy", "ListGrants", "GetResources"} {
			server.SetFaults(fixture.Fault{Operation: operation, Kind: fixture.Delay, Delay: time.Minute})
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			_, err := run(ctx, t, "us-east-1", c)
			cancel()
			assert.ErrorIs(t, err, context.DeadlineExceeded, operation)
		}
	})
}

func TestCalls(t *testing.T) {
	keys := ""
	for i := range 220 {
		keys += fmt.Sprintf("          - {name: k%03d, aliases: [alias/k%03d], tags: {n: \"%d\"}}\n", i, i, i)
	}
	const head = "accounts:\n  - id: \"111122223333\"\n    credentials: [{access_key: AKIDTEST, secret_key: x, principal: user/t}]\n    regions:\n      us-east-1:\n        keys:\n"
	server, config := endpoint(t, head+keys+"          - {name: rsa, spec: RSA_2048}\n          - {name: awskey, manager: AWS, aliases: [alias/aws/ssm]}\n")
	c := New(config("us-east-1"))
	got := collect(t, "us-east-1", c)
	assert.Len(t, got.rows, 222)
	assert.Equal(t, model.Known(map[string]string{"n": "219"}), got.key(t, "alias/k219").Tags, "tags of the last page")
	calls := server.Calls()
	assert.Equal(t, map[string]int{
		listKeys: 1, listAliases: 3, getTags: 3, describeKey: 222,
		getPolicy: 221, listGrants: 221, getRotation: 220, listRotations: 220,
	}, calls)
	for action := range calls {
		assert.Contains(t, c.Permissions(), action)
	}

	none, config := endpoint(t, head+"          - {name: awskey, manager: AWS, aliases: [alias/aws/ssm]}\n")
	collect(t, "us-east-1", New(config("us-east-1")))
	assert.Equal(t, map[string]int{listKeys: 1, listAliases: 1, describeKey: 1}, none.Calls(), "an untouched region costs three calls")
}
