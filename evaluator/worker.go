package evaluator

import (
	"context"
	"fmt"

	"github.com/keyproof/keyproof/model"
)

// worker judges resources one after another. It remembers answers by what an
// entry point can see: two resources that agree on everything that it can read
// get the same answer.
type worker struct {
	judge   *Judge
	panel   *panel
	ix      *index
	values  *values
	views   map[model.Kind]*view
	related map[relation][]fact
	// What was answered, by number of the entry point or clause and by what it
	// could see; joined by the answers of its clauses.
	answers, joined []map[string]*answer
	sayings         []*memo
	reasons         map[string]*model.Detail // of unknown results
	serial          uint32                   // of the last clause's answer
	// asked is what shared clauses have said of the resource at hand, by number.
	asked    []asked
	resource int // counts the resources
	size     int // how many answers are remembered
	params   variants
	watch    *watch // of the batch that is being judged

	absent *fact
	bools  map[bool]*fact
	locals []datum // for the frames of screens
	key    []byte  // a buffer
}

func newWorker(j *Judge, ix *index, p *panel) *worker {
	w := &worker{judge: j, panel: p, ix: ix, params: variants{}, asked: make([]asked, j.clauses), locals: make([]datum, 0, (maxDepth+1)*(j.locals+2))}
	w.forget()
	return w
}

func (w *worker) forget() {
	w.values, w.views, w.related, w.size = newValues(), map[model.Kind]*view{}, map[relation][]fact{}, 0
	w.reasons = map[string]*model.Detail{}
	w.absent, w.bools = absentFact(), map[bool]*fact{false: boolFact(false), true: boolFact(true)}
	w.answers, w.joined, w.sayings = memory(w.judge.entries), memory(w.judge.entries), make([]*memo, w.judge.clauses)
	for i := range w.sayings {
		w.sayings[i] = newMemo()
	}
}

// asked is what a clause has said of one resource, which tells it from others.
type asked struct {
	resource int
	answer   *answer
}

func memory(n int) []map[string]*answer {
	list := make([]map[string]*answer, n)
	for i := range list {
		list[i] = map[string]*answer{}
	}
	return list
}

// all returns the results of the rules on each resource.
func (w *worker) all(ctx context.Context, resources []*model.Resource) ([]*model.Judged, error) {
	w.watch = newWatch(ctx, w.judge.limits.evaluation)
	defer func() { w.watch.close() }()
	list := make([]*model.Judged, 0, len(resources))
	for _, r := range resources {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		judged, err := w.one(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("judge %s: %w", r.ID, err)
		}
		list = append(list, judged)
	}
	return list, nil
}

func (w *worker) one(ctx context.Context, r *model.Resource) (*model.Judged, error) {
	judged := w.judge.used.get()
	judged.Reset(r.ID, r.Name, w.panel.ids[r.ID.Kind])
	judged.Origin = r.Origin
	rules := w.panel.byKind[r.ID.Kind]
	if len(rules) == 0 {
		return judged, nil
	}
	if w.size+len(w.values.list) > w.judge.limits.remembered {
		w.forget()
	}
	w.resource++
	seen := w.look(r)
	for i, rule := range rules {
		result, err := w.judgeScoped(ctx, rule, r, seen)
		if err != nil {
			return nil, err
		}
		judged.Statuses[i], judged.Details[i] = result.status, result.detail
	}
	return judged, nil
}
