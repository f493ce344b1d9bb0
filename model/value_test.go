package model

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStates(t *testing.T) {
	refused := Unknown{Reason: ReasonAccessDenied, Action: "kms:DescribeKey"}
	three := 3
	for name, c := range map[string]struct {
		v     Value[int]
		state State
		why   Unknown
		json  string
		or    int
	}{
		"zero value":      {Value[int]{}, StateUnknown, Unknown{Reason: ReasonNotCollected}, "null", 7},
		"missing":         {Missing[int](refused), StateUnknown, refused, "null", 7},
		"missing, no why": {Missing[int](Unknown{}), StateUnknown, Unknown{Reason: ReasonNotCollected}, "null", 7},
		"none":            {None[int](), StateAbsent, Unknown{}, "null", 7},
		"known":           {Known(3), StateKnown, Unknown{}, "3", 3},
		"known zero":      {Known(0), StateKnown, Unknown{}, "0", 0},
		"pointer":         {KnownOrNone(&three), StateKnown, Unknown{}, "3", 3},
		"nil pointer":     {KnownOrNone[int](nil), StateAbsent, Unknown{}, "null", 7},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.state, c.v.State())
			require.Equal(t, c.why, c.v.Why())
			_, ok := c.v.Get()
			require.Equal(t, c.state == StateKnown, ok)
			require.Equal(t, c.or, c.v.Or(7))
			raw, err := json.Marshal(c.v)
			require.NoError(t, err)
			require.Equal(t, c.json, string(raw))
		})
	}
}

// Absence is written as null, so nothing known may be.
func TestKnownIsNeverNull(t *testing.T) {
	for want, v := range map[string]Attribute{
		`[]`:                       ptr(Known([]string(nil))),
		`{}`:                       ptr(Known(map[string]string(nil))),
		`["a"]`:                    ptr(Known([]string{"a"})),
		`"2026-01-02T03:04:05Z"`:   ptr(Known(time.Date(2026, 1, 2, 4, 4, 5, 0, time.FixedZone("", 3600)))),
		`[{"id":"v","stages":[]}]`: ptr(Known([]Version{{ID: "v"}})),
		`[{"effect":"Allow","public":true,"accounts":[],"services":["s"],"actions":[],"conditions":[]}]`: ptr(Known([]PolicyStatement{{
			Effect: "Allow", Public: true, Services: []string{"s"},
		}})),
	} {
		raw, err := v.MarshalJSON()
		require.NoError(t, err)
		require.JSONEq(t, want, string(raw))
		require.NotContains(t, string(raw), "null")
	}
}

func ptr[T any](v Value[T]) *Value[T] { return &v }

func TestAges(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		d          time.Duration // from now
		ago, until int
	}{
		{0, 0, 0},
		{-time.Hour, 0, -1},
		{-23 * time.Hour, 0, -1},
		{-24 * time.Hour, 1, -1},
		{-25 * time.Hour, 1, -2},
		{-90 * day, 90, -90},
		{time.Hour, 0, 0},
		{24 * time.Hour, 0, 1},
		{36 * time.Hour, 0, 1},
	} {
		require.Equal(t, c.ago, DaysAgo(now.Add(c.d), now), "%s", c.d)
		require.Equal(t, c.until, DaysUntil(now.Add(c.d), now), "%s", c.d)
	}
	require.Equal(t, None[int](), daysAgo(None[time.Time](), now))
	refused := Unknown{Reason: ReasonAccessDenied, Action: "a:B"}
	require.Equal(t, Missing[int](refused), daysUntil(Missing[time.Time](refused), now))
}

func TestDerive(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	days := func(n int) *int { return &n }
	ago := func(n int) Value[time.Time] { return Known(now.Add(-time.Duration(n) * day)) }
	refused := Unknown{Reason: ReasonAccessDenied, Action: "secretsmanager:DescribeSecret"}
	for name, c := range map[string]struct {
		accessed Value[time.Time]
		replicas Value[[]ReplicaState]
		want     Value[int]
	}{
		"here":                            {ago(9), Known([]ReplicaState{}), Known(9)},
		"more recently in a replica":      {ago(9), Known([]ReplicaState{{LastUsedDayAgo: days(20)}, {LastUsedDayAgo: days(2)}, {}}), Known(2)},
		"only in a replica":               {None[time.Time](), Known([]ReplicaState{{LastUsedDayAgo: days(2)}}), Known(2)},
		"never":                           {None[time.Time](), Known([]ReplicaState{{}}), None[int]()},
		"never, and no replicas":          {None[time.Time](), None[[]ReplicaState](), None[int]()},
		"here unknown":                    {Missing[time.Time](refused), Known([]ReplicaState{{LastUsedDayAgo: days(2)}}), Missing[int](refused)},
		"never here, replicas unknown":    {None[time.Time](), Missing[[]ReplicaState](refused), Missing[int](refused)},
		"long ago here, replicas unknown": {ago(900), Missing[[]ReplicaState](refused), Missing[int](refused)},
		"nothing collected":               {Value[time.Time]{}, Value[[]ReplicaState]{}, Missing[int](Unknown{Reason: ReasonNotCollected})},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Secret{LastAccessedAt: c.accessed, ReplicaStates: c.replicas, CreatedAt: ago(100), NextRotationAt: ago(3), LastRotatedAt: None[time.Time]()}
			s.Derive(now)
			require.Equal(t, c.want.State(), s.LastUsedDaysAgo.State())
			require.Equal(t, c.want.Or(-1), s.LastUsedDaysAgo.Or(-1))
			require.Equal(t, c.want.Why(), s.LastUsedDaysAgo.Why())
			require.Equal(t, Known(100), s.CreatedDaysAgo)
			require.Equal(t, Known(-3), s.NextRotationInDays)
			require.Equal(t, None[int](), s.LastRotatedDaysAgo)
			require.Equal(t, StateUnknown, s.LastChangedDaysAgo.State())
		})
	}
	for name, c := range map[string]struct {
		spec, origin Value[string]
		want         Value[bool]
	}{
		"symmetric, by KMS":          {Known("SYMMETRIC_DEFAULT"), Known("AWS_KMS"), Known(true)},
		"asymmetric":                 {Known("RSA_2048"), Known("AWS_KMS"), Known(false)},
		"imported":                   {Known("SYMMETRIC_DEFAULT"), Known("EXTERNAL"), Known(false)},
		"asymmetric, origin unknown": {Known("RSA_2048"), Missing[string](refused), Known(false)},
		"imported, spec unknown":     {Missing[string](refused), Known("EXTERNAL"), Known(false)},
		"symmetric, origin unknown":  {Known("SYMMETRIC_DEFAULT"), Missing[string](refused), Missing[bool](refused)},
		"made by KMS, spec unknown":  {Missing[string](refused), Known("AWS_KMS"), Missing[bool](refused)},
		"nothing collected":          {Value[string]{}, Value[string]{}, Missing[bool](Unknown{Reason: ReasonNotCollected})},
	} {
		t.Run(name, func(t *testing.T) {
			k := &Key{Spec: c.spec, Origin: c.origin, DeletionAt: Known(now.Add(7 * day))}
			k.Derive(now)
			require.Equal(t, c.want, k.RotationSupported)
			require.Equal(t, Known(7), k.DeletionInDays)
		})
	}
	p := &Parameter{LastModifiedAt: ago(4), ExpiresAt: ago(-5)}
	p.Derive(now)
	require.Equal(t, []any{Known(4), Known(5)}, []any{p.LastModifiedDays, p.ExpiresInDays})
	trail := &Trail{LastDeliveredAt: ago(4)}
	trail.Derive(now)
	require.Equal(t, Known(4), trail.LastDelivered)
	for state, usable := range map[string]bool{"Enabled": true, "Updating": true, "Disabled": false, "PendingDeletion": false, "": false, "New": false} {
		require.Equal(t, usable, KeyUsable(state), state)
	}
}

func TestUnknownInWords(t *testing.T) {
	for _, c := range []struct {
		u              Unknown
		words, settles string
	}{
		{Unknown{}, "not collected", ""},
		{Unknown{Reason: ReasonNotCollected, Detail: "x"}, "not collected: x", ""},
		{Unknown{Reason: ReasonAccessDenied, Action: "kms:ListKeys"}, "kms:ListKeys denied", "allow kms:ListKeys"},
		{Unknown{Reason: ReasonAccessDenied}, "a needed action denied", ""},
		{Unknown{Reason: ReasonAfterApply}, "known after apply", ""},
		{Unknown{Reason: ReasonUnresolved, Detail: "Fn::GetAtt"}, "unresolved in the template: Fn::GetAtt", ""},
		{Unknown{Reason: ReasonNotInSource}, "not in this source", ""},
		{Unknown{Reason: ReasonRegionOff}, "the region is not enabled for the account", "enable the region or leave it out of --region"},
		{Unknown{Reason: ReasonFailed, Action: "kms:ListKeys", Detail: "timeout"}, "kms:ListKeys failed: timeout", "run the scan again"},
		{Unknown{Reason: ReasonFailed}, "a call failed", "run the scan again"},
	} {
		require.Equal(t, c.words, c.u.String())
		require.Equal(t, c.settles, c.u.Settle())
	}
}
