package model

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// someEvent has values of all states.
func someEvent(n int) *Event {
	hidden := Unknown{Reason: ReasonNotInSource, Detail: "the record has no requestParameters"}
	e := &Event{
		File: fmt.Sprintf("f%d", n%7), Place: n, Source: "secretsmanager.amazonaws.com", Name: "GetSecretValue",
		Time: time.Date(2026, 3, 1, 0, 0, n%50, 0, time.UTC),
		ID:   Known(fmt.Sprintf("id-%d", n)), Account: Known("111122223333"), Console: Known(false), Targets: Known([]string{"db", "\"x\"\n"}),
		Endpoint: None[string](), Outcome: Known(OutcomeDenied), Region: Missing[string](hidden),
		Principal: EventPrincipal{ARN: Known("arn:aws:iam::1:user/ada"), MFA: None[bool]()},
		Request:   EventRequest{Policy: Missing[string](hidden), NewValue: Known(true), RecoveryDays: Known(30), ReplicaRegions: Known([]string{})},
	}
	return e
}

func allEvents(t *testing.T, s *EventSpool) []*Event {
	t.Helper()
	var list []*Event
	for e, err := range s.Events() {
		require.NoError(t, err)
		list = append(list, e)
	}
	return list
}

// TestEventSpool: what goes in comes out by its time, whole, each once, any number
// of times, and the same whatever the order and however little fits in memory.
func TestEventSpool(t *testing.T) {
	const n = 400
	var want []*Event
	for _, max := range []int{maxSpooled, 10_000, 1} {
		for round := range 3 {
			s := NewEventSpool(t.TempDir())
			s.max = max
			order := append(rand.Perm(n), rand.Perm(n)...) // each twice, as by two trails
			for _, i := range order {
				require.NoError(t, s.Append(someEvent(i)))
			}
			got := allEvents(t, s)
			require.Len(t, got, n)
			require.Equal(t, got, allEvents(t, s), "again")
			require.True(t, slices.IsSortedFunc(got, func(a, b *Event) int { return a.Time.Compare(b.Time) }))
			if want == nil {
				want = got
			}
			require.Equal(t, want, got, "max %d, round %d", max, round)
			for range s.Events() {
				break // a reader may stop
			}
			require.NoError(t, s.Close())
		}
	}
	require.Contains(t, want, someEvent(7))
}

// TestEventSpoolWithoutIDs keeps what nothing shows to be the same.
func TestEventSpoolWithoutIDs(t *testing.T) {
	s := NewEventSpool(t.TempDir())
	for i := range 3 {
		e := someEvent(0)
		e.ID, e.Place = Value[string]{}, i
		require.NoError(t, s.Append(e))
	}
	other := someEvent(0)
	other.Account = Known("444455556666") // the other account's record of the same id
	require.NoError(t, s.Append(other))
	require.NoError(t, s.Append(someEvent(0)))
	require.Len(t, allEvents(t, s), 5)
	require.NoError(t, s.Close())
}

func TestEventSpoolLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := NewEventSpool(dir)
	s.max = 1
	require.NoError(t, s.Append(someEvent(1)))
	require.NoError(t, s.Close())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
	gone := NewEventSpool(dir + "/none")
	gone.max = 1
	require.ErrorContains(t, gone.Append(someEvent(1)), "TMPDIR")
	require.NoError(t, gone.Close())
}

// TestEventLine: every value survives in every state, also those that are added to
// the type later.
func TestEventLine(t *testing.T) {
	require.Greater(t, len(eventFields()), 30)
	why := Unknown{Reason: ReasonFailed, Action: "a:B", Detail: "c"}
	for state := range 4 {
		e := &Event{Source: "s", Name: "n", Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		body := reflect.ValueOf(e).Elem()
		for _, f := range eventFields() {
			v := body.FieldByIndex(f.at).Addr().Interface().(settable)
			switch state {
			case 1:
				v.setAbsent()
			case 2:
				v.setUnknown(why)
			case 3:
				text := map[reflect.Kind]string{reflect.String: `"x"`, reflect.Bool: "true", reflect.Int: "7", reflect.Slice: "[]"}[f.Type.Kind()]
				require.NotEmpty(t, text, f.Name)
				require.NoError(t, v.setKnown([]byte(text)))
			}
		}
		line, err := e.Line()
		require.NoError(t, err)
		got, err := ReadEvent(line)
		require.NoError(t, err)
		require.Equal(t, e, got)
	}
}

func TestReadEventRefuses(t *testing.T) {
	const head = `{"event":{"place":0,"source":"s","name":"n","time":"2026-01-01T00:00:00Z","values":`
	for _, bad := range []string{
		``, `{}`, `[]`, `{"event":{}}`, `{"event":1}`, head + `{}},"more":1}`, head + `{"password":"x"}}}`, head + `{"mfa":true}}}`,
		head + `{"id":"a","id":"b"}}}`, head + `{"id":"a"},"unknown":[{"reason":"failed","of":["id"]}]}}`, head + `{},"unknown":[{"reason":"failed","of":["no"]}]}}`,
		head + `[]}}`, head + `{"read_only":"yes"}}}`, head + `{},"secret":"x"}}`,
	} {
		_, err := ReadEvent([]byte(bad))
		require.Error(t, err, bad)
	}
	_, err := ReadEvent([]byte(head + `{"id":null}}}`))
	require.NoError(t, err)
}

// FuzzReadEvent: an error or an event that is written as it was read, never a panic.
func FuzzReadEvent(f *testing.F) {
	line, err := someEvent(3).Line()
	require.NoError(f, err)
	f.Add(string(line))
	f.Add(`{"event":{"place":0,"source":"s","name":"n","time":"2026-01-01T00:00:00Z","values":{"id":null}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ReadEvent([]byte(text))
		if err != nil {
			return
		}
		line, err := e.Line()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadEvent(line)
		if err != nil || !reflect.DeepEqual(e, again) {
			t.Fatalf("%v: %s", err, line)
		}
	})
}
