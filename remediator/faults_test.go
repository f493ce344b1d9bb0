package remediator

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

// TestRefusedWrites makes every repair while its first call that writes goes wrong.
// What went wrong is named and on record; when it is over the run is resumed, and
// nothing is made twice.
func TestRefusedWrites(t *testing.T) {
	for _, r := range repairs() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			p := newBench(t, r).planned(t)
			for name, test := range map[string]struct {
				fault fake.FaultKind
				says  string
			}{
				"denied":              {fake.Deny, "allow "},
				"throttled":           {fake.Throttle, "hrottl"},
				"connection cut":      {fake.BreakConnection, ""},
				"answer lost":         {fake.LoseAnswer, ""},
				"AWS's own failure":   {fake.BreakServer, "InternalFailure"},
				"refused in the call": {fake.Refuse, "SomeException"},
			} {
				b := newBench(t, r)
				b.trusting = true
				service, operation := firstWrite(r)
				b.SetFaults(fake.Fault{Service: service, Operation: operation, Kind: test.fault, Code: "SomeException", Message: "not today", Count: 1})
				out, err := b.engine().Apply(t.Context(), run, p)
				require.NoError(t, err, name)
				record := out.Run.Records[0]
				require.Equal(t, model.StepFailed, record.State, name)
				require.Contains(t, record.Detail, test.says, name)
				require.NotContains(t, b.everything(t), "SENTINEL", name)

				b.SetFaults()
				b.journal.leases = nil
				_, err = b.engine().Resume(t.Context(), run)
				require.NoError(t, err, name)
				calls := b.writes()
				if test.fault != fake.LoseAnswer { // the call that was refused counts as one
					calls[service+":"+operation]--
				}
				b.requireEnd(t, model.StepVerified, b.writes(), name)
				require.Equal(t, r.apply, calls, name)
			}
		})
	}
}

// firstWrite is the service and operation of a call that the repair makes.
func firstWrite(r repair) (service, operation string) {
	name := ""
	for call := range r.apply {
		if name == "" || call < name { // CancelKeyDeletion comes before EnableKey
			name = call
		}
	}
	service, operation, _ = strings.Cut(name, ":")
	return service, operation
}

// TestLateWrites makes every repair, and takes it back, on an account that shows
// writes late.
func TestLateWrites(t *testing.T) {
	for _, r := range repairs() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, r)
			p := b.planned(t)
			var late []fake.Fault
			for call := range sum(r.apply, r.undo) {
				service, operation, _ := strings.Cut(call, ":")
				late = append(late, fake.Fault{Service: service, Operation: operation, Kind: fake.Lag, Delay: 5 * time.Millisecond})
			}
			b.SetFaults(late...)
			out, err := b.engine().Apply(t.Context(), run, p)
			require.NoError(t, err)
			require.Equal(t, model.StepVerified, out.Run.Records[0].State, b.everything(t))
			if p.Changes[0].Undo == model.UndoNone {
				return
			}
			out, err = b.engine().Undo(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, model.StepUndone, out.Run.Records[0].State, b.everything(t))
			require.Equal(t, sum(r.apply, r.undo), b.writes())
		})
	}
}
