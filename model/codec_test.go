package model

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sample makes a value of a type; every n gives another one.
func sample(t reflect.Type, n int) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == reflect.TypeFor[time.Time]():
		return reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5+n, 1000*n, time.UTC))
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(sample(t.Elem(), n))
		return v
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d <é\u2028\">", n))
	case reflect.Bool:
		v.SetBool(n%2 == 0)
	case reflect.Int:
		v.SetInt(int64(n) - 1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(t, 0, n%3))
		for i := range n % 3 {
			v.Set(reflect.Append(v, sample(t.Elem(), n+i)))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		for i := range n % 3 {
			v.SetMapIndex(sample(t.Key(), n+i), sample(t.Elem(), n+i))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(sample(t.Field(i).Type, n+i))
		}
	default:
		panic("no sample of " + t.String())
	}
	return v
}

// set puts an attribute into a state; every n gives another value or reason.
func set(a settable, state State, n int) {
	switch state {
	case StateAbsent:
		a.setAbsent()
	case StateKnown:
		raw, err := json.Marshal(sample(reflect.TypeOf(a.zero()), n).Interface())
		if err == nil {
			err = a.setKnown(raw)
		}
		if err != nil {
			panic(err)
		}
	default:
		a.setUnknown([]Unknown{
			{Reason: ReasonNotCollected}, {Reason: ReasonAccessDenied, Action: "kms:DescribeKey"}, {Reason: ReasonNotCollected, Action: "a:B"},
			{Reason: ReasonFailed, Detail: "é <>"}, {Reason: ReasonNotCollected, Detail: "d"},
		}[n%5])
	}
}

var states = []State{StateUnknown, StateAbsent, StateKnown}

// Every attribute of every kind in every state comes back as it was, and says
// so itself: an unknown one does not come back absent.
func TestResourceRoundTrip(t *testing.T) {
	for _, kind := range Kinds() {
		require.NotEmpty(t, Fields(kind))
		for n := range 12 {
			r := &Resource{ID: ResourceID{kind, "111122223333", "eu-west-1", fmt.Sprintf("arn:%d", n)}, Name: "näme", Body: NewBody(kind)}
			i := 0
			for _, a := range r.Attributes() {
				set(a.(settable), states[(n+i)%3], n+i/3)
				i++
			}
			if n > 0 {
				r.Aka = []string{"arn:alias/a"}
				r.Origin = Origin{File: "main.tf", Line: n, Address: "aws_x.y"}
				r.Ref("key", Known(ResourceID{KindKey, "111122223333", "eu-west-1", "k"}))
				r.Ref("none", None[ResourceID]())
				r.Ref("denied", Missing[ResourceID](Unknown{Reason: ReasonAccessDenied, Action: "a:B"}))
				r.Ref("zero", Missing[ResourceID](Unknown{Reason: ReasonNotCollected}))
			}
			raw, err := json.Marshal(r)
			require.NoError(t, err)
			back := new(Resource)
			require.NoError(t, json.Unmarshal(raw, back), string(raw))
			same(t, r, back)
			again, err := json.Marshal(back)
			require.NoError(t, err)
			require.Equal(t, string(raw), string(again))
		}
	}
}

// same compares two resources attribute by attribute.
func same(t require.TestingT, want, got *Resource) {
	require.Equal(t, want.ID, got.ID)
	require.Equal(t, want.Name, got.Name)
	require.Equal(t, want.Origin, got.Origin)
	require.Equal(t, want.Aka, got.Aka)
	require.Len(t, got.Refs, len(want.Refs))
	for role, ref := range want.Refs {
		require.Equal(t, ref.v, got.Refs[role].v, role)
		require.Equal(t, ref.State(), got.Refs[role].State(), role)
		require.Equal(t, ref.Why(), got.Refs[role].Why(), role)
	}
	mine := got.settables()
	for name, a := range want.Attributes() {
		b := mine[name]
		require.Equal(t, a.State(), b.State(), name)
		require.Equal(t, a.Why(), b.Why(), name)
		x, err := a.MarshalJSON()
		require.NoError(t, err)
		y, err := b.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, string(x), string(y), name)
	}
}

func TestBadResourcesAreRefused(t *testing.T) {
	for _, c := range []struct{ name, json, want string }{
		{"no json", `{`, "unexpected end"},
		{"no kind", `{"id":"a","attributes":{}}`, `kind "" does not exist`},
		{"no such kind", `{"kind":"bucket","id":"a","attributes":{}}`, `kind "bucket" does not exist`},
		{"no id", `{"kind":"secret","attributes":{}}`, "without an id"},
		{"no attributes", `{"kind":"secret","id":"a"}`, "a has no attributes"},
		{"no such attribute", `{"kind":"secret","id":"a","attributes":{"rotation_on":true}}`, `attribute "rotation_on" of a: a secret has no such attribute`},
		{"no such attribute, absent", `{"kind":"secret","id":"a","attributes":{"rotation_on":null}}`, "no such attribute"},
		{"no such unknown attribute", `{"kind":"secret","id":"a","attributes":{},"unknown":{"rotation_on":{"reason":"failed"}}}`, "has no such attribute"},
		{"both known and unknown", `{"kind":"secret","id":"a","attributes":{"name":"x"},"unknown":{"name":{"reason":"failed"}}}`, "both known and unknown"},
		{"both absent and unknown", `{"kind":"secret","id":"a","attributes":{"name":null},"unknown":{"name":{"reason":"failed"}}}`, "both known and unknown"},
		{"reference both known and unknown", `{"kind":"secret","id":"a","attributes":{},"refs":{"key":{"to":{},"unknown":{}}}}`, "reference key is both known and unknown"},
		{"reference to nothing", `{"kind":"secret","id":"a","attributes":{},"refs":{"key":{"to":{"kind":"key"}}}}`, "reference key names no resource"},
		{"reference to no kind", `{"kind":"secret","id":"a","attributes":{},"refs":{"key":{"to":{"id":"key"}}}}`, "reference key names no resource"},
		{"wrong type", `{"kind":"secret","id":"a","attributes":{"rotation_enabled":"yes"}}`, "attribute rotation_enabled of a"},
		{"fraction", `{"kind":"secret","id":"a","attributes":{"rotation_days":1.5}}`, "attribute rotation_days of a"},
		{"no such member", `{"kind":"secret","id":"a","attributes":{"policy_statements":[{"effect":"Allow","publik":true}]}}`, "publik"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.ErrorContains(t, json.Unmarshal([]byte(c.json), new(Resource)), c.want)
		})
	}
}

// What nobody wrote is unknown, not absent.
func TestSilenceIsUnknown(t *testing.T) {
	r := new(Resource)
	require.NoError(t, json.Unmarshal([]byte(`{"kind":"secret","id":"a","attributes":{"name":"x"},"unknown":{"tags":{}}}`), r))
	for name, a := range r.Attributes() {
		if name == "name" {
			require.Equal(t, StateKnown, a.State())
			continue
		}
		require.Equal(t, StateUnknown, a.State(), name)
		require.Equal(t, ReasonNotCollected, a.Why().Reason, name)
	}
}

func TestSetUnknown(t *testing.T) {
	refused := Unknown{Reason: ReasonAccessDenied, Action: "secretsmanager:DescribeSecret"}
	other := Unknown{Reason: ReasonFailed}
	s := &Secret{Name: Known("x"), KMSKey: None[string](), Tags: Missing[map[string]string](other)}
	SetUnknown(s, refused)
	require.Equal(t, Known("x"), s.Name)
	require.Equal(t, None[string](), s.KMSKey)
	require.Equal(t, other, s.Tags.Why())
	require.Equal(t, refused, s.RotationEnabled.Why())
	require.Equal(t, refused, s.PolicyPublic.Why(), "embedded attributes too")
}

func TestFields(t *testing.T) {
	require.Nil(t, Fields("bucket"))
	require.Nil(t, NewBody("bucket"))
	for _, kind := range Kinds() {
		body, names := NewBody(kind), map[string]bool{}
		require.Equal(t, kind, body.Kind())
		r := &Resource{Body: body}
		var order []string
		for name := range r.Attributes() {
			order = append(order, name)
		}
		for i, f := range Fields(kind) {
			require.False(t, names[f.Name], "%s has %s twice", kind, f.Name)
			names[f.Name] = true
			require.Equal(t, order[i], f.Name)
			require.Equal(t, StateUnknown, f.Of(body).State())
			f.Of(body).(settable).setAbsent()
			require.Equal(t, StateAbsent, r.settables()[f.Name].State())
			// A name that is a value's would invite keeping one.
			for _, word := range []string{"secret_value", "secret_string", "secret_binary", "plaintext"} {
				require.NotContains(t, f.Name, word)
			}
		}
	}
}

func TestCompare(t *testing.T) {
	a := ResourceID{KindKey, "1", "b", "c"}
	require.Zero(t, a.Compare(a))
	for _, after := range []ResourceID{{KindAccount, "2", "a", "a"}, {KindAccount, "1", "c", "a"}, {KindSecret, "1", "b", "a"}, {KindKey, "1", "b", "d"}} {
		require.Negative(t, a.Compare(after), "%+v", after)
		require.Positive(t, after.Compare(a), "%+v", after)
	}
	require.Equal(t, "c", a.String())
}

func FuzzResource(f *testing.F) {
	for _, kind := range Kinds() {
		r := &Resource{ID: ResourceID{kind, "111122223333", "eu-west-1", "a"}, Body: NewBody(kind)}
		i := 0
		for _, a := range r.Attributes() {
			set(a.(settable), states[i%3], i)
			i++
		}
		r.Ref("key", Known(r.ID))
		raw, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"kind":"secret","id":"a","attributes":{"replica_states":[{"last_used_days_ago":null}],"policy_statements":[{"accounts":null}],"versions":null},"refs":{"key":{},"b":{"to":{"kind":"key","id":"k"}},"c":{"unknown":{}}}}`))
	f.Add([]byte(`{"kind":"key","id":"a","attributes":{"created_at":"2026-01-02T03:04:05.123456789+14:00","tags":{"a":"b","a":"c"}}}`))
	f.Add([]byte("{\"kind\":\"key\",\"id\":\"a\",\"attributes\":{},\"refs\":{\"k\xf0\xffy\":{},\"b\\\"\\u0041\":{}}}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := new(Resource)
		if json.Unmarshal(raw, r) != nil {
			return
		}
		written, err := json.Marshal(r)
		require.NoError(t, err)
		back := new(Resource)
		require.NoError(t, json.Unmarshal(written, back), string(written))
		same(t, r, back)
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(written), string(again))
		for name, a := range r.Attributes() {
			if a.State() == StateKnown {
				value, err := a.MarshalJSON()
				require.NoError(t, err)
				require.False(t, strings.Contains(string(value), ":null") || string(value) == "null", "%s: %s", name, value)
			}
		}
	})
}
