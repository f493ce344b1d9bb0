package remediator

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// TestRotationNotPossible has why a rotation cannot be planned, and what to do.
func TestRotationNotPossible(t *testing.T) {
	for name, c := range map[string]struct {
		secret    string
		rule      model.RuleID
		set       Settings
		why, next string
	}{
		"no function":       {`{name: pg/postgres}`, "SM-001", nil, "no rotation function is named", "SecretsManagerRDSPostgreSQLRotationSingleUser"},
		"others have one":   {`{name: app}, {name: other, rotation: {function: rotator, days: 30}}`, "SM-001", nil, "no rotation function is named", "other secrets use rotator"},
		"not there":         {`{name: app}`, "SM-001", Settings{"function": "gone"}, "gone does not exist", "enable-rotation.function=NAME"},
		"may not invoke":    {`{name: app}`, "SM-001", Settings{"function": "uninvited"}, "may not invoke", "aws lambda add-permission"},
		"dead":              {`{name: app}`, "SM-001", Settings{"function": "dead"}, "the function is Failed: it was throttled", "function-active-v2"},
		"another region":    {`{name: app}`, "SM-001", Settings{"function": "arn:aws:lambda:eu-west-1:111122223333:function:rotator"}, "cannot rotate a secret in us-east-1", "us-east-1"},
		"unfinished":        {`{name: app, versions: [{stages: [AWSCURRENT]}, {id: v2, stages: [AWSPENDING]}]}`, "SM-001", Settings{"function": "rotator"}, "version v2 is AWSPENDING", "--remove-from-version-id v2"},
		"key disabled":      {`{name: app, key: "off"}`, "SM-001", Settings{"function": "rotator"}, "is Disabled", "aws kms enable-key"},
		"too seldom":        {`{name: app}`, "SM-001", Settings{"function": "rotator", "days": "91"}, "more seldom than SM-002 allows", "at most 90"},
		"a bad schedule":    {`{name: app}`, "SM-001", Settings{"function": "rotator", "schedule": "weekly"}, "neither rate", ""},
		"a bad number":      {`{name: app}`, "SM-001", Settings{"function": "rotator", "days": "soon"}, "must be 1 to 1000", ""},
		"its alias is kept": {`{name: app, rotation: {function: "arn:aws:lambda:us-east-1:111122223333:function:rotator:live", days: 365}}`, "SM-002", nil, "function:rotator:live does not exist", "enable-rotation.function=NAME"},
		"function is gone":  {`{name: app, rotation: {function: gone, days: 30}}`, "SM-005", nil, "no rotation function is named", "enable-rotation.function=NAME"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, repair{
				action: Rotation{}, resource: "*", rules: []model.RuleID{c.rule}, set: c.set,
				regions: "us-east-1:\n  keys: [{name: \"off\", state: Disabled}]\n  secrets: [" + c.secret + "]" + rotators,
			})
			p := b.plan(t)
			require.Empty(t, p.Changes)
			require.Len(t, p.Skipped, 1)
			require.Contains(t, p.Skipped[0].Why, c.why)
			require.Contains(t, p.Skipped[0].Next, c.next)
			require.Empty(t, b.writes())
		})
	}
}

// TestRotationSchedules never lengthens a schedule that is short enough.
func TestRotationSchedules(t *testing.T) {
	for name, c := range map[string]struct {
		rotation string // of the secret; empty: it never rotated
		rule     model.RuleID
		set      Settings
		after    State
	}{
		"by the rule":       {"", "SM-001", Settings{"function": "rotator"}, State{fieldDays: 90, fieldSchedule: "", fieldWindow: nil}},
		"by the user":       {"", "SM-001", Settings{"function": "rotator", "days": "7", "window": "2"}, State{fieldDays: 7, fieldWindow: 2}},
		"an expression":     {"", "SM-001", Settings{"function": "rotator", "schedule": "rate(10 days)"}, State{fieldDays: nil, fieldSchedule: "rate(10 days)"}},
		"too long":          {"{function: rotator, days: 365, window: 4h}", "SM-002", nil, State{fieldDays: 90, fieldWindow: 4}},
		"too long, shorter": {"{function: rotator, days: 365}", "SM-002", Settings{"days": "30"}, State{fieldDays: 30}},
		"kept, days":        {"{function: gone, days: 14}", "SM-005", Settings{"function": "rotator", "days": "60"}, State{fieldDays: 14}},
		"kept, cron":        {`{function: gone, schedule: "cron(0 8 1 * ? *)"}`, "SM-005", Settings{"function": "rotator"}, State{fieldDays: nil, fieldSchedule: "cron(0 8 1 * ? *)"}},
		"shortened":         {"{function: gone, days: 60}", "SM-005", Settings{"function": "rotator", "days": "14"}, State{fieldDays: 14}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secret := "{name: app}"
			if c.rotation != "" {
				secret = "{name: app, rotation: " + c.rotation + "}"
			}
			b := newBench(t, repair{
				action: Rotation{}, resource: "app", rules: []model.RuleID{c.rule}, set: c.set,
				regions: "us-east-1:\n  secrets: [" + secret + "]" + rotators,
			})
			p := b.planned(t)
			require.True(t, State(p.Changes[0].After).is(c.after), "%v", p.Changes[0].After)
		})
	}
}

// TestRotationFails: a rotation that fails in the function is named with its
// cause, and not called done; undoing takes it back.
func TestRotationFails(t *testing.T) {
	for name, c := range map[string]struct {
		function string
		now      string
		says     []string
	}{
		"in the test": {"broken", "false", []string{"TestRotationFailed: Error when executing lambda", "during testSecret step"}},
		"at once":     {"failing", "true", []string{"RotationFailed: Error when executing lambda", "during setSecret step"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, repair{
				action: Rotation{}, resource: "app", rules: []model.RuleID{"SM-001"}, set: Settings{"function": c.function, "now": c.now, "wait": "1"},
				regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a}]" + rotators,
			})
			out, err := b.engine().Apply(t.Context(), run, b.planned(t))
			require.NoError(t, err)
			r := out.Run.Records[0]
			require.Equal(t, model.StepFailed, r.State)
			for _, text := range append(c.says, "is left AWSPENDING, and the credential in use is the old one", "aws logs tail /aws/lambda/"+c.function, "undoing the run turns rotation off again") {
				require.Contains(t, r.Detail, text)
			}
			out, err = b.engine().Undo(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, model.StepUndone, out.Run.Records[0].State)
			require.NotContains(t, b.everything(t), "SENTINEL")
		})
	}
}

// TestFailureIn reads real events.
func TestFailureIn(t *testing.T) {
	raw, err := os.ReadFile(needs.Shared(t, "..", "corpora", "events", "rotation_events.jsonl"))
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(raw), "\n")
	_, event, _ := strings.Cut(strings.TrimSuffix(line, "}"), `"event":`)
	why, err := failureIn(event, "arn:aws:secretsmanager:ap-southeast-2:843407916570:secret:IcaS...icA")
	require.NoError(t, err)
	require.Contains(t, why, "during createSecret step")
	why, err = failureIn(event, "arn:aws:secretsmanager:ap-southeast-2:843407916570:secret:another")
	require.NoError(t, err)
	require.Empty(t, why)
}

// TestReplicationNotPossible has why a replica cannot be planned, and what to do.
func TestReplicationNotPossible(t *testing.T) {
	for name, c := range map[string]struct {
		here, there string
		set         Settings
		why, next   string
	}{
		"no region":        {`{name: app, tags: {dr: required}}`, "", nil, "no region is named", "enable-replication.regions="},
		"its own region":   {`{name: app, tags: {dr: required}}`, "", Settings{"regions": "us-east-1"}, "all the replicas", "another region"},
		"taken":            {`{name: app, tags: {dr: required}}`, "secrets: [{name: app}]", Settings{"regions": "eu-west-1"}, "has a secret called app already", "overwrite=true"},
		"no key there":     {`{name: app, key: k, tags: {dr: required}}`, "", Settings{"regions": "eu-west-1"}, "does not exist in eu-west-1", "keys=eu-west-1=KEY"},
		"no replica key":   {`{name: app, key: mrk, tags: {dr: required}}`, "", Settings{"regions": "eu-west-1"}, "has no replica in eu-west-1", "aws kms replicate-key"},
		"key disabled":     {`{name: app, tags: {dr: required}}`, "keys: [{name: \"off\", aliases: [alias/off], state: Disabled}]", Settings{"regions": "eu-west-1", "keys": "eu-west-1=alias/off"}, "is Disabled", "aws kms enable-key"},
		"key missing":      {`{name: app, tags: {dr: required}}`, "", Settings{"regions": "eu-west-1", "keys": "eu-west-1=alias/none"}, "does not exist in eu-west-1", "list-aliases"},
		"region off":       {`{name: app, tags: {dr: required}}`, "", Settings{"regions": "sa-east-1"}, "sa-east-1 is not enabled", "enable-region"},
		"a replica failed": {`{name: app, tags: {dr: required}, replicas: [{region: eu-west-1, status: Failed, message: no key}]}`, "", Settings{"regions": "eu-west-1"}, "its replica in eu-west-1 failed: no key", "remove-regions-from-replication"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, repair{
				action: Replication{}, resource: "app", rules: []model.RuleID{"SM-011"}, set: c.set,
				regions: "us-east-1:\n  keys: [{name: k}, {name: mrk, multi_region: true}]\n  secrets: [" + c.here + "]\neu-west-1:\n  " + c.there,
			})
			p := b.plan(t)
			require.Empty(t, p.Changes)
			require.NotEmpty(t, p.Skipped)
			require.Contains(t, p.Skipped[0].Why, c.why)
			require.Contains(t, p.Skipped[0].Next, c.next)
			require.Empty(t, b.writes())
		})
	}
}

// TestReplicaFails: a replica that fails where it is made is named with AWS's
// message.
func TestReplicaFails(t *testing.T) {
	all := repairs()
	b := newBench(t, all[slices.IndexFunc(all, func(r repair) bool { return r.action.Name() == "enable-replication" })])
	p := b.planned(t)
	e := b.engine()
	// The key of the replica is disabled between the preflight and the call.
	p.Changes[0].Settings["replicas"] = map[string]any{"eu-west-1": "alias/none"}
	e.Actions = []Action{unchecked{Replication{}}}
	out, err := e.Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.Equal(t, model.StepFailed, out.Run.Records[0].State)
	require.Contains(t, out.Run.Records[0].Detail, "the replica in eu-west-1 failed: Replication failed: The KMS key is disabled or not found.")
}

// unchecked is replication without a look beforehand.
type unchecked struct{ Replication }

func (unchecked) Preflight(context.Context, *Env, *model.Change) ([]Concern, error) { return nil, nil }
