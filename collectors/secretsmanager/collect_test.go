package secretsmanager

import (
	"context"
	"fmt"
	"strings"
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
        keys: [{name: far, id: 2234abcd-12ab-34cd-56ef-1234567890ab}]
      us-east-1:
        keys: [{name: k, id: 1234abcd-12ab-34cd-56ef-1234567890ab}]
        secrets:
          - name: full/one
            suffix: a1B2c3
            key: k
            created: 400d
            changed: 20d
            accessed: 2d5h
            rotation: {function: turn, schedule: "cron(0 8 ? * MON#1 *)", window: 2h, last: 20d, next: in 10d}
            versions:
              - {id: v-pending-00000000000000000000000000, stages: [AWSPENDING], created: 1h}
              - {id: v-current-00000000000000000000000000, stages: [AWSPREVIOUS, AWSCURRENT], created: 20d}
              - {id: v-ancient-00000000000000000000000000, created: 90d}
            replicas:
              - {region: eu-west-1, accessed: 1d, key: far}
            tags: {b: "2", empty: ""}
            policy: '{"Statement":{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"*","Resource":"*"}}'
            value: SENTINEL-one
          - {name: plain, created: 300d, value: SENTINEL-plain}
          - {name: days, created: 200d, rotation: {function: "arn:aws:lambda:us-east-1:999988887777:function:turn:live", days: 7, last: 9d, next: in 1d}}
          - {name: cancelled, created: 200d, rotation: {off: true, function: turn, days: 7, window: 3h, last: 9d, next: in 1d}}
          - {name: owned, created: 100d, owner: rds, rotation: {days: 7, last: 2d, next: in 5d}}
          - {name: partner, created: 100d, type: Partner, versions: [{id: v-current-11111111111111111111111111, stages: [AWSPENDING, AWSCURRENT]}]}
          - {name: gone, created: 100d, deleted: 3d, recovery_window: 7}
          - {name: twice/default, key: alias/aws/secretsmanager}
`

func TestCollect(t *testing.T) {
	server, config := endpoint(t, world)
	got := collect(t, "us-east-1", New(config("us-east-1")))
	require.Len(t, got.rows, 8)
	assert.Equal(t, map[string]int{list: 1, describe: 7, getPolicy: 8}, server.Calls(), "a secret marked for deletion has no replicas")
	require.Equal(t, []model.Scope{{Kind: model.KindSecret, Account: account, Region: "us-east-1", Count: 8}}, got.scopes)

	t.Run("all attributes", func(t *testing.T) {
		for name, r := range got.rows {
			for attribute, a := range r.Attributes() {
				if name == "gone" && strings.HasPrefix(attribute, "policy_") || name == "gone" && (attribute == "outside_accounts" || attribute == "outsiders" || attribute == "open_networks") {
					continue
				}
				if testaccount.FromEvents()[attribute] {
					continue
				}
				assert.NotEqual(t, model.StateUnknown, a.State(), "%s of %s: %s", attribute, name, a.Why())
			}
		}
	})
	t.Run("full", func(t *testing.T) {
		r, s := got.rows["full/one"], got.secret(t, "full/one")
		const arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:full/one-a1B2c3"
		const key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
		const function = "arn:aws:lambda:us-east-1:111122223333:function:turn"
		assert.Equal(t, model.ResourceID{Kind: model.KindSecret, Account: account, Region: "us-east-1", ID: arn}, r.ID)
		assert.Equal(t, map[string]string{"b": "2", "empty": ""}, s.Tags.Or(nil))
		assert.Equal(t, model.Known(now.Add(-400*24*time.Hour)), s.CreatedAt)
		assert.Equal(t, model.Known(20), s.LastChangedDaysAgo)
		assert.Equal(t, model.Known(now.Add(10*24*time.Hour)), s.NextRotationAt)
		assert.Equal(t, model.Known(true), s.RotationEnabled)
		assert.Equal(t, model.None[int](), s.RotationDays, "the schedule is an expression")
		assert.Equal(t, model.Known("cron(0 8 ? * MON#1 *)"), s.RotationSchedule)
		assert.Equal(t, model.Known(35), s.RotationIntervalDays)
		assert.Equal(t, model.Known(2), s.RotationWindowHours)
		assert.Equal(t, model.Known(function), s.RotationFunction)
		assert.Equal(t, model.Known(false), s.ManagedRotation)
		assert.Equal(t, model.Known([]model.Version{
			{ID: "v-current-00000000000000000000000000", Stages: []string{"AWSCURRENT", "AWSPREVIOUS"}},
			{ID: "v-pending-00000000000000000000000000", Stages: []string{"AWSPENDING"}},
		}), s.Versions)
		assert.Equal(t, model.Known(true), s.PendingVersion)
		assert.Equal(t, model.Known(true), s.HasCurrentValue)
		assert.Equal(t, model.Known(key), s.KMSKey)
		assert.Equal(t, model.Known(false), s.DefaultKey)
		assert.Equal(t, model.Known([]string{"999988887777"}), s.OutsideAccounts)
		assert.Equal(t, model.Known(false), s.IsReplica)
		assert.Equal(t, model.Known("us-east-1"), s.PrimaryRegion)
		one := 1
		assert.Equal(t, model.Known([]model.Replica{{
			Region: "eu-west-1", KMSKey: "arn:aws:kms:eu-west-1:111122223333:key/2234abcd-12ab-34cd-56ef-1234567890ab",
		}}), s.Replicas)
		assert.Equal(t, model.Known([]model.ReplicaState{{
			Region: "eu-west-1", Status: "InSync", Message: "Replication succeeded", LastUsedDayAgo: &one,
		}}), s.ReplicaStates)
		assert.Equal(t, model.Known(1), s.LastUsedDaysAgo, "its replica was read yesterday")

		assert.Equal(t, model.Known(model.ResourceID{Kind: model.KindKey, Account: account, Region: "us-east-1", ID: key}), r.Refs["key"])
		assert.Equal(t, model.Known(model.ResourceID{Kind: model.KindFunction, Account: account, Region: "us-east-1", ID: function}), r.Refs["rotation_function"])
		assert.Equal(t, model.None[model.ResourceID](), r.Refs["primary"])
		assert.Equal(t, "arn:aws:iam::111122223333:root", r.Refs["account"].Or(model.ResourceID{}).ID)
	})
	t.Run("plain", func(t *testing.T) {
		r, s := got.rows["plain"], got.secret(t, "plain")
		assert.Equal(t, model.Known(map[string]string{}), s.Tags)
		assert.Equal(t, model.None[time.Time](), s.LastAccessedAt)
		assert.Equal(t, model.None[string](), s.OwningService)
		assert.Equal(t, model.Known(false), s.RotationEnabled, "never configured, so that AWS says nothing")
		assert.Equal(t, model.None[int](), s.RotationIntervalDays)
		assert.Equal(t, model.Known(false), s.PolicyPresent)
		assert.Equal(t, model.Known([]model.Replica{}), s.Replicas)
		for _, role := range []string{"key", "primary", "rotation_function"} {
			assert.Equal(t, model.None[model.ResourceID](), r.Refs[role], role)
		}
	})
	t.Run("default key", func(t *testing.T) {
		for _, name := range []string{"plain", "twice/default"} {
			s := got.secret(t, name)
			assert.Equal(t, model.None[string](), s.KMSKey)
			assert.Equal(t, model.Known(true), s.DefaultKey)
		}
	})
	t.Run("days and another account's function", func(t *testing.T) {
		r, s := got.rows["days"], got.secret(t, "days")
		assert.Equal(t, model.Known(7), s.RotationDays)
		assert.Equal(t, model.Known(7), s.RotationIntervalDays)
		assert.Equal(t, model.None[string](), s.RotationSchedule)
		assert.Equal(t, model.None[int](), s.RotationWindowHours)
		assert.Equal(t, model.Known("arn:aws:lambda:us-east-1:999988887777:function:turn"), s.RotationFunction, "without its qualifier")
		assert.Equal(t, "999988887777", r.Refs["rotation_function"].Or(model.ResourceID{}).Account)
	})
	t.Run("cancelled rotation looks off", func(t *testing.T) {
		r, s := got.rows["cancelled"], got.secret(t, "cancelled")
		assert.Equal(t, model.Known(false), s.RotationEnabled)
		for _, a := range []model.Attribute{s.RotationDays, s.RotationIntervalDays, s.RotationWindowHours, s.NextRotationAt, s.RotationFunction} {
			assert.Equal(t, model.StateAbsent, a.State())
		}
		assert.Equal(t, model.None[model.ResourceID](), r.Refs["rotation_function"])
		assert.Equal(t, model.Known(9), s.LastRotatedDaysAgo, "that it did rotate stays true")
	})
	t.Run("managed rotation", func(t *testing.T) {
		s := got.secret(t, "owned")
		assert.Equal(t, model.Known(true), s.ManagedRotation)
		assert.Equal(t, model.None[string](), s.RotationFunction)
		assert.Equal(t, model.Known("rds"), s.OwningService)
	})
	t.Run("pending on the current version", func(t *testing.T) {
		s := got.secret(t, "partner")
		assert.Equal(t, model.Known("Partner"), s.ExternalType)
		assert.Equal(t, model.Known(false), s.PendingVersion)
	})
	t.Run("marked for deletion", func(t *testing.T) {
		s := got.secret(t, "gone")
		assert.Equal(t, model.Known(true), s.DeletionScheduled)
		assert.Equal(t, model.Known(now.Add(-3*24*time.Hour)), s.DeletionAt)
		assert.Equal(t, model.Known([]model.Replica{}), s.Replicas)
		assert.Equal(t, model.Unknown{Reason: model.ReasonFailed, Action: getPolicy,
			Detail: "AWS shows no policy of a secret that is marked for deletion"}, s.PolicyPublic.Why())
	})
}

func TestReplica(t *testing.T) {
	server, config := endpoint(t, world)
	got := collect(t, "eu-west-1", New(config("eu-west-1")))
	require.Len(t, got.rows, 1)
	r, s := got.rows["full/one"], got.secret(t, "full/one")
	const primary = "arn:aws:secretsmanager:us-east-1:111122223333:secret:full/one-a1B2c3"
	assert.Equal(t, model.Known(true), s.IsReplica)
	assert.Equal(t, model.Known(primary), s.ReplicaOf)
	assert.Equal(t, model.Known(model.ResourceID{Kind: model.KindSecret, Account: account, Region: "us-east-1", ID: primary}), r.Refs["primary"])
	assert.Equal(t, model.None[bool](), s.PolicyPublic)
	assert.Equal(t, model.None[[]model.Replica](), s.Replicas)
	assert.Equal(t, model.Known(1), s.LastUsedDaysAgo)
	assert.Equal(t, "eu-west-1", r.Refs["key"].Or(model.ResourceID{}).Region)
	assert.Equal(t, map[string]int{list: 1}, server.Calls(), "the list is all that a replica needs")
}

func TestRefusedCalls(t *testing.T) {
	const wide = 250
	many := `
accounts:
  - id: "111122223333"
    credentials: [{access_key: AKIDTEST, secret_key: x, principal: user/t}]
    regions:
      us-east-1:
        secrets:
`
	for i := range wide {
		many += fmt.Sprintf("          - {name: s-%03d, created: %dd}\n", i, 1000-i)
	}
	server, config := endpoint(t, many)
	denied := func(operation string, kind fixture.FaultKind, count int) {
		server.SetFaults(fixture.Fault{Service: "secretsmanager", Operation: operation, Kind: kind, Count: count})
	}
	c := New(config("us-east-1"))

	t.Run("ListSecrets", func(t *testing.T) {
		denied("ListSecrets", fixture.Deny, 0)
		got := collect(t, "us-east-1", c)
		assert.Empty(t, got.rows)
		assert.Equal(t, []model.Scope{{Kind: model.KindSecret, Account: account, Region: "us-east-1",
			Gap: &model.Unknown{Reason: model.ReasonAccessDenied, Action: list}}}, got.scopes)
	})
	t.Run("DescribeSecret", func(t *testing.T) {
		denied("DescribeSecret", fixture.Deny, 0)
		got := collect(t, "us-east-1", c)
		got.complete(t, wide)
		s := got.secret(t, "s-007")
		assert.Equal(t, model.Unknown{Reason: model.ReasonAccessDenied, Action: describe}, s.Replicas.Why())
		assert.Equal(t, model.Unknown{Reason: model.ReasonAccessDenied, Action: describe}, s.LastUsedDaysAgo.Why(), "a replica may be in use")
		assert.Equal(t, model.Known(false), s.PolicyPresent)
	})
	t.Run("GetResourcePolicy", func(t *testing.T) {
		denied("GetResourcePolicy", fixture.Deny, 0)
		got := collect(t, "us-east-1", c)
		got.complete(t, wide)
		s := got.secret(t, "s-007")
		for _, a := range []model.Attribute{s.PolicyPresent, s.PolicyPublic, s.PolicyStatements, s.OutsideAccounts, s.Outsiders, s.Networks} {
			assert.Equal(t, model.Unknown{Reason: model.ReasonAccessDenied, Action: getPolicy}, a.Why())
		}
		assert.Equal(t, model.Known([]model.Replica{}), s.Replicas)
		assert.Nil(t, got.scopes[0].Gap)
	})
	t.Run("broken answers", func(t *testing.T) {
		for _, kind := range []fixture.FaultKind{fixture.Throttle, fixture.BreakServer, fixture.BreakBody, fixture.BreakConnection} {
			denied("GetResourcePolicy", kind, 3)
			got := collect(t, "us-east-1", c)
			got.complete(t, wide)
			failed := 0
			for _, r := range got.rows {
				if why := r.Body.(*model.Secret).PolicyPublic.Why(); why.Reason == model.ReasonFailed {
					assert.Equal(t, getPolicy, why.Action)
					assert.NotEmpty(t, why.Detail)
					failed++
				}
			}
			assert.Equal(t, 3, failed, "kind %d", kind)
		}
	})
	t.Run("calls", func(t *testing.T) {
		server.SetFaults()
		before := server.Calls()
		collect(t, "us-east-1", c)
		after := server.Calls()
		assert.Equal(t, 3, after[list]-before[list], "a hundred a page")
		assert.Equal(t, wide, after[describe]-before[describe])
		assert.Equal(t, wide, after[getPolicy]-before[getPolicy])
		allowed := map[string]bool{}
		for _, p := range c.Permissions() {
			allowed[p] = true
		}
		for action := range after {
			assert.True(t, allowed[action], "%s is not declared", action)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		server.SetFaults(fixture.Fault{Operation: "DescribeSecret", Kind: fixture.Delay, Delay: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := run(ctx, t, "us-east-1", c)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
