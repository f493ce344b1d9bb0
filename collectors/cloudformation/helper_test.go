package cloudformation_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

var takenAt = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// detector is made once: its rules take a while.
var detector = sync.OnceValues(detect.New)

func read(t testing.TB, text string, change ...func(*cloudformation.Options)) *collectors.Proposal {
	t.Helper()
	p, err := tryRead(t, text, change...)
	require.NoError(t, err)
	return p
}

func tryRead(t testing.TB, text string, change ...func(*cloudformation.Options)) (*collectors.Proposal, error) {
	t.Helper()
	d, err := detector()
	require.NoError(t, err)
	o := cloudformation.Options{Name: "t.yaml", TakenAt: takenAt, Tool: "test", Detector: d}
	for _, c := range change {
		c(&o)
	}
	return cloudformation.Read(t.Context(), []byte(text), o)
}

func deployed(o *cloudformation.Options) { o.Account, o.Region = "111122223333", "eu-west-1" }

// find returns a resource by its logical id.
func find(t testing.TB, p *collectors.Proposal, id string) *model.Resource {
	t.Helper()
	var ids []string
	for r, err := range p.After.Resources {
		require.NoError(t, err)
		if r.ID.ID == id {
			return r
		}
		ids = append(ids, r.ID.ID)
	}
	require.Fail(t, "no resource "+id, "there are %v", ids)
	return nil
}

// said is an attribute or a reference as people write it: its JSON, null for
// known absence, ?reason for unknown.
func said(r *model.Resource, name string) string {
	if role, ok := strings.CutPrefix(name, "->"); ok {
		ref, set := r.Refs[role]
		if to, known := ref.Get(); known {
			return to.ID
		}
		return state(ref.State(), ref.Why(), "") + map[bool]string{false: " (not set)"}[set]
	}
	for field, a := range r.Attributes() {
		if field == name {
			raw, err := a.MarshalJSON()
			if err != nil {
				return err.Error()
			}
			return state(a.State(), a.Why(), string(raw))
		}
	}
	return "no such attribute"
}

func state(s model.State, why model.Unknown, known string) string {
	switch s {
	case model.StateKnown:
		return known
	case model.StateAbsent:
		return "null"
	default:
		return strings.TrimSuffix(fmt.Sprintf("?%s: %s", why.Reason, why.Detail), ": ")
	}
}

// requireSays checks lines such as "Secret.rotation_enabled=true" and
// "Secret.->key=Key".
func requireSays(t testing.TB, p *collectors.Proposal, want ...string) {
	t.Helper()
	for _, w := range want {
		what, value, _ := strings.Cut(w, "=")
		dot := strings.LastIndex(what, ".")
		if of := find(t, p, what[:dot]); said(of, what[dot+1:]) != value {
			require.Equal(t, value, said(of, what[dot+1:]), what)
		}
	}
}

func noteWith(p *collectors.Proposal, text string) bool {
	return slices.ContainsFunc(p.Notes, func(n string) bool { return strings.Contains(n, text) })
}

// fill puts an expression into a template, which has %s or %[1]s for it.
func fill(template, expr string) string {
	return strings.NewReplacer("%s", expr, "%[1]s", expr).Replace(template)
}

func parameters(name, value string) func(*cloudformation.Options) {
	return func(o *cloudformation.Options) { o.Parameters = map[string]string{name: value} }
}
