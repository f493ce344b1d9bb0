package trino

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Engine runs one query after another.
type Engine interface {
	Start(ctx context.Context, sql string) (id string, err error)
	State(ctx context.Context, id string) (State, error)
	Stop(ctx context.Context, id string) error
	// Page returns a page of the rows; token is empty for the first, next for none more.
	Page(ctx context.Context, id, token string) (rows []Row, next string, err error)
}

// State is how far a query is.
type State struct {
	Done    bool
	Failure string // why it ended without an answer, in the engine's words; empty when it did not
	Scanned int64  // bytes so far, which are what the engine bills
}

// Limits of a query.
type Limits struct {
	// MaxScan stops the query when it has scanned more bytes; 0: never.
	MaxScan int64
	// Poll is how long to wait before the first look; it grows. Zero: 300 ms.
	Poll time.Duration
	// Say tells the user what happens; nil: nobody.
	Say func(line string)
}

// Stats are what a query took.
type Stats struct {
	Query   string `json:"query_id"`
	Scanned int64  `json:"scanned_bytes"`
}

// Run has the engine answer and hands over the rows. A query that is not needed
// any more is stopped, also when ctx ends.
func Run(ctx context.Context, e Engine, sql string, l Limits, each func(Row) error) (Stats, error) {
	id, err := e.Start(ctx, sql)
	if err != nil {
		return Stats{}, err
	}
	l.say("query %s runs", id)
	stats, err := watch(ctx, e, id, &l)
	if err != nil {
		return stats, err
	}
	l.say("query %s is done: it scanned %s", id, Size(stats.Scanned))
	for token := ""; ; {
		rows, next, err := e.Page(ctx, id, token)
		if err != nil {
			return stats, err
		}
		for _, row := range rows {
			if err := each(row); err != nil {
				return stats, err
			}
		}
		if next == "" {
			return stats, nil
		}
		if token = next; ctx.Err() != nil {
			return stats, context.Cause(ctx)
		}
	}
}

// maxPoll: nobody waits longer for an answer that is there, and a limit is not
// passed for longer.
const maxPoll = 3 * time.Second

// watch waits for the end of a query, or brings it about.
func watch(ctx context.Context, e Engine, id string, l *Limits) (Stats, error) {
	stats := Stats{Query: id}
	pause := l.Poll
	if pause == 0 {
		pause = 300 * time.Millisecond
	}
	for {
		state, err := e.State(ctx, id)
		switch {
		case err != nil:
			return stats, l.stop(ctx, e, id, err)
		case state.Failure != "":
			stats.Scanned = state.Scanned
			return stats, fmt.Errorf("query %s failed after it scanned %s: %s", id, Size(state.Scanned), state.Failure)
		case state.Done:
			stats.Scanned = state.Scanned
			return stats, nil
		case l.MaxScan > 0 && state.Scanned > l.MaxScan:
			stats.Scanned = state.Scanned
			return stats, l.stop(ctx, e, id, fmt.Errorf("it has scanned %s, and --max-scan is %s: narrow --since, --until, --account and --region, or allow more", Size(state.Scanned), Size(l.MaxScan)))
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return stats, l.stop(ctx, e, id, context.Cause(ctx))
		}
		pause = min(pause*3/2, maxPoll)
	}
}

// stop ends a query whatever became of ctx: it would run on, and be billed.
func (l *Limits) stop(ctx context.Context, e Engine, id string, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := e.Stop(ctx, id); err != nil {
		l.say("query %s could not be stopped and may run on: %v", id, err)
		return errors.Join(why, fmt.Errorf("stop query %s: %w", id, err))
	}
	l.say("query %s was stopped", id)
	return fmt.Errorf("query %s was stopped: %w", id, why)
}

func (l *Limits) say(format string, args ...any) {
	if l.Say != nil {
		l.Say(fmt.Sprintf(format, args...))
	}
}

// Size is a number of bytes for people.
func Size(n int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	v, u := float64(n), 0
	for v >= 1024 && u < len(units)-1 {
		v, u = v/1024, u+1
	}
	if u == 0 {
		return fmt.Sprintf("%d %s", n, units[0])
	}
	return fmt.Sprintf("%.1f %s", v, units[u])
}
