package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestRun stores more results than one block holds, and wants each back.
func TestRun(t *testing.T) {
	l := newLedger(t)
	want := sampleResults(3000)
	report := reportOf(want)
	run, err := l.AppendRun(t.Context(), report, snapshotOf(report, "a", "b"), model.VerdictFail, model.VerdictPolicy{MinSeverity: model.SeverityMedium}, nil)
	require.NoError(t, err)
	require.Regexp(t, `^20260314-1200-[0-9a-z]{4}$`, string(run.ID))

	got, done, err := l.Report(t.Context(), run.ID)
	require.NoError(t, err)
	require.Equal(t, report.Header, got.Header)
	require.Equal(t, report.Rules, got.Rules)
	require.Equal(t, report.Frameworks, got.Frameworks)
	require.Equal(t, report.Summary, got.Summary)
	require.Equal(t, want, collect(t, got))
	require.Equal(t, want, collect(t, got), "a second time")
	for range got.Results {
		break // who has seen enough may stop
	}
	require.NoError(t, done())

	snap, err := l.Snapshot(t.Context(), run.ID)
	require.NoError(t, err)
	require.Equal(t, report.Header, snap.Header)
	n := 0
	for r, err := range snap.Resources {
		require.NoError(t, err)
		require.Equal(t, model.StateKnown, r.Body.(*model.Secret).RotationEnabled.State())
		n++
	}
	require.Equal(t, 2, n)

	list, err := l.Runs(t.Context(), RunFilter{})
	require.NoError(t, err)
	require.Equal(t, []Run{run}, list)
	require.Equal(t, Run{
		ID: run.ID, At: noon, TakenAt: noon.Add(-time.Minute), Source: "live", Tool: "1.2.3",
		Accounts: []string{"111122223333"}, Regions: []string{"eu-west-1", "us-east-1"}, Scope: run.Scope,
		Verdict: "fail", MinSeverity: model.SeverityMedium, Resources: 3001, Counts: report.Total(),
		Severities: map[model.Severity]model.Counts{
			model.SeverityHigh: report.BySeverity(model.SeverityHigh), model.SeverityMedium: report.BySeverity(model.SeverityMedium), model.SeverityLow: report.BySeverity(model.SeverityLow)},
		Frameworks: map[string]model.Counts{"hipaa": report.ByControl("hipaa", ""), "soc2": report.ByControl("soc2", "")},
		Snapshot:   run.Snapshot, Form: 1, Body: run.Body, Link: 1, Hash: run.Hash,
	}, run)
}

// TestNothingOfAResultIsLost fills every field of a result that the model has,
// so that a field which is added there and not stored here fails.
func TestNothingOfAResultIsLost(t *testing.T) {
	full := new(model.Result)
	fill(t, reflect.ValueOf(full).Elem(), 1)
	full.Status = model.StatusFail
	l := newLedger(t)
	run, err := l.AppendRun(t.Context(), reportOf([]*model.Result{full}), nil, model.VerdictFail, model.VerdictPolicy{}, nil)
	require.NoError(t, err)
	got, done, err := l.Report(t.Context(), run.ID)
	require.NoError(t, err)
	require.Equal(t, []*model.Result{full}, collect(t, got))
	require.NoError(t, done())
	_, err = l.Snapshot(t.Context(), run.ID)
	require.ErrorContains(t, err, "without its snapshot")
}

// TestNothingOfAReportIsLost does the same with all else that a report says.
func TestNothingOfAReportIsLost(t *testing.T) {
	full := new(model.Report)
	fill(t, reflect.ValueOf(full).Elem(), 1)
	for i := range full.Rules {
		for name, p := range full.Rules[i].Params {
			p.Type, p.Value, p.Default = "integer", 1000000, 90
			full.Rules[i].Params[name] = p
		}
	}
	raw, err := encodeDocument(full, 7)
	require.NoError(t, err)
	got, err := decodeDocument(raw)
	require.NoError(t, err)
	require.Equal(t, &document{full, 7}, got)
}

// fill gives every field of a value something that is not zero.
func fill(t *testing.T, v reflect.Value, n int) {
	t.Helper()
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		*at = noon.Add(time.Duration(n) * time.Hour)
		return
	}
	if d, ok := v.Addr().Interface().(*model.Date); ok {
		day, err := model.ParseDate("2026-03-15")
		require.NoError(t, err)
		*d = day
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(string(rune('a' + n)))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n+1)
		fill(t, v.Index(1), n+2)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, n+1)
		fill(t, value, n+2)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "-" {
				fill(t, v.Field(i), n+i)
			}
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf("text"))
	default:
		require.Fail(t, "no value for "+v.Type().String())
	}
}

func TestFindRun(t *testing.T) {
	l := newLedger(t)
	now := noon
	l.Now = func() time.Time { return now }
	_, err := l.Run(t.Context(), "last")
	require.ErrorContains(t, err, "`keyproof history` lists them")
	var runs []Run
	for range 3 {
		runs = append(runs, appendSample(t, l, "a"))
		now = now.Add(24 * time.Hour)
	}
	for ref, c := range map[string]struct {
		want int // place in runs
		err  string
	}{
		"last": {want: 2}, "": {want: 2}, "last~1": {want: 1}, "last~2": {want: 0}, string(runs[0].ID): {want: 0},
		"20260315": {want: 1}, "20260316-1200": {want: 2},
		"last~3": {err: "has no run"}, "last~-1": {err: "write last~1"}, "last~x": {err: "write last~1"},
		"2026031": {err: "begins the ids of several runs: write more of one of " + string(runs[0].ID)}, "2025": {err: "has no run"}, "%": {err: "has no run"},
	} {
		t.Run(ref, func(t *testing.T) {
			got, err := l.Run(t.Context(), ref)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, runs[c.want], got)
		})
	}
	list, err := l.Runs(t.Context(), RunFilter{Before: runs[2].Link, Scope: runs[0].Scope, Limit: 1})
	require.NoError(t, err)
	require.Equal(t, runs[1:2], list)
	list, err = l.Runs(t.Context(), RunFilter{Scope: "other"})
	require.NoError(t, err)
	require.Empty(t, list)
}

// TestSameMinute records the same report twice in the same moment.
func TestSameMinute(t *testing.T) {
	l := newLedger(t)
	a, b := appendSample(t, l, "a"), appendSample(t, l, "a")
	require.NotEqual(t, a.ID, b.ID)
	require.Equal(t, a.Snapshot, b.Snapshot, "the same content is stored once")
	files, err := os.ReadDir(l.snapshotDir())
	require.NoError(t, err)
	require.Len(t, files, 1)
}

// TestNothingHalfRecorded has sources that break in the middle.
func TestNothingHalfRecorded(t *testing.T) {
	broken := errors.New("the source broke")
	for name, breakIt := range map[string]func(*model.Report, *model.Snapshot){
		"results": func(r *model.Report, _ *model.Snapshot) {
			whole := r.Results
			r.Results = func(yield func(*model.Result, error) bool) {
				whole(func(res *model.Result, err error) bool { return yield(res, err) })
				yield(nil, broken)
			}
		},
		"resources": func(_ *model.Report, s *model.Snapshot) {
			s.Resources = func(yield func(*model.Resource, error) bool) { yield(nil, broken) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			r := reportOf(sampleResults(5000))
			snap := snapshotOf(r, "a")
			breakIt(r, snap)
			_, err := l.AppendRun(t.Context(), r, snap, model.VerdictFail, model.VerdictPolicy{}, nil)
			require.ErrorIs(t, err, broken)
			head, err := l.Head(t.Context())
			require.NoError(t, err)
			require.Equal(t, Head{}, head)
			left, err := filepath.Glob(filepath.Join(l.snapshotDir(), "*"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func TestReopened(t *testing.T) {
	numbers := []uint64{9, 3, 1 << 63, 7}
	raw := encodeFailures(numbers)
	for n, want := range map[uint64]bool{3: true, 7: true, 9: true, 1 << 63: true, 0: false, 4: false, 1<<63 + 1: false} {
		require.Equal(t, want, failuresHave(raw, n), n)
	}
	require.False(t, failuresHave(nil, 3))
}

// TestRulesOfARun stores the rules of runs once, gives them back, and names them
// when they were altered or are gone.
func TestRulesOfARun(t *testing.T) {
	l := newLedger(t)
	r := reportOf(nil)
	var runs []Run
	for _, rules := range [][]byte{[]byte("rules of March"), []byte("rules of March"), []byte("rules of April"), nil} {
		run, err := l.AppendRun(t.Context(), r, nil, model.VerdictPass, model.VerdictPolicy{}, rules)
		require.NoError(t, err)
		runs = append(runs, run)
	}
	require.Equal(t, runs[0].Rules, runs[1].Rules)
	files, err := filepath.Glob(filepath.Join(l.snapshotDir(), "*"+rulesSuffix))
	require.NoError(t, err)
	require.Len(t, files, 2)
	got, err := l.Rules(t.Context(), runs[2].ID)
	require.NoError(t, err)
	require.Equal(t, "rules of April", string(got))
	_, err = l.Rules(t.Context(), runs[3].ID)
	require.ErrorContains(t, err, "was recorded without its rules")
	_, err = l.Verify(t.Context(), nil)
	require.NoError(t, err)

	path := l.rulesPath(*runs[0].Rules)
	require.NoError(t, os.WriteFile(path, []byte("rules of march"), 0o600))
	var broken *BrokenError
	_, err = l.Rules(t.Context(), runs[0].ID)
	require.ErrorAs(t, err, &broken)
	require.Equal(t, filepath.Base(path), broken.Row)
	_, err = l.Verify(t.Context(), nil)
	require.ErrorAs(t, err, &broken)
	require.NoError(t, os.Remove(path))
	_, err = l.Verify(t.Context(), nil)
	require.ErrorContains(t, err, "the file is gone")
}
