package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const (
	keyARN   = "arn:aws:kms:eu-west-1:111122223333:key/1"
	aliasARN = "arn:aws:kms:eu-west-1:111122223333:alias/app"
)

func key(fill func(*model.Key, *model.Resource)) *model.Resource {
	k := &model.Key{Manager: model.Known("CUSTOMER"), State: model.Known("Enabled"), Aliases: model.Known([]string{})}
	r := &model.Resource{ID: cell(model.KindKey, keyARN), Name: "k", Body: k}
	if fill != nil {
		fill(k, r)
	}
	return r
}

func withKey(to model.Value[model.ResourceID]) *model.Resource {
	r := secret("s", nil)
	r.Ref("key", to)
	return r
}

func gap(kind model.Kind) []model.Scope {
	s := listed(kind)
	s[0].Gap = &model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:ListKeys"}
	return s
}

// The rule fails a secret whose key is gone or disabled.
func TestRelated(t *testing.T) {
	usable := ruleText("usable", "T-1", "secret", "", `
violation contains {"message": "gone"} if input.related.key.exists == false

violation contains {"message": "disabled"} if input.related.key.state == "Disabled"`)
	var (
		toKey   = model.Known(cell(model.KindKey, keyARN))
		toAlias = model.Known(cell(model.KindKey, aliasARN))
		refused = model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:DescribeKey"}
		outside = cell(model.KindKey, "arn:aws:kms:us-east-1:111122223333:key/1")
	)
	outside.Region = "us-east-1"
	for _, c := range []struct {
		name    string
		secret  *model.Resource
		key     *model.Resource
		scopes  []model.Scope
		want    model.Status
		message string
		why     map[string]string
	}{
		{name: "exists", secret: withKey(toKey), key: key(nil), scopes: listed(model.KindKey), want: model.StatusPass},
		{name: "disabled", secret: withKey(toKey), key: key(func(k *model.Key, _ *model.Resource) { k.State = model.Known("Disabled") }), want: model.StatusFail, message: "disabled"},
		{name: "gone", secret: withKey(toKey), scopes: listed(model.KindKey), want: model.StatusFail, message: "gone"},
		{
			name: "keys could not be listed", secret: withKey(toKey), scopes: gap(model.KindKey), want: model.StatusUnknown,
			why: map[string]string{"related.key.exists": "kms:ListKeys denied", "related.key.state": "kms:ListKeys denied"},
		},
		{
			name: "keys could not all be listed, but this one was", secret: withKey(toKey), key: key(nil), scopes: gap(model.KindKey), want: model.StatusPass,
		},
		{
			name: "outside the scan", secret: withKey(model.Known(outside)), scopes: listed(model.KindKey), want: model.StatusUnknown,
			why: map[string]string{
				"related.key.exists": "not collected: arn:aws:kms:us-east-1:111122223333:key/1 is outside this scan",
				"related.key.state":  "not collected: arn:aws:kms:us-east-1:111122223333:key/1 is outside this scan",
			},
		},
		{name: "by alias", secret: withKey(toAlias), key: key(func(k *model.Key, r *model.Resource) {
			r.Aka, k.State = []string{aliasARN}, model.Known("Disabled")
		}), scopes: listed(model.KindKey), want: model.StatusFail, message: "disabled"},
		{
			name: "by an alias that no key is known to have", secret: withKey(toAlias), key: key(nil), scopes: listed(model.KindKey), want: model.StatusUnknown,
			why: map[string]string{
				"related.key.exists": "not collected: no key with the alias " + aliasARN + " was seen",
				"related.key.state":  "not collected: no key with the alias " + aliasARN + " was seen",
			},
		},
		{
			name: "unknown reference", secret: withKey(model.Missing[model.ResourceID](denied)), key: key(nil), scopes: listed(model.KindKey), want: model.StatusUnknown,
			why: map[string]string{"related.key.exists": "secretsmanager:DescribeSecret denied", "related.key.state": "secretsmanager:DescribeSecret denied"},
		},
		{name: "no reference", secret: withKey(model.None[model.ResourceID]()), want: model.StatusPass},
		{
			name: "silence on the reference, key absent", want: model.StatusPass,
			secret: secret("s", func(s *model.Secret) { s.KMSKey = model.None[string]() }),
		},
		{
			name: "silence on the reference, key unknown", want: model.StatusUnknown,
			secret: secret("s", func(s *model.Secret) { s.KMSKey = model.Missing[string](denied) }),
			why:    map[string]string{"related.key.exists": "secretsmanager:DescribeSecret denied", "related.key.state": "secretsmanager:DescribeSecret denied"},
		},
		{
			name: "silence on the reference, key named", want: model.StatusUnknown,
			secret: secret("s", func(s *model.Secret) { s.KMSKey = model.Known("alias/app") }),
			why: map[string]string{
				"related.key.exists": "not collected: nothing says which key its kms_key is",
				"related.key.state":  "not collected: nothing says which key its kms_key is",
			},
		},
		{
			name: "attribute of the key unknown", want: model.StatusUnknown, secret: withKey(toKey),
			key: key(func(k *model.Key, _ *model.Resource) { k.State = model.Missing[string](refused) }),
			why: map[string]string{"related.key.state": "kms:DescribeKey denied"},
		},
		{
			name: "a reference to another kind", want: model.StatusUnknown, secret: withKey(model.Known(cell(model.KindFunction, keyARN))),
			scopes: listed(model.KindKey),
			why: map[string]string{
				"related.key.exists": "not collected: " + keyARN + " is outside this scan",
				"related.key.state":  "not collected: " + keyARN + " is outside this scan",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			resources := []*model.Resource{c.secret}
			if c.key != nil {
				resources = append([]*model.Resource{c.key}, resources...)
			}
			_, results := evaluate(t, judgeOf(t, usable), snapshot(c.scopes, resources...))
			require.Equal(t, c.want, results[0].Status, "%+v", results[0])
			if c.message != "" {
				require.Equal(t, []model.Finding{{Message: c.message}}, results[0].Findings)
			}
			why := map[string]string{}
			for path, u := range results[0].Unknown {
				why[path] = u.String()
			}
			if c.why == nil {
				c.why = map[string]string{}
			}
			require.Equal(t, c.why, why)
		})
	}
}

// A replica is judged by what its primary, in another region, is.
func TestRelatedSecret(t *testing.T) {
	rule := ruleText("primary", "T-1", "secret", "", `violation contains {"message": "off"} if input.related.primary.rotation_enabled == false`)
	replica := secret("a", func(s *model.Secret) { s.ReplicaOf = model.Known("arn:secret:z") })
	replica.Ref("primary", model.Known(cell(model.KindSecret, "arn:secret:z")))
	primary := secret("z", func(s *model.Secret) { s.RotationEnabled, s.ReplicaOf = model.Known(false), model.None[string]() })
	_, results := evaluate(t, judgeOf(t, rule), snapshot(listed(model.KindSecret), replica, primary))
	require.Equal(t, model.StatusFail, results[0].Status)
	require.Equal(t, model.StatusPass, results[1].Status, "the primary has none itself")
}

func TestAccountIsImplicit(t *testing.T) {
	rule := ruleText("org", "T-1", "secret", "", `violation contains {"message": "no organization"} if not input.related.account.organization_id`)
	org := func(v model.Value[string]) *model.Resource {
		return &model.Resource{ID: cell(model.KindAccount, "111122223333"), Body: &model.Account{OrganizationID: v}}
	}
	for _, c := range []struct {
		name    string
		account *model.Resource
		scopes  []model.Scope
		want    model.Status
		why     string
	}{
		{"in one", org(model.Known("o-1")), nil, model.StatusPass, ""},
		{"in none", org(model.None[string]()), nil, model.StatusFail, ""},
		{"unknown", org(model.Missing[string](denied)), nil, model.StatusUnknown, "secretsmanager:DescribeSecret denied"},
		{"not read", nil, nil, model.StatusUnknown, "not collected: the account was not read"},
		{"gap", nil, gap(model.KindAccount), model.StatusUnknown, "kms:ListKeys denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			resources := []*model.Resource{secret("s", nil)}
			if c.account != nil {
				resources = append([]*model.Resource{c.account}, resources...)
			}
			_, results := evaluate(t, judgeOf(t, rule), snapshot(c.scopes, resources...))
			require.Equal(t, c.want, results[0].Status)
			if c.why != "" {
				require.Equal(t, c.why, results[0].Unknown["related.account.organization_id"].String())
			}
		})
	}
}

func TestUsedBy(t *testing.T) {
	rule := ruleText("used", "T-1", "key", "", `violation contains {"message": "unused"} if not input.related.used_by.secret`)
	aliasUnknown := func(k *model.Key, _ *model.Resource) { k.Aliases = model.Missing[[]string](denied) }
	elsewhere := withKey(model.Missing[model.ResourceID](denied))
	elsewhere.ID.Region = "us-east-1"
	for _, c := range []struct {
		name   string
		key    *model.Resource
		secret *model.Resource
		scopes []model.Scope
		want   model.Status
		why    string
	}{
		{"used", key(nil), withKey(model.Known(cell(model.KindKey, keyARN))), listed(model.KindSecret), model.StatusPass, ""},
		{"used, though the list has a gap", key(nil), withKey(model.Known(cell(model.KindKey, keyARN))), gap(model.KindSecret), model.StatusPass, ""},
		{"used by alias", key(func(_ *model.Key, r *model.Resource) { r.Aka = []string{aliasARN} }), withKey(model.Known(cell(model.KindKey, aliasARN))), listed(model.KindSecret), model.StatusPass, ""},
		{"unused", key(nil), withKey(model.None[model.ResourceID]()), listed(model.KindSecret), model.StatusFail, ""},
		{"another key is used", key(nil), withKey(model.Known(cell(model.KindKey, keyARN+"2"))), listed(model.KindSecret), model.StatusFail, ""},
		{"another key's alias is used", key(nil), withKey(model.Known(cell(model.KindKey, aliasARN))), listed(model.KindSecret), model.StatusFail, ""},
		{"perhaps by an alias", key(aliasUnknown), withKey(model.Known(cell(model.KindKey, aliasARN))), listed(model.KindSecret), model.StatusUnknown, "not collected: it may have the alias " + aliasARN + ", which is used"},
		{"aliases unknown, but none is used", key(aliasUnknown), withKey(model.None[model.ResourceID]()), listed(model.KindSecret), model.StatusFail, ""},
		{"secrets not listed", key(nil), nil, nil, model.StatusUnknown, "not collected: no secrets were listed there"},
		{"gap", key(nil), nil, gap(model.KindSecret), model.StatusUnknown, "kms:ListKeys denied"},
		{"some reference is unknown", key(nil), withKey(model.Missing[model.ResourceID](denied)), listed(model.KindSecret), model.StatusUnknown, "secretsmanager:DescribeSecret denied"},
		{"some reference is not set", key(nil), secret("s", nil), listed(model.KindSecret), model.StatusUnknown, "not collected"},
		{"a reference elsewhere is unknown", key(nil), elsewhere, listed(model.KindSecret), model.StatusFail, ""},
		{"a reference to a function is unknown", key(nil), func() *model.Resource {
			r := withKey(model.None[model.ResourceID]())
			r.Ref("rotation_function", model.Missing[model.ResourceID](denied))
			return r
		}(), listed(model.KindSecret), model.StatusFail, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			resources := []*model.Resource{c.key}
			if c.secret != nil {
				resources = append(resources, c.secret)
			}
			_, results := evaluate(t, judgeOf(t, rule), snapshot(c.scopes, resources...))
			require.Len(t, results, 1)
			require.Equal(t, c.want, results[0].Status, "%+v", results[0])
			if c.why != "" {
				require.Equal(t, []string{"related.used_by.secret"}, sortedKeys(results[0].Unknown))
				require.Equal(t, c.why, results[0].Unknown["related.used_by.secret"].String())
			}
		})
	}
}

// A replica key is judged with its primary, and nobody knows how where that is
// outside the scan.
func TestRelatedKey(t *testing.T) {
	rule := ruleText("rotates", "T-1", "key", "", `
not_applicable contains "a replica" if {
	input.resource.replica
	input.related.primary.exists
}

violation contains {"message": "off"} if input.resource.rotation_enabled == false`)
	primary := cell(model.KindKey, keyARN)
	outside := model.ResourceID{Kind: model.KindKey, Account: primary.Account, Region: "us-east-1", ID: "arn:aws:kms:us-east-1:111122223333:key/1"}
	replica := func(of model.ResourceID, on bool) *model.Resource {
		r := key(func(k *model.Key, _ *model.Resource) {
			k.Replica, k.ReplicaOf, k.RotationEnabled = model.Known(true), model.Known(of.ID), model.Known(on)
		})
		r.ID.ID += "-replica"
		r.Ref("primary", model.Known(of))
		return r
	}
	whole := key(func(k *model.Key, _ *model.Resource) {
		k.Replica, k.ReplicaOf, k.RotationEnabled = model.Known(false), model.None[string](), model.Known(true)
	})
	_, results := evaluate(t, judgeOf(t, rule), snapshot(listed(model.KindKey), whole, replica(primary, false)))
	require.Equal(t, model.StatusPass, results[0].Status)
	require.Equal(t, model.StatusNotApplicable, results[1].Status)
	for _, on := range []bool{true, false} {
		_, results = evaluate(t, judgeOf(t, rule), snapshot(listed(model.KindKey), replica(outside, on)))
		require.Equal(t, model.StatusUnknown, results[0].Status)
		require.Equal(t, "not collected: "+outside.ID+" is outside this scan", results[0].Unknown["related.primary.exists"].String())
	}
}
