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
	ix      *index
	values  *values
	related map[relation]*view
	answers map[*entry]map[string]*answer
	sayings map[*clause]map[string]said
	params  variants
	size    int    // of answers and sayings
	seen    view   // of the resource that is being judged
	watch   *watch // of the batch that is being judged

	key, clauseKey []byte // buffers
}

func newWorker(j *Judge, ix *index) *worker {
	w := &worker{judge: j, ix: ix, params: variants{}}
	w.forget()
	return w
}

func (w *worker) forget() {
	w.values, w.related, w.size = newValues(), map[relation]*view{}, 0
	w.answers, w.sayings = map[*entry]map[string]*answer{}, map[*clause]map[string]said{}
	for _, r := range w.judge.rules {
		for _, e := range r.entries() {
			w.answers[e] = map[string]*answer{}
			for _, c := range e.clauses {
				if len(c.reads) < len(e.reads) {
					w.sayings[c] = map[string]said{}
				}
				if c.guard != nil {
					w.sayings[c.guard] = map[string]said{}
				}
			}
		}
	}
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
	judged := &model.Judged{Resource: r.ID, Name: r.Name, Origin: r.Origin}
	rules := w.judge.byKind[r.ID.Kind]
	if len(rules) == 0 {
		return judged, nil
	}
	if w.size+len(w.values.list) > w.judge.limits.remembered {
		w.forget()
	}
	seen, err := w.look(r)
	if err != nil {
		return nil, err
	}
	judged.Results = w.judge.used.get(len(rules))
	for i, rule := range rules {
		result := &judged.Results[i]
		result.Rule, result.Resource = rule.ID, r.ID
		if err := w.judgeScoped(ctx, rule, r, seen, result); err != nil {
			return nil, err
		}
	}
	return judged, nil
}

// answer is the answer of an entry point, remembered if it was asked before.
func (w *worker) answer(ctx context.Context, r *rule, e *entry, seen *view) (*answer, error) {
	w.key = seen.key(w.key[:0], e.places)
	known := w.answers[e]
	if a, ok := known[string(w.key)]; ok {
		return a, nil
	}
	a, err := w.evaluate(ctx, r, e, seen)
	if err != nil {
		return nil, err
	}
	known[string(w.key)] = a
	w.size++
	return a, nil
}
