package evaluator

import (
	"sync"

	"github.com/keyproof/keyproof/model"
)

// results are lists of results that were written to the spool already and can
// be filled again: one for each resource would be most of what judging
// allocates. It is safe for concurrent use.
type results struct{ pool sync.Pool }

// get returns n empty results.
func (r *results) get(n int) []model.Result {
	list, ok := r.pool.Get().(*[]model.Result)
	if !ok || cap(*list) < n {
		return make([]model.Result, n)
	}
	clear((*list)[:n])
	return (*list)[:n]
}

// put takes back a list that nobody uses any more.
func (r *results) put(list []model.Result) {
	if cap(list) > 0 {
		r.pool.Put(&list)
	}
}
