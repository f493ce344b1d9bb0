package remediator

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/account"
	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/iam"
	"github.com/keyproof/keyproof/collectors/kms"
	"github.com/keyproof/keyproof/collectors/lambda"
	"github.com/keyproof/keyproof/collectors/rds"
	"github.com/keyproof/keyproof/collectors/secretsmanager"
	"github.com/keyproof/keyproof/collectors/ssm"
	"github.com/keyproof/keyproof/collectors/testaccount"
	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

const run = "run-1"

// bench is a repair with the account that it is made in.
type bench struct {
	*testaccount.World
	repair
	t       testing.TB
	judge   *evaluator.Judge
	journal *fileJournal
	log     *strings.Builder // what was said
	// trusting says that what was made is a pass, for tests of other things: judging
	// takes long.
	trusting bool
}

func newBench(t testing.TB, r repair) *bench {
	t.Helper()
	judge, err := theJudge()
	require.NoError(t, err)
	return &bench{
		World: testaccount.Serve(t, r.regions), repair: r, t: t, judge: judge,
		journal: &fileJournal{path: filepath.Join(t.TempDir(), "journal")}, log: &strings.Builder{},
	}
}

// theJudge judges by the rules of all repairs. Compiling takes a second.
var theJudge = sync.OnceValues(func() (*evaluator.Judge, error) {
	var ids []model.RuleID
	for _, r := range repairs() {
		ids = append(ids, r.rules...)
	}
	return evaluator.New(context.Background(), evaluator.Options{Only: ids}, rules.FS())
})

// theDetector is compiled once too: it takes a third of a second.
var theDetector = sync.OnceValues(detect.New)

// access opens the embedded account.
type access struct {
	config func(account, region string) aws.Config
}

func (a access) Config(account, region string) (aws.Config, error) {
	return a.config(account, region), nil
}

func (b *bench) engine() *Engine {
	return &Engine{
		Actions: []Action{b.action}, Access: access{b.Config}, Journal: b.journal, Judge: b.judgeAgain, By: "tester",
		Now: testaccount.Now, Sleep: quick, Say: func(text string) { fmt.Fprintln(b.log, text) }, PerMinute: 1e6,
	}
}

// quick lets no time pass, but for who else runs.
func quick(ctx context.Context, _ time.Duration) error {
	time.Sleep(time.Millisecond)
	return ctx.Err()
}

// scan reads the account.
func (b *bench) scan(t testing.TB) *model.Snapshot {
	t.Helper()
	var names []string
	for _, line := range strings.Split(b.regions, "\n") {
		if name, ok := strings.CutSuffix(line, ":"); ok && !strings.HasPrefix(line, " ") {
			names = append(names, name)
		}
	}
	return scan(t, testaccount.Here, names, func(region string) aws.Config { return b.Config(testaccount.Here, region) })
}

func scan(t testing.TB, id string, names []string, config func(region string) aws.Config) *model.Snapshot {
	t.Helper()
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = spool.Close() })
	detector, err := theDetector()
	require.NoError(t, err)
	plan := collectors.Plan{TakenAt: testaccount.Now()}
	for _, region := range names {
		cfg := config(region)
		plan.Cells = append(plan.Cells, collectors.CellPlan{
			Cell: collectors.CellID{Partition: "aws", Account: id, Region: region, Regions: names},
			Stages: [][]collectors.Collector{
				{account.New(), secretsmanager.New(cfg), ssm.New(cfg, detector), kms.New(cfg), cloudtrail.New(cfg), rds.New(cfg), iam.New(cfg)},
				{lambda.New(cfg, detector)},
			},
		})
	}
	snap, err := collectors.Run(t.Context(), plan, spool)
	require.NoError(t, err)
	return snap
}

func (b *bench) report(t testing.TB, snap *model.Snapshot) *model.Report {
	t.Helper()
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = spool.Close() })
	report, err := b.judge.Evaluate(t.Context(), snap, spool)
	require.NoError(t, err)
	return report
}

// judgeAgain is what verifying calls.
func (b *bench) judgeAgain(_ context.Context, changes []*model.Change) (map[model.ChangeID]map[model.RuleID]Judgement, error) {
	all := map[model.ChangeID]map[model.RuleID]Judgement{}
	if b.trusting {
		for _, c := range changes {
			all[c.ID] = map[model.RuleID]Judgement{}
			for _, id := range c.Rules {
				all[c.ID][id] = Judgement{Status: model.StatusPass}
			}
		}
		return all, nil
	}
	for r, err := range b.report(b.t, b.scan(b.t)).Results {
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			if c.Resource == r.Resource {
				if all[c.ID] == nil {
					all[c.ID] = map[model.RuleID]Judgement{}
				}
				all[c.ID][r.Rule] = Judgement{Status: r.Status, Why: fmt.Sprint(r.Findings, r.Unknown)}
			}
		}
	}
	return all, nil
}

// plan plans the repair, asking the account.
func (b *bench) plan(t testing.TB) *Plan {
	t.Helper()
	snap := b.scan(t)
	m := &Maker{
		Actions: []Action{b.action}, Choices: []Choice{{Action: b.action.Name(), Set: b.set}}, Tool: "test",
		Filter: Filter{Resources: []string{b.resource}, Rules: b.rules}, Env: b.engine().env(""),
	}
	p, err := m.Plan(t.Context(), snap, b.report(t, snap))
	require.NoError(t, err)
	return p
}

// planned is a plan with its one change, as a file gives it back.
func (b *bench) planned(t testing.TB) *Plan {
	t.Helper()
	p := b.plan(t)
	require.Len(t, p.Changes, 1, "%+v", p.Skipped)
	var text strings.Builder
	require.NoError(t, WritePlan(&text, p))
	again, err := ReadPlan(strings.NewReader(text.String()))
	require.NoError(t, err)
	return again
}

// attributes are all that a scan says of an account, a line each. When something
// was last changed is left out, with what follows from it: a change changes it.
func (b *bench) attributes(t testing.TB, leave ...string) []string {
	t.Helper()
	return attributes(t, b.scan(t), leave...)
}

func attributes(t testing.TB, snap *model.Snapshot, leave ...string) []string {
	t.Helper()
	leave = append(leave, "last_changed_at", "last_changed_days_ago", "value_days_ago")
	var all []string
	for r, err := range snap.Resources {
		require.NoError(t, err)
		raw, err := json.Marshal(r)
		require.NoError(t, err)
		var row map[string]any
		require.NoError(t, json.Unmarshal(raw, &row))
		of := r.ID.Region + " " + string(r.ID.Kind) + " " + r.Name + " "
		for part, v := range row {
			m, ok := v.(map[string]any)
			if !ok {
				all = append(all, of+part+" "+written(v))
			}
			for name, v := range m {
				if !slices.Contains(leave, name) {
					all = append(all, of+part+" "+name+" "+written(v))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// writes counts the calls that change something.
func (b *bench) writes() map[string]int {
	list := map[string]int{}
	allowed := b.action.Permissions().Writes
	for action, n := range b.Calls() {
		for _, w := range allowed {
			if action == w {
				list[action] = n
			}
		}
	}
	return list
}

// everything is all that was kept or said.
func (b *bench) everything(t testing.TB) string {
	t.Helper()
	text := b.log.String()
	for e, err := range b.journal.Entries(t.Context(), "") {
		require.NoError(t, err)
		text += written(e) + "\n"
	}
	return text
}
