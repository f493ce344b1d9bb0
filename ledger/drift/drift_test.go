package drift

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
)

var day1 = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func id(kind model.Kind, name string) model.ResourceID {
	return model.ResourceID{Kind: kind, Account: "1", Region: "eu-west-1", ID: name}
}

// side is a run of rules on secrets and keys of one account and region. Statuses
// are by rule and then by secret.
func side(at time.Time, statuses map[model.RuleID]map[string]model.Status, resources ...*model.Resource) *Side {
	r := &model.Report{
		Header: model.Header{TakenAt: at, Scopes: []model.Scope{
			{Kind: model.KindSecret, Account: "1", Region: "eu-west-1"}, {Kind: model.KindKey, Account: "1", Region: "eu-west-1"}}},
		Rules: []model.Rule{
			{ID: "A", Title: "rotates", Severity: model.SeverityHigh, Reads: []string{"resource.rotation_enabled", "resource.created_days_ago", "resource.id"}, Params: map[string]model.Param{"max": {Type: "integer", Value: 90}}},
			{ID: "B", Title: "has a key", Severity: model.SeverityInfo, Reads: []string{"related.key.exists", "related.key.rotation_enabled", "resource.default_key"}},
		},
	}
	r.Results = func(yield func(*model.Result, error) bool) {
		for _, secret := range []string{"a", "b", "c", "d"} {
			for _, rule := range []model.RuleID{"A", "B"} {
				status, ok := statuses[rule][secret]
				if !ok {
					continue
				}
				res := &model.Result{Rule: rule, Resource: id(model.KindSecret, secret), Name: secret, Status: status}
				if status == model.StatusFail {
					res.Findings = []model.Finding{{Message: "bad"}}
				}
				if status == model.StatusWaived {
					expires, _ := model.ParseDate("2026-06-30")
					res.Waiver = &model.Waiver{Owner: "ann", Expires: expires}
				}
				if !yield(res, nil) {
					return
				}
			}
		}
	}
	return &Side{Run: ledger.Run{ID: ledger.RunID(at.Format(time.DateOnly)), Scope: "s"}, Report: r, Snapshot: &model.Snapshot{Header: r.Header, Resources: model.InMemory(resources)}}
}

func secret(name string, s model.Secret) *model.Resource {
	return &model.Resource{ID: id(model.KindSecret, name), Name: name, Body: &s}
}

type statuses = map[model.RuleID]map[string]model.Status

func never(context.Context, *ledger.Run, []ledger.Failure) (map[ledger.Failure]ledger.RunID, error) {
	return nil, nil
}

func between(t *testing.T, a, b *Side, earlier Earlier) *Drift {
	t.Helper()
	d, err := Between(t.Context(), a, b, earlier)
	require.NoError(t, err)
	return d
}

// TestWhatBecame has each pair of statuses of one rule on one secret.
func TestWhatBecame(t *testing.T) {
	gap := &model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:ListSecrets"}
	const none = model.Status("")
	for name, c := range map[string]struct {
		was, is model.Status
		change  func(a, b *Side)
		want    string
	}{
		"fails for the first time":  {model.StatusPass, model.StatusFail, nil, "new"},
		"a new resource fails":      {none, model.StatusFail, nil, "new"},
		"was unknown":               {model.StatusUnknown, model.StatusFail, nil, "new"},
		"was waived":                {model.StatusWaived, model.StatusFail, nil, "new"},
		"still fails":               {model.StatusFail, model.StatusFail, nil, "still"},
		"passes":                    {model.StatusFail, model.StatusPass, nil, "fixed"},
		"does not apply":            {model.StatusFail, model.StatusNotApplicable, nil, "fixed"},
		"is gone":                   {model.StatusFail, none, nil, "fixed"},
		"is waived":                 {model.StatusFail, model.StatusWaived, nil, "waived"},
		"is unknown":                {model.StatusFail, model.StatusUnknown, nil, "unproven"},
		"the list was refused":      {model.StatusFail, none, func(_, b *Side) { b.Report.Scopes[0].Gap = gap }, "unproven"},
		"nobody looked":             {model.StatusFail, none, func(_, b *Side) { b.Report.Scopes = nil }, "unproven"},
		"the rule is off":           {model.StatusFail, none, func(_, b *Side) { b.Report.Rules[0].Off = &model.Off{Reason: "r"} }, "unproven"},
		"the rule does not exist":   {model.StatusFail, none, func(_, b *Side) { b.Report.Rules = nil }, "unproven"},
		"passed and is unknown":     {model.StatusPass, model.StatusUnknown, nil, "obscured"},
		"was unknown and is still":  {model.StatusUnknown, model.StatusUnknown, nil, ""},
		"unknown is not a new fail": {none, model.StatusUnknown, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			of := func(s model.Status) statuses {
				if s == none {
					return nil
				}
				return statuses{"A": {"a": s}}
			}
			a, b := side(day1, of(c.was)), side(day1.AddDate(0, 0, 1), of(c.is))
			if c.change != nil {
				c.change(a, b)
			}
			d := between(t, a, b, never)
			got := ""
			for name, n := range map[string]int{"new": len(d.New), "reopened": len(d.Reopened), "fixed": len(d.Fixed), "waived": len(d.Waived),
				"unproven": len(d.Unproven), "still": d.StillFailing, "obscured": d.Obscured} {
				if n > 0 {
					got += name
				}
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.want == "new", d.Fails(model.SeverityLow))
			for _, item := range d.New {
				require.Equal(t, [2]model.Status{c.was, model.StatusFail}, [2]model.Status{item.Was, item.Is})
			}
			_, err := json.Marshal(d)
			require.NoError(t, err)
		})
	}
}

func TestReopened(t *testing.T) {
	a := side(day1, statuses{"A": {"a": model.StatusPass, "b": model.StatusPass}})
	b := side(day1, statuses{"A": {"a": model.StatusFail, "b": model.StatusFail}, "B": {"c": model.StatusFail}})
	d := between(t, a, b, func(_ context.Context, run *ledger.Run, list []ledger.Failure) (map[ledger.Failure]ledger.RunID, error) {
		require.Equal(t, &a.Run, run)
		require.Len(t, list, 3)
		return map[ledger.Failure]ledger.RunID{{Rule: "A", Resource: id(model.KindSecret, "b")}: "earlier"}, nil
	})
	require.Len(t, d.New, 2)
	require.Equal(t, []model.RuleID{"A", "B"}, []model.RuleID{d.New[0].Rule, d.New[1].Rule}, "the worst first")
	require.Len(t, d.Reopened, 1)
	require.Equal(t, ledger.RunID("earlier"), d.Reopened[0].Failed)
	require.True(t, d.Fails(model.SeverityHigh))
	require.False(t, d.Fails(model.SeverityCritical))
}

func TestAdvice(t *testing.T) {
	d := between(t, side(day1, nil), side(day1, statuses{"B": {"a": model.StatusFail}}), never)
	require.Len(t, d.New, 1)
	require.False(t, d.Fails(model.SeverityLow), "advice fails nothing")
}

func TestResources(t *testing.T) {
	a := side(day1, nil, secret("a", model.Secret{}), secret("b", model.Secret{}))
	b := side(day1, nil, secret("b", model.Secret{}), secret("c", model.Secret{}), secret("d", model.Secret{}))
	names := func(list []Resource) (all string) {
		for _, r := range list {
			all += r.Name
		}
		return all
	}
	d := between(t, a, b, never)
	require.Equal(t, [2]string{"cd", "a"}, [2]string{names(d.Added), names(d.Removed)})
	a.Report.Scopes[0].Gap = &model.Unknown{Reason: model.ReasonAccessDenied}
	d = between(t, a, b, never)
	require.Equal(t, [2]string{"", "a"}, [2]string{names(d.Added), names(d.Removed)}, "they may have been there")
	d = between(t, b, a, never)
	require.Equal(t, [2]string{"a", ""}, [2]string{names(d.Added), names(d.Removed)}, "they may be there still")
	a.Snapshot = nil
	require.Empty(t, between(t, a, b, never).Added)
}

// TestBecause looks at what is said to have changed, in the words of JSON.
func TestBecause(t *testing.T) {
	key := func(k model.Key) *model.Resource {
		return &model.Resource{ID: id(model.KindKey, "k"), Name: "k", Aka: []string{"alias/k"}, Body: &k}
	}
	withKey := func(r *model.Resource, to string) *model.Resource {
		r.Ref("key", model.Known(id(model.KindKey, to)))
		return r
	}
	denied := model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:DescribeKey", Detail: "request 1"}
	later := denied
	later.Detail = "request 2"
	for name, c := range map[string]struct {
		rule   model.RuleID
		a, b   []*model.Resource
		change func(a, b *Side)
		want   string
	}{
		"an attribute": {rule: "A", a: []*model.Resource{secret("a", model.Secret{RotationEnabled: model.Known(true)})}, b: []*model.Resource{secret("a", model.Secret{RotationEnabled: model.Known(false)})},
			want: `[{"path":"resource.rotation_enabled","before":{"value":true},"after":{"value":false}}]`},
		"time alone": {rule: "A", a: []*model.Resource{secret("a", model.Secret{CreatedAt: model.Known(day1)})}, b: []*model.Resource{secret("a", model.Secret{CreatedAt: model.Known(day1)})},
			want: `[{"path":"resource.created_days_ago","before":{"value":0},"after":{"value":9}}]`},
		"what it does not read": {rule: "A", a: []*model.Resource{secret("a", model.Secret{PrimaryRegion: model.Known("x")})}, b: []*model.Resource{secret("a", model.Secret{PrimaryRegion: model.Known("y")})}, want: `[]`},
		"became unknown": {rule: "A", a: []*model.Resource{secret("a", model.Secret{RotationEnabled: model.None[bool]()})}, b: []*model.Resource{secret("a", model.Secret{RotationEnabled: model.Missing[bool](denied)})},
			want: `[{"path":"resource.rotation_enabled","before":{"value":null},"after":{"value":null,"unknown":{"reason":"access_denied","action":"kms:DescribeKey","detail":"request 1"}}}]`},
		"unknown as before": {rule: "A", a: []*model.Resource{secret("a", model.Secret{RotationEnabled: model.Missing[bool](denied)})}, b: []*model.Resource{secret("a", model.Secret{RotationEnabled: model.Missing[bool](later)})}, want: `[]`},
		"a new resource":    {rule: "A", b: []*model.Resource{secret("a", model.Secret{})}, want: `[{"path":"resource","before":{"value":null},"after":{"value":"there"}}]`},
		"not seen before": {rule: "A", b: []*model.Resource{secret("a", model.Secret{})}, change: func(a, _ *Side) {
			a.Report.Scopes[0].Gap = &model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:ListSecrets"}
		},
			want: `[{"path":"resource","before":{"value":null,"unknown":{"reason":"access_denied","action":"secretsmanager:ListSecrets"}},"after":{"value":"there"}}]`},
		"its key": {rule: "B", a: []*model.Resource{withKey(secret("a", model.Secret{}), "k"), key(model.Key{RotationEnabled: model.Known(true)})}, b: []*model.Resource{withKey(secret("a", model.Secret{}), "alias/k"), key(model.Key{RotationEnabled: model.Known(false)})},
			want: `[{"path":"related.key.rotation_enabled","before":{"value":true},"after":{"value":false}}]`},
		"its key is gone": {rule: "B", a: []*model.Resource{withKey(secret("a", model.Secret{}), "k"), key(model.Key{RotationEnabled: model.Known(true)})}, b: []*model.Resource{withKey(secret("a", model.Secret{}), "k")},
			want: `[{"path":"related.key.exists","before":{"value":true},"after":{"value":false}},{"path":"related.key.rotation_enabled","before":{"value":true},"after":{"value":null}}]`},
		"a parameter": {rule: "A", a: []*model.Resource{secret("a", model.Secret{})}, b: []*model.Resource{secret("a", model.Secret{})}, change: func(_, b *Side) { b.Report.Rules[0].Params["max"] = model.Param{Value: 30} },
			want: `[{"path":"params.max","before":{"value":90},"after":{"value":30}}]`},
		"a new rule": {rule: "A", a: []*model.Resource{secret("a", model.Secret{})}, b: []*model.Resource{secret("a", model.Secret{})}, change: func(a, _ *Side) { a.Report.Rules = a.Report.Rules[1:] },
			want: `[{"path":"rule","before":{"value":"does not judge"},"after":{"value":"judges"}}]`},
		"no snapshots": {rule: "A", change: func(a, b *Side) { a.Snapshot, b.Snapshot = nil, nil }, want: `[]`},
	} {
		t.Run(name, func(t *testing.T) {
			a := side(day1, statuses{c.rule: {"a": model.StatusPass}}, c.a...)
			b := side(day1.AddDate(0, 0, 9), statuses{c.rule: {"a": model.StatusFail}}, c.b...)
			if c.change != nil {
				c.change(a, b)
			}
			d := between(t, a, b, never)
			require.Len(t, d.New, 1)
			raw, err := json.Marshal(d.New[0].Because)
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(raw))
		})
	}
	d := between(t, side(day1, statuses{"A": {"a": model.StatusWaived}}), side(day1, statuses{"A": {"a": model.StatusFail}}), never)
	require.Equal(t, []Difference{{"waiver", said("of ann until 2026-06-30"), Datum{Value: none}}}, d.New[0].Because)
}

// TestUsedBy: a key fails since something uses it now, of which it says nothing.
func TestUsedBy(t *testing.T) {
	key := &model.Resource{ID: id(model.KindKey, "arn:key"), Aka: []string{"alias/k"}, Name: "alias/k", Body: &model.Key{}}
	using := func(name string, ref model.Value[model.ResourceID]) *model.Resource {
		s := secret(name, model.Secret{})
		s.Ref("key", ref)
		return s
	}
	none := using("a", model.None[model.ResourceID]())
	by := func(name string) *model.Resource { return using("a", model.Known(id(model.KindKey, name))) }
	unclear := using("a", model.Missing[model.ResourceID](model.Unknown{Reason: model.ReasonAccessDenied, Action: "x:Y"}))
	gap := &model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:ListSecrets"}
	for name, c := range map[string]struct {
		before, after *model.Resource
		gap           *model.Unknown
		want          []Difference
	}{
		"used":            {none, by("arn:key"), nil, []Difference{{"related.used_by.secret", said(false), said(true)}}},
		"by its alias":    {none, by("alias/k"), nil, []Difference{{"related.used_by.secret", said(false), said(true)}}},
		"another is used": {none, by("arn:other"), nil, []Difference{}},
		"no longer":       {by("arn:key"), none, nil, []Difference{{"related.used_by.secret", said(true), said(false)}}},
		"unclear":         {by("arn:key"), unclear, nil, []Difference{{"related.used_by.secret", said(true), Datum{Value: json.RawMessage("null"), Unknown: &model.Unknown{Reason: model.ReasonAccessDenied, Action: "x:Y"}}}}},
		"not listed":      {by("arn:key"), none, gap, []Difference{{"related.used_by.secret", said(true), Datum{Value: json.RawMessage("null"), Unknown: gap}}}},
	} {
		t.Run(name, func(t *testing.T) {
			of := func(at time.Time, status model.Status, user *model.Resource) *Side {
				s := side(at, nil, key, user)
				s.Report.Rules = append(s.Report.Rules, model.Rule{ID: "K", Reads: []string{"related.used_by.secret"}})
				s.Report.Results = func(yield func(*model.Result, error) bool) {
					yield(&model.Result{Rule: "K", Resource: key.ID, Name: key.Name, Status: status}, nil)
				}
				return s
			}
			b := of(day1.AddDate(0, 0, 1), model.StatusFail, c.after)
			b.Report.Scopes[0].Gap = c.gap
			b.Snapshot.Scopes = b.Report.Scopes
			d := between(t, of(day1, model.StatusPass, c.before), b, never)
			require.Len(t, d.New, 1)
			require.Equal(t, c.want, d.New[0].Because)
		})
	}
}
