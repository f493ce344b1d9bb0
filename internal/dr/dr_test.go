package dr_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/dr"
	"github.com/keyproof/keyproof/model"
)

const (
	account = "111122223333"
	here    = "us-east-1"
	there   = "eu-west-1"
)

func id(kind model.Kind, region, name string) model.ResourceID {
	return model.ResourceID{Kind: kind, Account: account, Region: region, ID: "arn:" + region + ":" + string(kind) + ":" + name}
}

func resource(kind model.Kind, region, name string, body model.Body) *model.Resource {
	return &model.Resource{ID: id(kind, region, name), Name: name, Body: body}
}

// scopes are complete lists of all kinds in the regions.
func scopes(regions ...string) []model.Scope {
	var list []model.Scope
	for _, region := range regions {
		for _, kind := range append(dr.Kinds(), model.KindFunction, model.KindDatabase) {
			list = append(list, model.Scope{Kind: kind, Account: account, Region: region})
		}
	}
	return list
}

func lose(t *testing.T, list []model.Scope, resources ...*model.Resource) *dr.Report {
	t.Helper()
	snap := &model.Snapshot{Header: model.Header{TakenAt: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC), Scopes: list}, Resources: model.InMemory(resources)}
	r, err := dr.Lose(snap, here)
	require.NoError(t, err)
	return r
}

// primary is a secret with one replica that is in sync, and nothing else.
func primary() *model.Secret {
	return &model.Secret{
		IsReplica: model.Known(false), Replicas: model.Known([]model.Replica{{Region: there, DefaultKey: true}}),
		ReplicaStates:   model.Known([]model.ReplicaState{{Region: there, Status: "InSync"}}),
		RotationEnabled: model.Known(false), DeletionScheduled: model.Known(false),
	}
}

func replica() *model.Secret {
	return &model.Secret{IsReplica: model.Known(true), PrimaryRegion: model.Known(here), DefaultKey: model.Known(true), KMSKey: model.None[string]()}
}

func TestSecrets(t *testing.T) {
	both := scopes(here, there)
	denied := model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:DescribeKey"}
	for name, test := range map[string]struct {
		scopes []model.Scope
		change func(p, r *model.Secret)
		more   []*model.Resource
		fate   dr.Fate
		why    string
		gone   bool // the replica is not in the snapshot
	}{
		"ready":            {both, func(_, _ *model.Secret) {}, nil, dr.Promote, "can take over", false},
		"no replica":       {both, func(p, _ *model.Secret) { p.Replicas = model.Known([]model.Replica{}) }, nil, dr.Lost, "its only copy", true},
		"replicas unknown": {both, func(p, _ *model.Secret) { p.Replicas = model.Missing[[]model.Replica](denied) }, nil, dr.Unknown, "kms:DescribeKey denied", false},
		"the zero secret":  {both, func(p, _ *model.Secret) { *p = model.Secret{} }, nil, dr.Unknown, "not collected", true},
		"out of sync": {both, func(p, _ *model.Secret) {
			p.ReplicaStates = model.Known([]model.ReplicaState{{Region: there, Status: "Failed", Message: "no key"}})
		}, nil, dr.Lacking, "Failed (no key)", false},
		"region not scanned":      {scopes(here), func(_, _ *model.Secret) {}, nil, dr.Unknown, "eu-west-1 was not scanned", true},
		"replica not found":       {both, func(_, _ *model.Secret) {}, nil, dr.Lacking, "did not find it", true},
		"an unrelated one":        {both, func(_, r *model.Secret) { r.IsReplica = model.Known(false) }, nil, dr.Lacking, "did not find it", false},
		"key of replica unknown":  {both, func(_, r *model.Secret) { r.DefaultKey = model.Missing[bool](denied) }, nil, dr.Unknown, "its key", false},
		"key of replica missing":  {both, func(_, r *model.Secret) { r.DefaultKey = model.Known(false) }, nil, dr.Lacking, "does not exist", false},
		"key disabled":            {both, func(_, r *model.Secret) { r.DefaultKey = model.Known(false) }, []*model.Resource{resource(model.KindKey, there, "k", &model.Key{State: model.Known("Disabled")})}, dr.Lacking, "is Disabled", false},
		"key's state unknown":     {both, func(_, r *model.Secret) { r.DefaultKey = model.Known(false) }, []*model.Resource{resource(model.KindKey, there, "k", &model.Key{State: model.Missing[string](denied)})}, dr.Unknown, "can be used", false},
		"key enabled":             {both, func(_, r *model.Secret) { r.DefaultKey = model.Known(false) }, []*model.Resource{resource(model.KindKey, there, "k", &model.Key{State: model.Known("Enabled")})}, dr.Promote, "can take over", false},
		"no rotation function":    {both, func(p, _ *model.Secret) { rotate(p) }, nil, dr.Lacking, "a rotation function: there is no f", false},
		"rotation function there": {both, func(p, _ *model.Secret) { rotate(p) }, []*model.Resource{resource(model.KindFunction, there, "f", &model.Function{})}, dr.Promote, "", false},
		"whether it rotates":      {both, func(p, _ *model.Secret) { p.RotationEnabled = model.Value[bool]{} }, nil, dr.Unknown, "whether it rotates", false},
		"no database":             {both, func(_, _ *model.Secret) {}, []*model.Resource{database(model.Known([]string{}))}, dr.Lacking, "a database: db has no replica there", false},
		"database there":          {both, func(_, _ *model.Secret) {}, []*model.Resource{database(model.Known([]string{there}))}, dr.Promote, "", false},
		"database unknown":        {both, func(_, _ *model.Secret) {}, []*model.Resource{database(model.Missing[[]string](denied))}, dr.Unknown, "the database db", false},
	} {
		t.Run(name, func(t *testing.T) {
			p, r := primary(), replica()
			test.change(p, r)
			twin := resource(model.KindSecret, there, "s", r)
			if standard, known := r.DefaultKey.Get(); known && !standard {
				twin.Ref("key", model.Known(id(model.KindKey, there, "k")))
			}
			list := append([]*model.Resource{resource(model.KindSecret, here, "s", p)}, test.more...)
			if !test.gone {
				list = append(list, twin)
			}
			report := lose(t, test.scopes, list...)
			require.NotEmpty(t, report.Items)
			require.Equal(t, test.fate, report.Items[0].Fate, report.Items[0].Why)
			require.Contains(t, report.Items[0].Why, test.why)
		})
	}
}

func rotate(s *model.Secret) {
	s.RotationEnabled, s.RotationFunction = model.Known(true), model.Known("arn:aws:lambda:us-east-1:111122223333:function:f")
}

func database(regions model.Value[[]string]) *model.Resource {
	return resource(model.KindDatabase, here, "db", &model.Database{
		CredentialSecret: model.Known(id(model.KindSecret, here, "s").ID), ReplicaRegions: regions,
	})
}

func TestReplicasInTheLostRegion(t *testing.T) {
	r := replica()
	r.PrimaryRegion = model.Known(there)
	at := resource(model.KindSecret, here, "s", r)
	both := scopes(here, there)
	require.Equal(t, dr.Survives, lose(t, both, at, resource(model.KindSecret, there, "s", primary())).Items[0].Fate)
	require.Equal(t, dr.Lost, lose(t, both, at).Items[0].Fate, "an orphan")
	require.Equal(t, dr.Unknown, lose(t, scopes(here), at).Items[0].Fate)
}

func TestOtherKinds(t *testing.T) {
	both := scopes(here, there)
	denied := scopes(here, there)
	for i := range denied {
		if denied[i].Region == there {
			denied[i].Gap = &model.Unknown{Reason: model.ReasonAccessDenied, Action: "x:List"}
		}
	}
	multi := func(region string, is model.Value[bool], state string) *model.Resource {
		return resource(model.KindKey, region, "k", &model.Key{KeyID: model.Known("mrk-1"), MultiRegion: is, State: model.Known(state), Manager: model.Known("CUSTOMER")})
	}
	for name, test := range map[string]struct {
		scopes []model.Scope
		list   []*model.Resource
		fate   dr.Fate
	}{
		"a parameter":               {both, []*model.Resource{resource(model.KindParameter, here, "p", &model.Parameter{})}, dr.Lost},
		"a parameter of two":        {both, []*model.Resource{resource(model.KindParameter, here, "p", &model.Parameter{}), resource(model.KindParameter, there, "p", &model.Parameter{})}, dr.Unknown},
		"a parameter, list denied":  {denied, []*model.Resource{resource(model.KindParameter, here, "p", &model.Parameter{})}, dr.Unknown},
		"a parameter, one region":   {scopes(here), []*model.Resource{resource(model.KindParameter, here, "p", &model.Parameter{})}, dr.Unknown},
		"a single-Region key":       {both, []*model.Resource{multi(here, model.Known(false), "Enabled")}, dr.Lost},
		"a key of unknown sort":     {both, []*model.Resource{multi(here, model.Value[bool]{}, "Enabled")}, dr.Unknown},
		"a multi-Region key":        {both, []*model.Resource{multi(here, model.Known(true), "Enabled"), multi(there, model.Known(true), "Enabled")}, dr.Promote},
		"its replica is disabled":   {both, []*model.Resource{multi(here, model.Known(true), "Enabled"), multi(there, model.Known(true), "Disabled")}, dr.Lacking},
		"its replica was not found": {both, []*model.Resource{multi(here, model.Known(true), "Enabled")}, dr.Unknown},
		"a trail of all regions":    {both, []*model.Resource{resource(model.KindTrail, here, "t", &model.Trail{MultiRegion: model.Known(true)})}, dr.Impaired},
		"a trail of unknown reach":  {both, []*model.Resource{resource(model.KindTrail, here, "t", &model.Trail{})}, dr.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			r := lose(t, test.scopes, test.list...)
			require.Equal(t, test.fate, r.Items[0].Fate, r.Items[0].Why)
		})
	}
}

func TestVerdictOfALostRegion(t *testing.T) {
	both := scopes(here, there)
	ready := []*model.Resource{resource(model.KindSecret, here, "s", primary()), resource(model.KindSecret, there, "s", replica())}
	require.Equal(t, 0, lose(t, both, ready...).ExitCode())
	require.Equal(t, 3, lose(t, both, append(ready, resource(model.KindParameter, here, "p", &model.Parameter{}))...).ExitCode())
	gap := scopes(here, there)
	gap[1].Gap = &model.Unknown{Reason: model.ReasonAccessDenied, Action: "ssm:DescribeParameters"}
	report := lose(t, gap, ready...)
	require.Equal(t, 4, report.ExitCode(), "what could not be listed may have no copy")
	require.Equal(t, "allow ssm:DescribeParameters", report.Gaps[0].Next)

	doomed := primary()
	doomed.DeletionScheduled, doomed.Replicas = model.Known(true), model.Known([]model.Replica{})
	report = lose(t, both, resource(model.KindSecret, here, "d", doomed))
	require.Empty(t, report.Items)
	require.Equal(t, 1, report.Doomed)

	_, err := dr.Lose(&model.Snapshot{Header: model.Header{Scopes: both}, Resources: model.InMemory(nil)}, "us-west-2")
	require.ErrorContains(t, err, "scan with --region us-west-2")
}
