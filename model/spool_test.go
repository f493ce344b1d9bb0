package model

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func spool(t testing.TB) *Spool {
	t.Helper()
	s, err := NewSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func spooledSecret(region, id string, fill func(*Secret)) *Resource {
	s := &Secret{Name: Known(id)}
	if fill != nil {
		fill(s)
	}
	return &Resource{ID: ResourceID{KindSecret, "111122223333", region, id}, Name: id, Body: s}
}

func TestSpoolSortsAndMerges(t *testing.T) {
	s := spool(t)
	key := &Resource{ID: ResourceID{KindKey, "111122223333", "b", "k"}, Body: &Key{}}
	for _, r := range []*Resource{
		spooledSecret("b", "2", nil), spooledSecret("b", "1", nil), key,
		spooledSecret("a", "9", func(s *Secret) { s.RotationDays = Known(3) }),
		spooledSecret("b", "2", func(s *Secret) { s.KMSKey = None[string]() }),
		spooledSecret("b", "2", func(s *Secret) { s.RotationEnabled = Known(true) }),
	} {
		require.NoError(t, s.Append(r))
	}
	for range 2 { // it can be read again
		var got []string
		for r, err := range s.Resources() {
			require.NoError(t, err)
			got = append(got, r.ID.Region+" "+string(r.ID.Kind)+" "+r.ID.ID)
			if r.ID.ID == "2" {
				body := r.Body.(*Secret)
				require.Equal(t, []any{None[string](), Known(true), Known("2")}, []any{body.KMSKey, body.RotationEnabled, body.Name})
			}
		}
		require.Equal(t, []string{"a secret 9", "b key k", "b secret 1", "b secret 2"}, got)
	}
	require.NoError(t, s.Append(spooledSecret("a", "1", nil)))
	for r, err := range s.Resources() {
		require.NoError(t, err)
		require.Equal(t, "1", r.ID.ID, "what was appended since is in its place")
		break
	}
}

func TestSpoolConflict(t *testing.T) {
	s := spool(t)
	require.NoError(t, s.Append(spooledSecret("a", "1", func(s *Secret) { s.RotationDays = Known(3) })))
	require.NoError(t, s.Append(spooledSecret("a", "1", func(s *Secret) { s.RotationDays = Known(4) })))
	require.NoError(t, s.Append(spooledSecret("a", "2", nil)))
	var errs []error
	for _, err := range s.Resources() {
		errs = append(errs, err)
	}
	require.Len(t, errs, 1, "the sequence ends at its first error")
	require.ErrorContains(t, errs[0], "attribute rotation_days of 1: two readers disagree: 3 and 4")
}

func TestSpoolIsSafeForConcurrentUse(t *testing.T) {
	s := spool(t)
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := range 100 {
				if err := s.Append(spooledSecret("a", fmt.Sprintf("%d-%03d", w, i), nil)); err != nil {
					panic(err)
				}
			}
		})
	}
	group.Wait()
	var ids []string
	for r, err := range s.Resources() {
		require.NoError(t, err)
		require.Equal(t, Known(r.ID.ID), r.Body.(*Secret).Name)
		ids = append(ids, r.ID.ID)
	}
	require.Len(t, ids, 800)
	require.True(t, slices.IsSorted(ids))
}

func TestSpoolLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSpool(dir)
	require.NoError(t, err)
	require.NoError(t, s.Append(spooledSecret("a", "1", nil)))
	require.NoError(t, s.Close())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.ErrorContains(t, s.Append(spooledSecret("a", "1", nil)), "set TMPDIR")
	for _, err := range s.Resources() {
		require.ErrorIs(t, err, os.ErrClosed)
	}
	_, err = NewSpool(dir + "/none")
	require.ErrorContains(t, err, "set TMPDIR")
	_, err = NewResultSpool(dir + "/none")
	require.ErrorContains(t, err, "set TMPDIR")
}

// 100,000 secrets take an index, not their bodies.
func TestSpoolMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 100,000 secrets; left out by -short")
	}
	const n = 100_000
	s := spool(t)
	before := heapInUse()
	for i := range n {
		require.NoError(t, s.Append(spooledSecret("a", fmt.Sprintf("arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/%06d", (i*7919)%n), func(s *Secret) {
			s.Tags = Known(map[string]string{"a": "b"})
		})))
	}
	count := 0
	for _, err := range s.Resources() {
		require.NoError(t, err)
		count++
	}
	require.Equal(t, n, count)
	grown := heapInUse() - before
	t.Logf("%d bytes a resource", grown/n)
	require.Less(t, grown, int64(40<<20))
	runtime.KeepAlive(s)
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func judged() []*Judged {
	refused := Unknown{Reason: ReasonAccessDenied, Action: "a:B"}
	id := ResourceID{KindSecret, "111122223333", "eu-west-1", "s"}
	day, _ := ParseDate("2026-01-31")
	waiver := &Waiver{
		Rule: "E", Where: Where{Account: "1*", Region: "eu-*", Resource: "x", Tags: map[string]string{"a": "b"}}, Reason: "r", Owner: "o", ApprovedBy: "a",
		Created: day, Expires: day, CompensatingControl: "c", Origin: Origin{File: "f", Line: 1},
	}
	replica := &Detail{NotApplicable: []string{"a replica", "gone"}}
	first := &Judged{
		Resource: id, Name: "näme", Origin: Origin{File: "main.tf", Line: 3}, Rules: []RuleID{"A", "B", "C", "D", "E", "F", "G"},
		Statuses: []Status{StatusPass, StatusFail, StatusUnknown, StatusNotApplicable, StatusWaived, StatusPass, StatusPass},
		Details: []*Detail{
			nil,
			{Findings: []Finding{{Message: "m", Attribute: "a"}, {Message: "n"}}, Delta: DeltaIntroduced},
			{Unknown: map[string]Unknown{"resource.x": refused, "related.key.y": {Reason: ReasonFailed, Detail: "d\n"}}},
			replica,
			{Findings: []Finding{{Message: "m"}}, Overrides: []int{0, 2}, Waiver: waiver},
			{Overrides: []int{1}},
			{Waiver: &Waiver{Rule: "A", Created: waiver.Created}}, // without expiry
		},
	}
	again := &Judged{Resource: id, Name: "t", Rules: []RuleID{"A", "B", "C", "D", "E", "F", "G"}, Statuses: first.Statuses, Details: first.Details}
	return []*Judged{
		first, again,
		{Resource: ResourceID{KindKey, "1", "r", "k"}, Rules: []RuleID{"K"}, Statuses: []Status{StatusPass}, Details: []*Detail{nil}},
		{Resource: ResourceID{KindKey, "1", "r", "none"}},
		{
			Resource: ResourceID{KindSecret, "1", "r", "*"}, Name: "*", Gap: true, Origin: Origin{File: "t.yaml"}, Rules: []RuleID{"C", "A", "D"},
			Statuses: []Status{StatusUnknown, "", StatusNotApplicable}, // the zero status
			Details:  []*Detail{{Unknown: map[string]Unknown{"list": refused}}, nil, replica},
		},
	}
}

func TestResultSpoolRoundTrip(t *testing.T) {
	s, err := NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	var want []*Result
	for _, j := range judged() {
		require.NoError(t, s.Append(j))
		for place := range j.Rules {
			r := j.result(place)
			if r.Status == "" {
				r.Status = StatusUnknown
			}
			want = append(want, r)
		}
	}
	for range 2 {
		var got []*Result
		for r, err := range s.Results() {
			require.NoError(t, err)
			got = append(got, r)
		}
		require.Equal(t, want, got)
	}
	for r, err := range s.Results() {
		require.NoError(t, err)
		require.Equal(t, RuleID("A"), r.Rule)
		break
	}
}

// What is written short is read back right also when the numbers have run out.
func TestResultSpoolWithoutNumbers(t *testing.T) {
	s, err := NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	rules, shared := []RuleID{"A"}, &Detail{NotApplicable: []string{"shared"}}
	n := maxNamed + 100
	for i := range n {
		own := &Detail{NotApplicable: []string{fmt.Sprint(i)}}
		for _, d := range []*Detail{own, shared} {
			require.NoError(t, s.Append(&Judged{
				Resource: ResourceID{KindKey, fmt.Sprint(i), "r", "k"}, Rules: rules, Statuses: []Status{StatusNotApplicable}, Details: []*Detail{d},
			}))
		}
	}
	i := 0
	for r, err := range s.Results() {
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(i/2), r.Resource.Account)
		require.Equal(t, []string{[]string{fmt.Sprint(i / 2), "shared"}[i%2]}, r.NotApplicable)
		i++
	}
	require.Equal(t, 2*n, i)
	require.LessOrEqual(t, len(s.enc.texts), maxNamed)
	require.LessOrEqual(t, len(s.enc.details), maxNamed)
}

// What was cut off is an error, wherever it was cut.
func TestResultSpoolCutOff(t *testing.T) {
	s, err := NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	require.NoError(t, s.Append(judged()[0]))
	require.NoError(t, s.w.Flush())
	info, err := s.file.Stat()
	require.NoError(t, err)
	for size := info.Size() - 1; size > 0; size-- {
		require.NoError(t, s.file.Truncate(size))
		var last error
		for _, err := range s.Results() {
			last = err
		}
		require.ErrorIs(t, last, io.ErrUnexpectedEOF, "%d", size)
	}
}

func TestResultSpoolErrors(t *testing.T) {
	s, err := NewResultSpool(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, s.Append(judged()[0]))
	require.NoError(t, s.Close())
	var errs []error
	for _, err := range s.Results() {
		errs = append(errs, err)
	}
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], os.ErrClosed)
	var last error
	for range 100_000 { // until the buffer is full
		if last = s.Append(judged()[0]); last != nil {
			break
		}
	}
	require.True(t, errors.Is(last, os.ErrClosed), "%v", last)
}
