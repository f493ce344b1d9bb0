package evaluator

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// manyRules are every nth of the awkward rules in one set.
func manyRules(t *testing.T, nth int) *Judge {
	t.Helper()
	texts := []string{lib}
	for i, c := range awkward {
		if i%nth > 0 && !strings.HasPrefix(c.name, "screen") {
			continue
		}
		texts = append(texts, ruleText(fmt.Sprintf("r%d", i), fmt.Sprintf("T-%d", i), "secret", `{max: {type: integer, default: 90, why: a test}}`, c.body))
	}
	return judgeOf(t, texts...)
}

// mixed are secrets with every third attribute unknown, each with its key.
func mixed(t *testing.T, n int) []*model.Resource {
	t.Helper()
	var all []slot
	for _, name := range sortedKeys(slots) {
		all = append(all, slots[name])
	}
	list := []*model.Resource{resourceOf(t, model.KindAccount, "account", none(model.KindAccount), map[string]any{})}
	for i := range n {
		c := make(choice, len(all))
		for s := range all {
			c[s] = (i*7+s*5+i/3)%(len(all[s].domain)+1) - 1
		}
		list = append(list, c.resources(t, all, i)...)
	}
	return list
}

func TestOrderDoesNotDependOnWorkers(t *testing.T) {
	resources := append(mixed(t, 300), secret("z", nil), secret("a", nil))
	scopes := append(gap(model.KindSecret), listed(model.KindKey)...)
	var want []*model.Result
	j := manyRules(t, 1)
	for _, workers := range []int{1, 2, 8} {
		j.limits.workers = workers
		report, got := evaluate(t, j, snapshot(scopes, resources...))
		require.Len(t, got, (302+1)*len(awkward))
		require.Equal(t, 302, report.Summary.Resources[model.KindSecret])
		require.Positive(t, report.Summary.Ages.Value.Total())
		if want == nil {
			want = got
		}
		require.Equal(t, want, got, "%d workers", workers)
	}
	for i, name := range []string{"z", "a"} {
		require.Equal(t, name, want[(300+i)*len(awkward)].Name, "results keep the order of the resources")
	}
}

func TestGapsAreUnknownRows(t *testing.T) {
	j := judgeOf(t, ruleText("a", "T-2", "secret", "", off), ruleText("b", "T-1", "secret", "", off), ruleText("c", "T-3", "key", "", `violation contains {"message": "m"} if not input.resource.rotation_enabled`))
	scopes := gap(model.KindSecret)
	scopes = append(scopes, listed(model.KindKey)...)
	report, results := evaluate(t, j, snapshot(scopes, secret("s", func(s *model.Secret) { s.RotationEnabled = model.Known(true) })))
	require.Len(t, results, 4)
	for i, id := range []model.RuleID{"T-1", "T-2"} {
		require.Equal(t, model.StatusPass, results[i].Status)
		row := results[2+i]
		require.Equal(t, id, row.Rule)
		require.Equal(t, model.StatusUnknown, row.Status)
		require.True(t, row.Gap)
		require.Equal(t, model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", ID: "*"}, row.Resource)
		require.Equal(t, map[string]model.Unknown{"list": {Reason: model.ReasonAccessDenied, Action: "kms:ListKeys"}}, row.Unknown)
	}
	require.Equal(t, map[model.RuleID]model.Counts{"T-1": {Pass: 1, Unknown: 1}, "T-2": {Pass: 1, Unknown: 1}}, report.Summary.ByRule)
	require.Equal(t, map[model.Kind]int{model.KindSecret: 1}, report.Summary.Resources)
	require.Equal(t, model.VerdictUnknown, report.Verdict(model.VerdictPolicy{}))
}

func TestEmptySnapshotIsNoPass(t *testing.T) {
	report, results := evaluate(t, judgeOf(t, ruleText("a", "T-2", "secret", "", off)), snapshot(nil))
	require.Empty(t, results)
	require.Equal(t, model.VerdictUnknown, report.Verdict(model.VerdictPolicy{}))
}

func TestErrorsOfTheSnapshotSurface(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, pass := range []int{1, 2} { // the index reads it once, then the judge does
		for _, after := range []int{0, 1, batchSize, 1000} {
			t.Run(fmt.Sprintf("pass %d after %d", pass, after), func(t *testing.T) {
				passes := 0
				snap := snapshot(nil)
				snap.Resources = func(yield func(*model.Resource, error) bool) {
					passes++
					for i := range 2000 {
						if passes == pass && i == after {
							yield(nil, broken)
							return
						}
						if !yield(secret(fmt.Sprint(i), nil), nil) {
							return
						}
					}
				}
				spool, err := model.NewResultSpool(t.TempDir())
				require.NoError(t, err)
				defer func() { require.NoError(t, spool.Close()) }()
				_, err = judgeOf(t, ruleText("a", "T-1", "secret", "", off)).Evaluate(t.Context(), snap, spool)
				require.ErrorIs(t, err, broken)
			})
		}
	}
}

func TestErrorsOfTheSpoolSurface(t *testing.T) {
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, spool.Close())
	_, err = judgeOf(t, ruleText("a", "T-1", "secret", "", off)).Evaluate(t.Context(), snapshot(nil, mixed(t, 2000)...), spool)
	require.ErrorContains(t, err, "set TMPDIR")
}

// When Evaluate has returned, nothing of it runs any more, however it ended.
func TestCancelling(t *testing.T) {
	slow := ruleText("slow", "T-1", "secret", "", `violation contains {"message": "m"} if {
	count([1 | some a in numbers.range(1, 10000); some b in numbers.range(1, 10000); a * b == input.resource.rotation_interval_days]) > 1
}`)
	known := func(s *model.Secret) { s.RotationIntervalDays = model.Known(3) }
	resources := make([]*model.Resource, 1000)
	for i := range resources {
		resources[i] = secret(fmt.Sprint(i), known)
	}
	for name, when := range map[string]time.Duration{"before it starts": 0, "while a rule runs": 50 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			j := judgeOf(t, slow)
			j.limits.workers = 4
			spool, err := model.NewResultSpool(t.TempDir())
			require.NoError(t, err)
			defer func() { require.NoError(t, spool.Close()) }()
			before := runtime.NumGoroutine()
			ctx, cancel := context.WithTimeout(t.Context(), when)
			defer cancel()
			begun := time.Now()
			_, err = j.Evaluate(ctx, snapshot(nil, resources...), spool)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Less(t, time.Since(begun), 2*time.Second)
			require.Empty(t, ours(), "goroutines are left; there were %d before", before)
		})
	}
}

// ours are the stacks of goroutines that run code of this package, but for tests.
func ours() []string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var list []string
	for _, stack := range strings.Split(string(buf), "\n\n") {
		if strings.Contains(stack, "evaluator.(*Judge).stream") || strings.Contains(stack, "evaluator.feed") {
			list = append(list, stack)
		}
	}
	return list
}

// The real rules say the same of the generated company with and without what
// makes them fast, where all is known and where some attributes are not.
func TestSpeedMakesNoDifferenceToRealRules(t *testing.T) {
	if testing.Short() {
		t.Skip("compares thousands of verdicts; left out by -short")
	}
	plain := realJudge(t)
	fast, err := New(t.Context(), Options{Trusted: true, Params: realParams()}, rules.FS())
	require.NoError(t, err)
	plain.limits.noScreens, plain.limits.remembered = true, 0
	c := newCompany(1500)
	var holed []*model.Resource
	n := 0
	for _, r := range c.resources {
		fields := model.Fields(r.ID.Kind)
		if n++; n%3 == 0 {
			r = withUnknown(t, r, fields[n/3%len(fields)].Name)
		}
		holed = append(holed, r)
	}
	for _, resources := range [][]*model.Resource{c.resources, holed} {
		snap := snapshot(c.scopes, resources...)
		_, want := evaluate(t, plain, snap)
		_, got := evaluate(t, fast, snap)
		require.Len(t, got, len(want))
		for i := range want { // one by one: the difference of all at once takes minutes to print
			require.Equal(t, want[i], got[i])
		}
	}
}

// What makes it fast makes no difference: with and without memory and screens,
// and with a memory so small that it forgets midway, the results are the same.
func TestSpeedMakesNoDifference(t *testing.T) {
	if testing.Short() {
		t.Skip("compares thousands of verdicts; left out by -short")
	}
	var all []slot
	for _, name := range sortedKeys(slots) {
		all = append(all, slots[name])
	}
	j := manyRules(t, 8)
	bare, noMemory, littleMemory, noScreens := j.limits, j.limits, j.limits, j.limits
	bare.remembered, bare.noScreens = 0, true
	noMemory.remembered = 0
	littleMemory.remembered = 60
	noScreens.noScreens = true
	ways := map[string]limits{"all": j.limits, "no memory": noMemory, "little memory": littleMemory, "no screens": noScreens}
	account := resourceOf(t, model.KindAccount, "account", none(model.KindAccount), map[string]any{})
	rapid.Check(t, func(rt *rapid.T) {
		resources := []*model.Resource{account}
		for n := range rapid.IntRange(1, 12).Draw(rt, "resources") {
			c := make(choice, len(all))
			for i, s := range all {
				c[i] = rapid.IntRange(unknownChoice, len(s.domain)-1).Draw(rt, s.path)
			}
			resources = append(resources, c.resources(t, all, n)...)
		}
		snap := snapshot(listed(model.KindSecret, model.KindKey), resources...)
		j.limits = bare
		want := judged(rt, j, snap)
		for name, limits := range ways {
			j.limits = limits
			require.Equal(rt, want, judged(rt, j, snap), name)
		}
	})
}
