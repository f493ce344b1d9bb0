package ssm_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/ssm"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

const sentinel = "SENTINEL"

const parameters = `us-east-1:
  keys: [{name: app}]
  parameters:
    - {name: /prod/db/password, value: FAKE-SENTINEL-hunter2, tags: {env: prod, owner: pay}}
    - {name: /prod/db/host, value: db.internal.example.com}
    - {name: /prod/api/token, type: SecureString, value: FAKE-SENTINEL-token}
    - {name: /prod/api/secret, type: SecureString, value: FAKE-SENTINEL-secret, key: app, tags: {env: prod}}
    - {name: legacy, type: StringList, value: [AKIA, "IOSFODNN7EXAMPLE,eu-west-1"]}
    - {name: /images/base, value: ami-0abcdef1234567890, data_type: "aws:ec2:image"}
    - name: /app/trial
      value: abc
      tier: Advanced
      version: 7
      modified: 12d
      policies:
        - {type: NoChangeNotification, before: 20}
        - {type: Expiration, at: in 5d}
`

// newDetector makes one detector for all tests: it is the slowest part of them.
var newDetector = sync.OnceValues(detect.New)

func (w *world) collector() collectors.Collector {
	detector, err := newDetector()
	require.NoError(w.T, err)
	return ssm.New(w.Config(testaccount.Here, testaccount.Virginia), detector)
}

func (w *world) parameters() (testaccount.Snapshot, map[string]*model.Parameter) {
	org := &collectors.Organization{ID: model.Known("o-a1b2c3d4e5"), Accounts: model.Known([]string{testaccount.Here, "444455556666"})}
	s := w.Scan(collectors.CellID{Org: org}, []collectors.Collector{w.collector()})
	list := map[string]*model.Parameter{}
	for name, r := range s.Rows {
		list[name] = r.Body.(*model.Parameter)
	}
	return s, list
}

func rules(v model.Value[[]model.Credential]) []string {
	list := []string{}
	for _, c := range v.Or(nil) {
		list = append(list, c.Rule)
	}
	return list
}

func TestParameters(t *testing.T) {
	w := serve(t, parameters)
	s, p := w.parameters()
	require.Len(t, p, 7)
	require.Nil(t, s.Gap(model.KindParameter))

	password := p["/prod/db/password"]
	assert.Equal(t, "arn:aws:ssm:us-east-1:111122223333:parameter/prod/db/password", s.Rows["/prod/db/password"].ID.ID)
	assert.Equal(t, model.Known("String"), password.Type)
	assert.Equal(t, model.Known("Standard"), password.Tier)
	assert.Equal(t, model.Known("text"), password.DataType)
	assert.Equal(t, model.Known(map[string]string{"env": "prod", "owner": "pay"}), password.Tags)
	assert.Equal(t, []string{"named-password"}, rules(password.Credentials))
	assert.Equal(t, model.StateAbsent, password.KMSKey.State())
	assert.Equal(t, model.StateAbsent, password.DefaultKey.State())
	assert.Equal(t, model.Known([]string{}), password.Policies)
	assert.Equal(t, model.StateAbsent, password.ExpiresAt.State())

	assert.Equal(t, model.Known([]model.Credential{}), p["/prod/db/host"].Credentials)
	assert.Equal(t, model.Known(map[string]string{}), p["/prod/db/host"].Tags, "not among the tagged")
	assert.Equal(t, []string{"aws-access-token"}, rules(p["legacy"].Credentials))
	assert.Equal(t, "arn:aws:ssm:us-east-1:111122223333:parameter/legacy", s.Rows["legacy"].ID.ID)
	assert.Equal(t, model.Known([]model.Credential{}), p["/images/base"].Credentials)

	trial := p["/app/trial"]
	assert.Equal(t, model.Known(7), trial.Version)
	assert.Equal(t, model.Known(12), trial.LastModifiedDays)
	assert.Equal(t, model.Known("Advanced"), trial.Tier)
	assert.Equal(t, model.Known([]string{"Expiration", "NoChangeNotification"}), trial.Policies)
	assert.Equal(t, model.Known(time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)), trial.ExpiresAt)
	assert.Equal(t, model.Known(5), trial.ExpiresInDays)
}

func TestSecureStringsAreNeverRead(t *testing.T) {
	w := serve(t, parameters)
	s, p := w.parameters()
	for name, byDefault := range map[string]bool{"/prod/api/token": true, "/prod/api/secret": false} {
		assert.Equal(t, model.StateAbsent, p[name].Credentials.State(), name)
		assert.Equal(t, model.Known(byDefault), p[name].DefaultKey, name)
		key, ok := s.Rows[name].Refs["key"].Get()
		require.True(t, ok, name)
		assert.True(t, strings.HasPrefix(key.ID, "arn:aws:kms:us-east-1:111122223333:"), key.ID)
		assert.Equal(t, model.KindKey, key.Kind)
	}
	assert.Equal(t, model.Known("alias/aws/ssm"), p["/prod/api/token"].KMSKey)
	assert.Equal(t, map[string]int{"ssm:DescribeParameters": 1, "ssm:GetParameters": 1, "ssm:GetResourcePolicies": 1, "tag:GetResources": 1}, w.Calls())

	// The endpoint refuses a SecureString to this fault, so a scan that asked
	// for one would not know what the plain ones hold.
	w.SetFaults(
		fake.Fault{Service: "ssm", Operation: "GetParameters", Resource: "/prod/api/token", Kind: fake.Deny},
		fake.Fault{Service: "ssm", Operation: "GetParameters", Resource: "/prod/api/secret", Kind: fake.Deny},
	)
	_, p = w.parameters()
	assert.Equal(t, model.StateKnown, p["/prod/db/host"].Credentials.State())
}

// TestNoValueLeaves looks for the planted values in all that is kept.
func TestNoValueLeaves(t *testing.T) {
	s, _ := serve(t, parameters).parameters()
	for _, r := range s.Rows {
		raw, err := json.Marshal(r)
		require.NoError(t, err)
		assert.NotContains(t, string(raw), sentinel)
		assert.NotContains(t, string(raw), "AKIA")
	}
}

func TestDescribeParametersDenied(t *testing.T) {
	w := serve(t, parameters)
	w.Deny("ssm", "DescribeParameters")
	s, p := w.parameters()
	assert.Empty(t, p)
	require.NotNil(t, s.Gap(model.KindParameter))
	assert.Equal(t, testaccount.Denied("ssm:DescribeParameters"), *s.Gap(model.KindParameter))
}

func TestTagsDenied(t *testing.T) {
	w := serve(t, parameters)
	w.Deny("tag", "GetResources")
	_, p := w.parameters()
	require.Len(t, p, 7)
	for name, body := range p {
		assert.Equal(t, testaccount.Denied("tag:GetResources"), body.Tags.Why(), name)
	}
	assert.Equal(t, model.StateKnown, p["/prod/db/host"].Credentials.State())
}

func TestValuesDenied(t *testing.T) {
	w := serve(t, parameters)
	w.Deny("ssm", "GetParameters")
	_, p := w.parameters()
	require.Len(t, p, 7, "no row is lost")
	for name, body := range p {
		if body.Type.Or("") != "SecureString" && name != "/images/base" {
			assert.Equal(t, testaccount.Denied("ssm:GetParameters"), body.Credentials.Why(), name)
		}
	}
	assert.Equal(t, 1+4, w.Calls()["ssm:GetParameters"], "the batch, then each name once")
}

// many is n plain, tagged parameters.
func many(n int) string {
	var b strings.Builder
	b.WriteString("us-east-1:\n  parameters:\n")
	for i := range n {
		fmt.Fprintf(&b, "    - {name: /p/%03d, value: v%d, tags: {n: '%d'}}\n", i, i, i)
	}
	return b.String()
}

func TestPages(t *testing.T) {
	w := serve(t, many(120))
	s, p := w.parameters()
	require.Len(t, p, 120)
	for name, body := range p {
		assert.Equal(t, model.StateKnown, body.Credentials.State(), name)
		assert.Len(t, body.Tags.Or(nil), 1, name)
	}
	assert.Equal(t, map[string]int{"ssm:DescribeParameters": 3, "ssm:GetParameters": 12, "tag:GetResources": 2}, w.Calls())
	assert.Nil(t, s.Gap(model.KindParameter))
}

// TestOneValueDenied shows that a refused parameter hides no other one.
func TestOneValueDenied(t *testing.T) {
	w := serve(t, many(30))
	w.SetFaults(fake.Fault{Service: "ssm", Operation: "GetParameters", Resource: "/p/013", Kind: fake.Deny})
	_, p := w.parameters()
	for name, body := range p {
		if name == "/p/013" {
			assert.Equal(t, model.ReasonAccessDenied, body.Credentials.Why().Reason)
		} else {
			assert.Equal(t, model.StateKnown, body.Credentials.State(), name)
		}
	}
	assert.Equal(t, 3+10, w.Calls()["ssm:GetParameters"])
}

// TestSomeValuesDenied shows that names are asked for as long as some may be read.
func TestSomeValuesDenied(t *testing.T) {
	w := serve(t, many(30))
	w.SetFaults(
		fake.Fault{Service: "ssm", Operation: "GetParameters", Resource: "/p/01*", Kind: fake.Deny},
		fake.Fault{Service: "ssm", Operation: "GetParameters", Resource: "/p/020", Kind: fake.Deny},
	)
	_, p := w.parameters()
	for name, body := range p {
		want := !strings.HasPrefix(name, "/p/01") && name != "/p/020"
		assert.Equal(t, want, body.Credentials.State() == model.StateKnown, name)
	}
	assert.Equal(t, 3+10+10, w.Calls()["ssm:GetParameters"])
}

// TestAllValuesDenied shows that asking name by name ends when it is no use.
func TestAllValuesDenied(t *testing.T) {
	w := serve(t, many(120))
	w.Deny("ssm", "GetParameters")
	_, p := w.parameters()
	require.Len(t, p, 120)
	assert.Equal(t, 12+10, w.Calls()["ssm:GetParameters"])
}

func TestBrokenAnswers(t *testing.T) {
	for _, kind := range []fake.FaultKind{fake.BreakServer, fake.BreakConnection, fake.BreakBody, fake.Throttle} {
		t.Run(fmt.Sprint(kind), func(t *testing.T) {
			w := serve(t, parameters)
			w.SetFaults(fake.Fault{Service: "ssm", Operation: "GetParameters", Kind: kind})
			_, p := w.parameters()
			require.Len(t, p, 7)
			why := p["/prod/db/password"].Credentials.Why()
			assert.Equal(t, model.ReasonFailed, why.Reason)
			assert.Equal(t, "ssm:GetParameters", why.Action)
			assert.NotContains(t, why.Detail, sentinel)

			w.SetFaults(fake.Fault{Service: "ssm", Operation: "DescribeParameters", Kind: kind})
			s, _ := w.parameters()
			require.NotNil(t, s.Gap(model.KindParameter))
			assert.Equal(t, model.ReasonFailed, s.Gap(model.KindParameter).Reason)
		})
	}
}

func TestCancelled(t *testing.T) {
	w := serve(t, parameters)
	w.SetFaults(fake.Fault{Service: "ssm", Kind: fake.Delay, Delay: 5 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	_, err = collectors.Run(ctx, collectors.Plan{Cells: []collectors.CellPlan{{
		Cell:   collectors.CellID{Partition: "aws", Account: testaccount.Here, Region: testaccount.Virginia},
		Stages: [][]collectors.Collector{{w.collector()}},
	}}}, spool)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

const shared = `us-east-1:
  parameters:
    - {name: /standard, value: a}
    - {name: /alone, value: a, tier: Advanced}
    - {name: /smart, value: a, tier: Intelligent-Tiering}
    - name: /partner
      value: a
      tier: Advanced
      resource_policies:
        - '{"Version":"2012-10-17","Statement":[{"Sid":"Own","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root","444455556666"]},"Action":["ssm:GetParameter","ssm:GetParameters"],"Resource":"*"}]}'
        - '{"Version":"2012-10-17","Statement":[{"Sid":"Partner","Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":["ssm:GetParameter","ssm:GetParameters"],"Resource":"*"}]}'
    - name: /anyone
      value: a
      tier: Advanced
      resource_policies: ['{"Statement":{"Effect":"Allow","Principal":"*","Action":"ssm:GetParameter","Resource":"*"}}']
    - {name: /strange, value: a, tier: Advanced, resource_policies: ['{}']}
`

func TestSharing(t *testing.T) {
	w := serve(t, shared)
	_, p := w.parameters()
	assert.Equal(t, 5, w.Calls()["ssm:GetResourcePolicies"], "none for the standard tier, which cannot be shared")
	for _, name := range []string{"/standard", "/alone", "/smart"} {
		assert.Equal(t, model.Known(false), p[name].PolicyPresent, name)
		assert.Equal(t, model.Known(false), p[name].PolicyPublic, name)
		assert.Equal(t, model.Known([]string{}), p[name].OutsideAccounts, name)
	}
	partner := p["/partner"]
	assert.Equal(t, model.Known(true), partner.PolicyPresent)
	assert.Equal(t, model.Known(false), partner.PolicyPublic)
	assert.Equal(t, model.Known([]string{"999988887777"}), partner.OutsideAccounts)
	require.Len(t, partner.PolicyStatements.Or(nil), 2)
	assert.Equal(t, model.Known(true), p["/anyone"].PolicyPublic)
	assert.Equal(t, model.ReasonFailed, p["/strange"].PolicyPublic.Why().Reason, "a document that AWS's grammar does not allow")

	unreadable := func(name string, reason model.Reason) {
		t.Helper()
		body := p[name]
		for _, a := range []model.Attribute{body.PolicyPresent, body.PolicyPublic, body.PolicyStatements, body.OutsideAccounts} {
			assert.Equal(t, reason, a.Why().Reason, name)
			assert.Equal(t, "ssm:GetResourcePolicies", a.Why().Action, name)
		}
	}
	w.SetFaults(fake.Fault{Service: "ssm", Operation: "GetResourcePolicies", Resource: "/alone", Kind: fake.Deny})
	_, p = w.parameters()
	unreadable("/alone", model.ReasonAccessDenied)
	assert.Equal(t, partner.OutsideAccounts, p["/partner"].OutsideAccounts, "the others are read all the same")
	for _, kind := range []fake.FaultKind{fake.Deny, fake.BreakServer, fake.BreakConnection, fake.BreakBody, fake.Throttle} {
		w.SetFaults(fake.Fault{Service: "ssm", Operation: "GetResourcePolicies", Kind: kind})
		_, p = w.parameters()
		require.Len(t, p, 6, "no row is lost")
		assert.Equal(t, model.Known(false), p["/standard"].PolicyPresent)
		reason := model.ReasonFailed
		if kind == fake.Deny {
			reason = model.ReasonAccessDenied
		}
		for _, name := range []string{"/alone", "/smart", "/partner", "/anyone", "/strange"} {
			unreadable(name, reason)
		}
	}
}

// TestPermissions compares what is declared with what is called.
func TestPermissions(t *testing.T) {
	w := serve(t, parameters)
	c := w.collector()
	w.parameters()
	var called []string
	for action := range w.Calls() {
		called = append(called, action)
	}
	assert.ElementsMatch(t, c.Permissions(), called)
	assert.Equal(t, "ssm", c.Name())
}
