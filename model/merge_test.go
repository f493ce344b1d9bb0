package model

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func merging(fill func(*Secret, *Resource)) *Resource {
	s := &Secret{}
	r := &Resource{ID: ResourceID{KindSecret, "1", "eu-west-1", "a"}, Body: s}
	if fill != nil {
		fill(s, r)
	}
	return r
}

func TestMergeFills(t *testing.T) {
	refused := Unknown{Reason: ReasonAccessDenied, Action: "a:B"}
	a := merging(func(s *Secret, r *Resource) {
		s.Name, s.KMSKey, s.RotationDays = Known("a"), None[string](), Missing[int](refused)
		s.OwningService = Known("rds")
		s.CreatedAt = Known(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
		r.Ref("key", Missing[ResourceID](refused))
		r.Ref("primary", Known(r.ID))
		r.Aka = []string{"x"}
	})
	b := merging(func(s *Secret, r *Resource) {
		s.Name, s.KMSKey, s.RotationDays = Known("a"), Missing[string](refused), Known(3)
		s.RotationEnabled, s.ReplicaOf, s.Tags = Known(true), None[string](), Missing[map[string]string](refused)
		s.CreatedAt = Known(time.Date(2026, 1, 2, 4, 4, 5, 0, time.FixedZone("", 3600))) // the same moment
		r.Ref("key", None[ResourceID]())
		r.Ref("primary", Missing[ResourceID](refused))
		r.Ref("rotation_function", Known(ResourceID{Kind: KindFunction, ID: "f"}))
		r.Aka, r.Name, r.Origin = []string{"y", "x"}, "a", Origin{File: "f"}
	})
	require.NoError(t, a.Merge(b))
	s := a.Body.(*Secret)
	require.Equal(t, Known("a"), s.Name)
	require.Equal(t, None[string](), s.KMSKey, "known absence stays")
	require.Equal(t, Known(3), s.RotationDays, "known fills unknown")
	require.Equal(t, Known(true), s.RotationEnabled)
	require.Equal(t, None[string](), s.ReplicaOf, "absence fills unknown")
	require.Equal(t, Known("rds"), s.OwningService, "unknown takes nothing away")
	require.Equal(t, refused, s.Tags.Why(), "a reason says more than none")
	require.Equal(t, StateUnknown, s.Versions.State())
	require.Equal(t, None[ResourceID](), a.Refs["key"])
	require.Equal(t, Known(a.ID), a.Refs["primary"])
	require.Equal(t, Known(ResourceID{Kind: KindFunction, ID: "f"}), a.Refs["rotation_function"])
	require.Equal(t, []string{"x", "y"}, a.Aka)
	require.Equal(t, "a", a.Name)
	require.Equal(t, Origin{File: "f"}, a.Origin)
	require.Equal(t, Known(true), b.Body.(*Secret).RotationEnabled, "the other one is left as it was")
}

func TestMergeConflicts(t *testing.T) {
	id := ResourceID{Kind: KindKey, ID: "k"}
	for _, c := range []struct {
		name string
		a, b func(*Secret, *Resource)
		want string
	}{
		{"two values", func(s *Secret, _ *Resource) { s.Name = Known("a") }, func(s *Secret, _ *Resource) { s.Name = Known("b") }, `attribute name of a: two readers disagree: "a" and "b"`},
		{"value and absence", func(s *Secret, _ *Resource) { s.Name = Known("a") }, func(s *Secret, _ *Resource) { s.Name = None[string]() }, "attribute name of a"},
		{"absence and value", func(s *Secret, _ *Resource) { s.Name = None[string]() }, func(s *Secret, _ *Resource) { s.Name = Known("a") }, "attribute name of a"},
		{"empty and absent", func(s *Secret, _ *Resource) { s.Replicas = None[[]Replica]() }, func(s *Secret, _ *Resource) { s.Replicas = Known([]Replica{}) }, "attribute replicas of a"},
		{"two references", func(_ *Secret, r *Resource) { r.Ref("key", Known(id)) }, func(_ *Secret, r *Resource) { r.Ref("key", Known(r.ID)) }, "reference key of a: two readers disagree"},
		{"reference and none", func(_ *Secret, r *Resource) { r.Ref("key", Known(id)) }, func(_ *Secret, r *Resource) { r.Ref("key", None[ResourceID]()) }, "reference key of a"},
		{"another resource", nil, func(_ *Secret, r *Resource) { r.ID.Region = "us-east-1" }, "not the same resource"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.ErrorContains(t, merging(c.a).Merge(merging(c.b)), c.want)
		})
	}
}
