package evaluator

import (
	"sync"

	"github.com/keyproof/keyproof/model"
)

// results are lists of results that were written to the spool already and can
// be filled again: one for each resource would be most of what judging
// allocates. It is safe for concurrent use.
type results struct{ pool sync.Pool }

// get returns one to be reset.
func (r *results) get() *model.Judged {
	if j, ok := r.pool.Get().(*model.Judged); ok {
		return j
	}
	return new(model.Judged)
}

// put takes back one that nobody uses any more.
func (r *results) put(j *model.Judged) { r.pool.Put(j) }
