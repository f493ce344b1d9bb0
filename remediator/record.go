package remediator

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// Run is one plan that was begun, as the journal tells it.
type Run struct {
	ID      string
	Started time.Time // UTC
	By      string    // who began it
	Ended   bool      // nothing is left to do that was planned
	// Pruned says that retention removed what was changed and the state before. Its
	// records have the ids of changes and how far they came, and nothing can be done
	// about them.
	Pruned  bool
	Records []*Record // in the order of the plan
}

// Record is how far a change of a run has come.
type Record struct {
	Run    string
	Change *model.Change
	State  model.StepState
	Detail string
	At     time.Time // of the last entry
	// Before is the state that was read just before the first write; nil when no
	// write was announced.
	Before State
	// By is who began to make the change, or to take it back, whichever is later;
	// empty when nobody did, and of versions that did not record it.
	By string
	// Steps are how far each step has come, those of undoing with the prefix undo.
	Steps map[string]model.StepState
}

// undoing is before the names of the steps that take a change back.
const undoing = "undo "

// runData is what the first entry of a run carries.
type runData struct {
	By      string          `json:"by"`
	Plan    string          `json:"plan"` // its hash
	Changes []*model.Change `json:"changes"`
}

// changeData is what the entry carries that announces a change, or that it is
// taken back. Who does may be another than began the run.
type changeData struct {
	Before State  `json:"before"`
	By     string `json:"by,omitempty"`
}

// Touched says whether a write of the change may have reached AWS.
func (r *Record) Touched() bool { return r.Before != nil && r.State != model.StepUndone }

// Open says whether resuming would do something about the change.
func (r *Record) Open() bool {
	switch r.State {
	case model.StepPlanned, model.StepStarted, model.StepFailed, model.StepDone, model.StepUndoing:
		return true
	default:
		return false
	}
}

// Load reads a run from the journal.
func Load(ctx context.Context, j Journal, id string) (*Run, error) {
	runs, err := fold(ctx, j, id)
	if err != nil {
		return nil, err
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("the journal has no run %q: `keyproof remediate status` lists those that it has", id)
	}
	return runs[0], nil
}

func pruned(id string) error {
	return fmt.Errorf("the details of run %s were pruned from the journal: it can be neither resumed nor undone", id)
}

// Runs reads all runs from the journal, the oldest first.
func Runs(ctx context.Context, j Journal) ([]*Run, error) { return fold(ctx, j, "") }

func fold(ctx context.Context, j Journal, id string) ([]*Run, error) {
	var runs []*Run
	byID := map[string]*Run{}
	for e, err := range j.Entries(ctx, id) {
		if err != nil {
			return nil, fmt.Errorf("read the journal of changes: %w", err)
		}
		run := byID[e.Run]
		if run == nil {
			run = &Run{ID: e.Run, Started: e.At}
			byID[e.Run], runs = run, append(runs, run)
		}
		if err := run.add(e); err != nil {
			return nil, fmt.Errorf("read the journal of run %s: %w", e.Run, err)
		}
	}
	for _, run := range runs {
		run.Ended = true
		for _, r := range run.Records {
			run.Ended = run.Pruned || run.Ended && !r.Open()
		}
	}
	return runs, nil
}

func (run *Run) add(e model.JournalEntry) error {
	if e.Change == "" {
		if e.State != model.StepPlanned {
			return nil
		}
		if len(e.Data) == 0 {
			run.Pruned = true
			return nil
		}
		var d runData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return err
		}
		run.By = d.By
		for _, c := range d.Changes {
			run.Records = append(run.Records, &Record{
				Run: run.ID, Change: c, State: model.StepPlanned, At: e.At, Steps: map[string]model.StepState{},
			})
		}
		return nil
	}
	r := run.record(e.Change)
	if run.Pruned {
		if r == nil {
			r = &Record{Run: run.ID, Change: &model.Change{ID: e.Change}, Steps: map[string]model.StepState{}}
			run.Records = append(run.Records, r)
		}
		if r.At = e.At; e.Step == "" {
			r.State = e.State
		}
		return nil
	}
	if r == nil {
		return fmt.Errorf("change %s is not of its plan", e.Change)
	}
	return r.add(e)
}

func (run *Run) record(id model.ChangeID) *Record {
	for _, r := range run.Records {
		if r.Change.ID == id {
			return r
		}
	}
	return nil
}

func (r *Record) add(e model.JournalEntry) error {
	r.At = e.At
	if e.Step != "" {
		r.Steps[e.Step] = e.State
		if e.State == model.StepFailed {
			r.Detail = e.Detail
		}
		return nil
	}
	r.State, r.Detail = e.State, e.Detail
	var d changeData
	if e.State == model.StepStarted || e.State == model.StepUndoing && len(e.Data) > 0 {
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return err
		}
		r.By = d.By
	}
	switch {
	case e.State == model.StepStarted && r.Before == nil:
		r.Before = d.Before
	case e.State == model.StepUndoing:
		// An earlier attempt to undo, that was followed by another, says nothing.
		for name := range r.Steps {
			if strings.HasPrefix(name, undoing) && r.Steps[name] == model.StepDone {
				delete(r.Steps, name)
			}
		}
	}
	return nil
}
