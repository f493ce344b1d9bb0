package model

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEventFields: the attributes of an event are flat, each once, and documented
// where their name does not say it.
func TestEventFields(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Fields(KindEvent) {
		require.False(t, seen[f.Name], "%s is there twice", f.Name)
		require.NotContains(t, f.Name, "__")
		seen[f.Name] = true
	}
	for _, name := range []string{"source", "name", "who", "human", "account", "outcome", "principal_arn", "request_policy", "request_policy_outside", "trail_bucket"} {
		require.True(t, seen[name], name)
	}
	for _, name := range []string{"file", "place", "time", "arn", "policy"} {
		require.False(t, seen[name], name)
	}
}

// TestEventView: what follows from values that are unknown is unknown, and what
// follows from absent ones is absent.
func TestEventView(t *testing.T) {
	const own, ours, theirs = "111122223333", "444455556666", "999999999999"
	inside := func(account string) bool { return account == ours }
	hidden := Unknown{Reason: ReasonNotInSource, Detail: "hidden"}
	view := func(change func(*Event)) *EventView {
		e := &Event{Source: "kms.amazonaws.com", Name: "CreateGrant", Account: Known(own), Console: Known(false)}
		e.Principal = EventPrincipal{Type: Known("AssumedRole"), Account: Known(own), Issuer: Known("arn:aws:iam::111122223333:role/app"),
			ARN: Known("arn:aws:sts::111122223333:assumed-role/app/i-1"), InvokedBy: None[string](), UserName: None[string]()}
		e.Request = EventRequest{Grantee: None[string](), PolicyAccounts: None[[]string]()}
		e.Targets = Known([]string{})
		change(e)
		organization := func(id string) Value[bool] {
			if id == "o-unread" {
				return Missing[bool](hidden)
			}
			return Known(id == "o-own")
		}
		return e.View(EventContext{Inside: inside, OwnOrganization: organization, TrailBucket: func(name string) Value[bool] {
			if name == "other" {
				return Missing[bool](hidden)
			}
			return Known(name == "logs")
		}, RotationFunction: func(_ *Event, name string) Value[bool] { return Known(name == "turn") }})
	}
	plain := view(func(*Event) {})
	require.Equal(t, Known("arn:aws:iam::111122223333:role/app"), plain.Who)
	require.Equal(t, Known(false), plain.Human)
	require.Equal(t, Known(false), plain.PrincipalOutside)
	require.Equal(t, StateAbsent, plain.GranteeOutside.State())
	require.Equal(t, StateAbsent, plain.PolicyOutside.State())
	require.Equal(t, StateAbsent, plain.PolicyOutsiders.State())
	require.Equal(t, Known(false), plain.TrailBucket)

	for who, want := range map[string]Value[bool]{
		"*": Known(true), "rds.eu-west-1.amazonaws.com": Known(false), "ec2.amazonaws.com.cn": Known(false), own: Known(false), ours: Known(false), theirs: Known(true),
		"arn:aws:iam::" + theirs + ":role/x": Known(true), "arn:aws:iam::" + ours + ":root": Known(false),
		"o-own": Known(false), "o-other": Known(true), "o-unread": Missing[bool](hidden),
	} {
		require.Equal(t, want, view(func(e *Event) { e.Request.Grantee = Known(who) }).GranteeOutside, who)
	}
	require.Equal(t, StateUnknown, view(func(e *Event) { e.Request.Grantee = Known("AROAEXAMPLE") }).GranteeOutside.State())
	require.Equal(t, Known([]string{theirs, "o-other"}), view(func(e *Event) { e.Request.PolicyAccounts = Known([]string{ours, theirs, "o-other"}) }).PolicyOutside)
	for _, c := range []struct {
		in   []string
		want Value[[]string]
		all  Value[[]Outsider]
	}{
		{[]string{"o-own"}, Known([]string{}), Known([]Outsider{})},
		{[]string{theirs}, Known([]string{theirs}), Known([]Outsider{{theirs, true}})},
		{[]string{"o-own", "o-unread"}, Missing[[]string](hidden), Missing[[]Outsider](hidden)},
		{[]string{theirs, "o-unread"}, Missing[[]string](hidden), Known([]Outsider{{theirs, true}, {"o-unread", false}})},
	} {
		v := view(func(e *Event) { e.Request.PolicyAccounts = Known(c.in) })
		require.Equal(t, c.want, v.PolicyOutside, c.in)
		require.Equal(t, c.all, v.PolicyOutsiders, c.in)
	}
	require.Equal(t, Known(true), view(func(e *Event) { e.Targets = Known([]string{"logs"}) }).TrailBucket)
	require.Equal(t, Known(true), view(func(e *Event) { e.Targets = Known([]string{"other", "logs"}) }).TrailBucket)
	require.Equal(t, StateUnknown, view(func(e *Event) { e.Targets = Known([]string{"other"}) }).TrailBucket.State())
	require.Equal(t, Known(true), view(func(e *Event) { e.Targets = Known([]string{"aws-cloudtrail-logs-1"}) }).TrailBucket)
	for name, want := range map[string]bool{"turn": true, "app": false, "SecretsManagerRotation": true} {
		require.Equal(t, Known(want), view(func(e *Event) { e.Targets = Known([]string{name}) }).RotationFunction, name)
	}

	nothing := view(func(e *Event) {
		e.Account, e.Targets, e.Console, e.Principal = Missing[string](hidden), Missing[[]string](hidden), Missing[bool](hidden), EventPrincipal{}
		e.Request = EventRequest{}
	})
	for _, f := range Fields(KindEvent) {
		if f.Name != "source" && f.Name != "name" {
			require.Equal(t, StateUnknown, f.Of(nothing).State(), f.Name)
		}
	}
}

func TestHuman(t *testing.T) {
	for _, c := range []struct {
		kind, issuer string
		console      bool
		want         bool
	}{
		{"Root", "", false, true},
		{"IAMUser", "", false, true},
		{"AssumedRole", "arn:aws:iam::1:role/app", false, false},
		{"AssumedRole", "arn:aws:iam::1:role/app", true, true},
		{"AssumedRole", "arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1", false, true},
		{"AWSService", "", false, false},
		{"SAMLUser", "", false, true},
	} {
		e := &Event{Console: Known(c.console), Principal: EventPrincipal{Type: Known(c.kind), Issuer: Known(c.issuer), ARN: None[string]()}}
		require.Equal(t, Known(c.want), e.human(), strings.TrimSpace(c.kind+" "+c.issuer))
	}
}
