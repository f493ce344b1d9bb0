package remediator

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/keyproof/keyproof/model"
)

// Judge collects the resources of changes again, judges them by the rules that
// the changes are to settle, and says how each fares now.
type Judge func(ctx context.Context, changes []*model.Change) (map[model.ChangeID]map[model.RuleID]Judgement, error)

// Judgement is how a resource fares under a rule now.
type Judgement struct {
	Status model.Status
	Why    string // findings or what is unknown; empty for a pass
}

// Engine applies, verifies, resumes and undoes changes.
type Engine struct {
	Actions []Action
	Access  Access
	Journal Journal
	Judge   Judge  // nil: nothing is verified, and changes stay done
	By      string // who changes: for the journal and for who finds a lease taken
	// As is the ARN that AWS knows the engine by in an account, for the journal; nil
	// when nobody can say.
	As func(account string) string

	// MaxFailures is after how many failed changes a run stops; 0 means 1.
	MaxFailures int
	// PerMinute is how many changes of a service are begun in an account a minute; 0
	// means 60. The calls themselves have limits of their own.
	PerMinute int
	// LeaseTTL is how long an account stays taken after the program was killed; 0
	// means 30 seconds.
	LeaseTTL time.Duration

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error // nil: by the clock
	Say   func(text string)                                // nil: silence
	// Fault is called at each point at which the program might be killed; nil but
	// in tests.
	Fault func(point string)

	pace map[string]*rate.Limiter
}

// Outcome is what became of a run.
type Outcome struct {
	Run *Run
	// Stopped is why changes of the plan were not begun or not ended; empty when
	// all were.
	Stopped     string
	Interrupted bool // by the user
	Failures    int
	Refused     int // not begun: drift, or a preflight
}

func (e *Engine) say(format string, args ...any) {
	if e.Say != nil {
		e.Say(fmt.Sprintf(format, args...))
	}
}

// oneLine keeps a name from forging a line of what is said.
func oneLine(text string) string { return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(text) }

func (e *Engine) fault(point string) {
	if e.Fault != nil {
		e.Fault(point)
	}
}

func (e *Engine) env(run string) *Env {
	return &Env{Access: e.Access, Now: e.Now, Sleep: e.sleep, Say: func(text string) { e.say("  %s", text) }, Run: run}
}

func (e *Engine) sleep(ctx context.Context, d time.Duration) error {
	if e.Sleep != nil {
		return e.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// append writes an entry. It goes on when the user has interrupted: what was done
// must be on record.
func (e *Engine) append(ctx context.Context, entry model.JournalEntry, data any) error {
	entry.At = e.Now().UTC()
	if data != nil {
		raw, err := json.Marshal(data)
		if err != nil {
			return &JournalError{err}
		}
		entry.Data = raw
	}
	point := fmt.Sprintf("%s %s", cmp.Or(entry.Step, "change"), entry.State)
	e.fault("before " + point)
	if err := e.Journal.Append(context.WithoutCancel(ctx), entry); err != nil {
		return &JournalError{err}
	}
	e.fault("after " + point)
	return nil
}

// by says who makes or takes back a change.
func (e *Engine) by(c *model.Change) string {
	if e.As != nil {
		if as := e.As(c.Resource.Account); as != "" {
			return e.By + " as " + as
		}
	}
	return e.By
}

// mark records how far a change has come.
func (e *Engine) mark(ctx context.Context, r *Record, state model.StepState, detail string, data any) error {
	entry := model.JournalEntry{Run: r.Run, Change: r.Change.ID, State: state, Detail: detail}
	if err := e.append(ctx, entry, data); err != nil {
		return err
	}
	r.State, r.Detail, r.At = state, detail, e.Now().UTC()
	return nil
}

// begin waits until another change of the service may begin in the account.
func (e *Engine) begin(ctx context.Context, c *model.Change) error {
	if e.pace == nil {
		e.pace = map[string]*rate.Limiter{}
	}
	key := c.Resource.Account + " " + string(c.Resource.Kind)
	if e.pace[key] == nil {
		perMinute := cmp.Or(e.PerMinute, 60)
		e.pace[key] = rate.NewLimiter(rate.Limit(float64(perMinute)/60), max(1, perMinute/10))
	}
	return e.pace[key].Wait(ctx)
}

// accounts are those that changes touch, sorted, so that two runs take their
// leases in the same order.
func accounts(records []*Record) []string {
	var list []string
	for _, r := range records {
		list = append(list, r.Change.Resource.Account)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
