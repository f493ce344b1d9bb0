package fold

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// someEvents are random ones on three secrets, by more principals than are kept.
func someEvents(n int, r *rand.Rand) []*model.Event {
	names := []string{
		"GetSecretValue", "PutSecretValue", "UpdateSecret", "RotationStarted", "RotationSucceeded", "RotationFailed", "PutResourcePolicy", "GetParametersByPath", "PutKeyPolicy",
	}
	targets := [][]string{{dbARN}, {"db"}, {"app"}, {"arn:aws:secretsmanager:eu-west-1:111122223333:secret:app"}, {}, {dbARN, "app"}}
	list := make([]*model.Event, n)
	for i := range list {
		e := &model.Event{
			Source: secretsManager, Name: names[r.IntN(len(names))], Time: now.Add(-time.Duration(r.IntN(200*24)) * time.Hour),
			ID: model.Known(fmt.Sprint(i)), Account: model.Known(prod), Region: model.Known(ireland),
			Outcome: model.Known([]model.Outcome{model.OutcomeDone, model.OutcomeDone, model.OutcomeDone, model.OutcomeDenied}[r.IntN(4)]),
			Targets: model.Known(targets[r.IntN(len(targets))]),
			Request: model.EventRequest{NewValue: model.Known(r.IntN(2) == 0), Recursive: model.Known(r.IntN(2) == 0)},
		}
		e.Principal.Type = model.Known([]string{"IAMUser", "AssumedRole", "AWSService", "Strange"}[r.IntN(4)])
		e.Principal.ARN = model.Known(fmt.Sprintf("arn:aws:iam::111122223333:user/u%d", r.IntN(300)))
		switch e.Name {
		case "GetParametersByPath":
			e.Source, e.Targets = systemsManager, model.Known([]string{[]string{"/acme", "/acme/web", "/"}[r.IntN(3)]})
		case "PutKeyPolicy":
			e.Source, e.Targets = keyManagement, model.Known([]string{[]string{keyARN, "0c1d", "alias/data"}[r.IntN(3)]})
		case "RotationStarted", "RotationSucceeded", "RotationFailed":
			e.Type = model.Known("AwsServiceEvent")
		}
		list[i] = e
	}
	return list
}

// TestOrder: whatever the order of the events, they prove the same.
func TestOrder(t *testing.T) {
	resources := []*model.Resource{secret(dbARN, nil), secret("arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-QwErTy", nil), parameter(), kmsKey()}
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 1))
		list := someEvents(1500, r)
		want, counts := foldInto(t, resources, wholeLog(365), list)
		require.Positive(t, counts.Folded)
		require.Equal(t, counts.Added, counts.Folded+counts.Elsewhere+counts.Unresolved+counts.Other)
		for range 3 {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			got, again := foldInto(t, resources, wholeLog(365), list)
			require.Equal(t, want, got)
			require.Equal(t, counts, again)
		}
	}
}

// TestReadersAgainstAll compares the bounded lists with ones that keep everybody.
func TestReadersAgainstAll(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var list []*model.Event
	count := map[string]int{}
	for range 2000 {
		e := someEvents(1, r)[0]
		e.Source, e.Name, e.Targets, e.Outcome, e.Type = secretsManager, "GetSecretValue", model.Known([]string{"db"}), model.Known(model.OutcomeDone), model.Known("AwsApiCall")
		e.Principal.Type = model.Known("IAMUser")
		if now.Sub(e.Time) < model.ActivityDays*24*time.Hour {
			count[e.Principal.ARN.Or("")]++
		}
		list = append(list, e)
	}
	got, _ := foldInto(t, []*model.Resource{secret(dbARN, nil)}, wholeLog(365), list)
	readers, ok := got[dbARN].Body.(*model.Secret).Readers.Get()
	require.True(t, ok)
	require.Len(t, readers, maxPeople)
	for i, reader := range readers {
		assert.Equal(t, count[reader.Principal], reader.Count, reader.Principal)
		smaller := 0
		for name := range count {
			if name < reader.Principal {
				smaller++
			}
		}
		assert.Equal(t, i, smaller, "the first by name are kept")
	}
	require.Greater(t, len(count), maxPeople+maxDistinct, "the test has more readers than are counted")
	assert.Contains(t, say(t, got[dbARN], "more_readers"), "more than 200 others")
}

// TestBoundedMemory: two hundred thousand events on one secret by fifty thousand principals
// keep a few kilobytes.
func TestBoundedMemory(t *testing.T) {
	f, err := New(&model.Snapshot{Header: model.Header{TakenAt: now}, Resources: model.InMemory([]*model.Resource{secret(dbARN, nil)})})
	require.NoError(t, err)
	e := someEvents(1, rand.New(rand.NewPCG(1, 1)))[0]
	e.Source, e.Targets, e.Type = secretsManager, model.Known([]string{dbARN}), model.Known("AwsApiCall")
	e.Principal.Type = model.Known("IAMUser")
	before := inUse()
	for i := range 200_000 {
		e.Time = now.Add(-time.Duration(i) * time.Minute)
		e.Name, e.Outcome = "GetSecretValue", model.Known(model.OutcomeDone)
		if i%3 == 0 {
			e.Outcome = model.Known(model.OutcomeDenied)
		}
		e.Principal.ARN = model.Known(fmt.Sprintf("arn:aws:iam::111122223333:user/u%d", i%50_000))
		f.Add(e)
	}
	require.Equal(t, 200_000, f.Counts().Folded)
	require.Len(t, f.acts, 1)
	for _, a := range f.acts {
		assert.LessOrEqual(t, len(a.people.list)+len(a.machines.list)+len(a.denied.list), 3*maxPeople)
		assert.LessOrEqual(t, len(a.people.others)+len(a.denied.others), 2*maxDistinct)
		assert.LessOrEqual(t, len(a.deniedDay), model.ActivityDays+1)
	}
	assert.Less(t, inUse()-before, int64(1<<20))
	runtime.KeepAlive(f)
}

func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestBoundedPaths: what is beyond the number of paths is in doubt, and not dropped.
func TestBoundedPaths(t *testing.T) {
	f, err := New(&model.Snapshot{Header: model.Header{TakenAt: now}, Resources: model.InMemory([]*model.Resource{parameter()})})
	require.NoError(t, err)
	e := someEvents(1, rand.New(rand.NewPCG(1, 1)))[0]
	e.Source, e.Name, e.Outcome, e.Type = systemsManager, "GetParametersByPath", model.Known(model.OutcomeDone), model.Known("AwsApiCall")
	for i := range maxPaths + 5 {
		e.Targets = model.Known([]string{fmt.Sprintf("/%d", i)})
		f.Add(e)
	}
	require.Len(t, f.paths, maxPaths)
	require.Equal(t, Counts{Added: maxPaths + 5, Folded: maxPaths, Unresolved: 5}, f.Counts())
	for r, err := range f.Fill(model.InMemory([]*model.Resource{parameter()}), wholeLog(90)) {
		require.NoError(t, err)
		require.Contains(t, say(t, r, "readers"), "5 records could be about it")
	}
}
