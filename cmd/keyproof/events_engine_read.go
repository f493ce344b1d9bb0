package main

import (
	"context"
	"fmt"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/model"
)

// readEngine is events read for athena: and lake: addresses.
func (sys system) readEngine(ctx context.Context, o *archiveOptions, e *engineOptions, address string) error {
	if err := checkEngine(address); err != nil {
		return err
	}
	since, until, err := o.times()
	if err != nil {
		return err
	}
	q, err := sys.engineQuery(o, since, until)
	if err != nil {
		return err
	}
	source, err := sys.openEngine(ctx, address, e)
	if err != nil {
		return err
	}
	if e.explain {
		return sys.explain(source, q, e.counts)
	}
	r, err := countEngine(ctx, source, q, e.counts)
	if err != nil {
		return err
	}
	return sys.printEvents(r, o)
}

// explain prints the statement, as the engine would get it.
func (sys system) explain(source engine, q events.Query, counts bool) error {
	sql := source.SQL(q)
	if counts {
		sql = source.CountsSQL(q)
	}
	_, err := fmt.Fprintln(sys.stdout, sql)
	return err
}

// countEngine counts events, or has the engine do it.
func countEngine(ctx context.Context, source engine, q events.Query, counts bool) (*eventsReport, error) {
	names, principals, targets := map[string]*tally{}, map[string]*tally{}, map[string]*tally{}
	var summary *events.Summary
	var err error
	if counts {
		summary, err = source.Count(ctx, q, func(c trino.Count) error {
			outcome := model.Outcome(c.Outcome)
			countN(names, c.Source+" "+c.Name, outcome, c.Events)
			countN(principals, c.Principal, outcome, c.Events)
			countN(targets, c.Target, outcome, c.Events)
			return nil
		})
	} else {
		summary, err = source.Read(ctx, q, func(e *model.Event) error {
			count(names, e.Source+" "+e.Name, e)
			count(principals, e.Principal.Who(), e)
			about := "nothing named"
			if list, _ := e.Targets.Get(); len(list) > 0 {
				about = list[0]
			}
			count(targets, about, e)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	return &eventsReport{Source: source.Name(), Summary: summary, Events: ranked(names), Principals: ranked(principals), Targets: ranked(targets)}, nil
}
