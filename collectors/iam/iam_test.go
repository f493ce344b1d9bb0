package iam_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/iam"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const (
	anything = `'{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'`
	reading  = `'{"Statement": {"Effect": "Allow", "Action": "secretsmanager:Get*", "Resource": "*"}}'`
	nothing  = `'{"Statement": {"Effect": "Allow", "Action": "secretsmanager:Get*", "Resource": "arn:aws:secretsmanager:us-east-1:111122223333:secret:a + b-??????"}}'`
	noKeys   = `'{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}]}'`

	directory = `
      aws_policies: [{name: AdministratorAccess, document: ` + anything + `}]
      policies:
        - {name: app, path: /team/, created: 40d, document: ` + nothing + `, earlier: ` + anything + `}
        - {name: reader, created: 30d, document: ` + reading + `}
        - {name: bound, document: ` + noKeys + `}
      groups: [{name: admins, attached: [AdministratorAccess]}]
      users:
        - {name: ann, path: /p/, created: 10d, groups: [admins], attached: [reader], tags: {k: v}}
        - {name: bob, attached: [AdministratorAccess], boundary: bound}
      roles:
        - {name: app, inline: [{name: a, document: ` + nothing + `}, {name: b, document: ` + reading + `}]}
        - {name: rds, path: /aws-service-role/rds.amazonaws.com/, attached: [AdministratorAccess]}
        - {name: lambda, path: /service-role/}
`
)

func TestPolicies(t *testing.T) {
	r := read(t, directory)
	require.Empty(t, r.gaps())
	assert.Contains(t, r.Scopes, model.Scope{Kind: model.KindIAMPolicy, Account: testaccount.Here, Region: model.RegionGlobal, Count: 3}, "read once, AWS's own are no rows")

	app := r.policy("app")
	assert.Equal(t, "arn:aws:iam::111122223333:policy/team/app", r.all["iam_policy app"].ID.ID)
	assert.Equal(t, model.Known("/team/"), app.Path)
	assert.Equal(t, model.Known(40), app.Created)
	assert.Equal(t, model.Known("v2"), app.Version)
	assert.Equal(t, model.Known(0), app.Attachments)
	assert.Empty(t, policies(t, app.AdminGrants), "the version before counts no more")
	assert.Empty(t, policies(t, app.SecretReadGrants), "it is decoded: the name has a plus")

	assert.Equal(t, model.Known(1), r.policy("reader").Attachments)
	assert.Equal(t, "reader", policies(t, r.policy("reader").SecretReadGrants))
	assert.Equal(t, model.Known(1), r.policy("bound").BoundaryCount)
}

func TestPrincipals(t *testing.T) {
	r := read(t, directory)
	assert.Contains(t, r.Scopes, model.Scope{Kind: model.KindPrincipal, Account: testaccount.Here, Region: model.RegionGlobal, Count: 6})

	ann := r.principal("ann")
	assert.Equal(t, "arn:aws:iam::111122223333:user/p/ann", r.all["principal ann"].ID.ID)
	assert.Equal(t, model.Known("user"), ann.Type)
	assert.Equal(t, model.Known(10), ann.Created)
	assert.Equal(t, model.Known(map[string]string{"k": "v"}), ann.Tags)
	assert.Equal(t, model.Known([]string{"arn:aws:iam::111122223333:policy/reader"}), ann.AttachedPolicies)
	assert.Equal(t, model.Known([]string{}), ann.InlinePolicies)
	assert.Equal(t, model.None[string](), ann.PermissionsBoundary)
	assert.Empty(t, policies(t, ann.SecretReadGrants), "the policy is judged by itself")

	admins := r.principal("admins")
	assert.Equal(t, model.Known("group"), admins.Type)
	assert.Equal(t, model.None[map[string]string](), admins.Tags)
	assert.Equal(t, model.Known([]string{"AdministratorAccess"}), admins.AWSManagedPolicies)
	assert.Equal(t, "AdministratorAccess", policies(t, admins.AdminGrants))

	bob := r.principal("bob")
	assert.Equal(t, model.Known("arn:aws:iam::111122223333:policy/bound"), bob.PermissionsBoundary)
	assert.Empty(t, policies(t, bob.AdminGrants), "the boundary keeps keys from it")
	assert.Empty(t, policies(t, bob.DecryptGrants))
	assert.Equal(t, "AdministratorAccess", policies(t, bob.SecretReadGrants))

	app := r.principal("app")
	assert.Equal(t, model.Known("role"), app.Type)
	assert.Equal(t, model.Known([]string{"a", "b"}), app.InlinePolicies)
	assert.Equal(t, "b", policies(t, app.SecretReadGrants))
	assert.Equal(t, model.Known(false), app.ServiceLinked)

	assert.Equal(t, model.Known(true), r.principal("rds").ServiceLinked)
	// steampipe kms_key_decryption_restricted_in_iam_inline_policy skips it; it is the customer's.
	assert.Equal(t, model.Known(false), r.principal("lambda").ServiceLinked)
}

// TestDenied: what may not be read is a gap with the action, never nothing.
func TestDenied(t *testing.T) {
	r := read(t, directory, fake.Fault{Service: "iam", Kind: fake.Deny})
	assert.Empty(t, r.all)
	for _, kind := range []model.Kind{model.KindIAMPolicy, model.KindPrincipal} {
		assert.Equal(t, model.ReasonAccessDenied, r.gaps()[kind].Reason, kind)
		assert.Equal(t, "iam:GetAccountAuthorizationDetails", r.gaps()[kind].Action, kind)
	}
}

// TestPoliciesFail: a principal whose policies are known all the same is judged;
// one that hangs on what was not read is unknown.
func TestPoliciesFail(t *testing.T) {
	r := read(t, directory, fake.Fault{Service: "iam", Kind: fake.BreakServer, Count: 1})
	require.Len(t, r.gaps(), 1)
	assert.Equal(t, model.ReasonFailed, r.gaps()[model.KindIAMPolicy].Reason)
	assert.Equal(t, "b", policies(t, r.principal("app").SecretReadGrants))
	for _, name := range []string{"admins", "bob"} {
		assert.Equal(t, r.gaps()[model.KindIAMPolicy], r.principal(name).AdminGrants.Why(), name)
	}
}

// TestCustomerPolicyDenies: what a customer managed policy denies, it denies what other policies
// of the same principal allow; one that was not read may do so.
func TestCustomerPolicyDenies(t *testing.T) {
	const file = `
      policies: [{name: no-keys, document: ` + noKeys + `}]
      roles:
        - {name: inline, inline: [{name: i, document: ` + anything + `}], attached: [no-keys]}
        - {name: harmless, inline: [{name: i, document: ` + nothing + `}], attached: [no-keys]}
`
	r := read(t, file)
	role := r.principal("inline")
	assert.Empty(t, policies(t, role.AdminGrants))
	assert.Empty(t, policies(t, role.DecryptGrants))
	assert.Equal(t, "i", policies(t, role.SecretReadGrants), "what the customer's policy allows is its own row's")

	r = read(t, file, fake.Fault{Service: "iam", Kind: fake.BreakServer, Count: 1})
	assert.Equal(t, r.gaps()[model.KindIAMPolicy], r.principal("inline").AdminGrants.Why())
	assert.Empty(t, policies(t, r.principal("harmless").AdminGrants), "nothing to be taken away")
}

func TestBadDocument(t *testing.T) {
	r := read(t, `
      policies: [{name: p, document: '{"Statement": {"Effect": "Maybe"}}'}]
      users: [{name: u, inline: [{name: i, document: '{"Statement": {"Effect": "Allow"}}'}]}]
      roles: [{name: r, inline: [{name: i, document: `+reading+`}], boundary: p}, {name: s, boundary: p}]
`)
	for _, g := range []model.Grants{r.policy("p").Grants, r.principal("u").Grants, r.principal("r").Grants} {
		assert.Equal(t, model.ReasonFailed, g.SecretReadGrants.Why().Reason)
		assert.Contains(t, g.DestroyGrants.Why().Detail, "not valid")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := iam.New(server(t, directory)).Collect(ctx, cell())
	require.True(t, errors.Is(err, context.Canceled), err)
}
