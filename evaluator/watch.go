package evaluator

import (
	"context"
	"time"

	"github.com/open-policy-agent/opa/v1/topdown"
)

// watch cuts evaluations that take too long, or that nobody waits for any more.
// One serves many evaluations, one after another, since making it costs as much
// as a small rule.
type watch struct {
	renew  func() *watch
	cancel topdown.Cancel
	limit  time.Duration
	timer  *time.Timer
	ignore func() bool // ends listening to the context
}

func newWatch(ctx context.Context, limit time.Duration) *watch {
	cancel := topdown.NewCancel()
	w := &watch{cancel: cancel, limit: limit, timer: time.AfterFunc(limit, cancel.Cancel), ignore: context.AfterFunc(ctx, cancel.Cancel)}
	w.timer.Stop()
	w.renew = func() *watch { return newWatch(ctx, limit) }
	return w
}

func (w *watch) start() { w.timer.Reset(w.limit) }

// stop returns the watch for the next evaluation: a new one if this one is, or
// is about to be, set off.
func (w *watch) stop() *watch {
	if w.timer.Stop() && !w.cancel.Cancelled() {
		return w
	}
	w.ignore()
	return w.renew()
}

// close frees the watch.
func (w *watch) close() {
	w.timer.Stop()
	w.ignore()
}
