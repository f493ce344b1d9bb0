package remediator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// defaultTTL is short, because a program that was killed releases nothing, and
// long enough for a machine that is busy.
const defaultTTL = 30 * time.Second

// leases are the rights to change the accounts of a run.
type leases struct {
	held []Lease
	ttl  time.Duration
	stop func()

	mu sync.Mutex // also lets one renew at a time
	// renewed is when all were last known to be held, by the wall clock: the other
	// one stands still on many machines while they sleep.
	renewed time.Time
	lost    error
}

// acquire takes the leases of accounts and keeps them until release. With wait it
// is patient for as long as a lease lasts that nobody renews: a run that was
// killed has left its own.
func (e *Engine) acquire(ctx context.Context, names []string, wait bool) (*leases, error) {
	ttl := cmp.Or(e.LeaseTTL, defaultTTL)
	l := &leases{ttl: ttl, stop: func() {}, renewed: wallClock()}
	for _, account := range names {
		lease, err := e.Journal.Acquire(ctx, "remediate/"+account, e.By, ttl)
		for tries := 0; err != nil && wait && tries < 6; tries++ {
			if tries == 0 {
				e.say("waiting for account %s: %v", account, err)
			}
			if err := e.sleep(ctx, ttl/5); err != nil {
				l.release(ctx)
				return nil, errInterrupted
			}
			lease, err = e.Journal.Acquire(ctx, "remediate/"+account, e.By, ttl)
		}
		if err != nil {
			l.release(ctx)
			return nil, fmt.Errorf("account %s is being changed by another run, nothing was changed by this one: %w", account, err)
		}
		l.held = append(l.held, lease)
	}
	ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	go l.keep(ctx, ttl/3)
	return l, nil
}

// keep renews by the real clock: the ledger expires leases by it too.
func (l *leases) keep(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		l.mu.Lock()
		l.renew(ctx)
		l.mu.Unlock()
	}
}

// renew is called with mu held.
func (l *leases) renew(ctx context.Context) {
	now := wallClock()
	for _, lease := range l.held {
		if err := lease.Renew(ctx); err != nil && ctx.Err() == nil {
			l.lost = errors.Join(l.lost, err)
		}
	}
	l.renewed = now
}

func wallClock() time.Time { return time.Now().Round(0) }

// err is why the leases cannot be relied on any more; nil while they can. A process
// that was stopped or a machine that slept finds out here, before it writes, and not
// at the next tick.
func (l *leases) err(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if since := wallClock().Sub(l.renewed); since > l.ttl/2 || since < 0 {
		l.renew(context.WithoutCancel(ctx))
	}
	if l.lost != nil {
		return fmt.Errorf("the lease on the account was lost, another run may be changing it: %w", l.lost)
	}
	return nil
}

// release gives them back. One that cannot be given back runs out by itself.
func (l *leases) release(ctx context.Context) {
	l.stop()
	for _, lease := range l.held {
		_ = lease.Release(context.WithoutCancel(ctx))
	}
}
