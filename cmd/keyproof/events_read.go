package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
)

func newEventsRead(sys system) *cobra.Command {
	var o archiveOptions
	var engine engineOptions
	cmd := &cobra.Command{
		Use:   "read DIR|s3://BUCKET/PREFIX|lookup|athena:DATABASE.TABLE|lake:ARN",
		Short: "Count who did what to secrets, by CloudTrail's record",
		Long: `Read an archive of CloudTrail, or the event history (lookup), and count the events
that touch secrets, parameters, keys and trails, by name, principal and outcome.
Every record is counted as relevant, irrelevant or refused; what could not be read
is named.

The use of keys (Decrypt, GenerateDataKey and the like) counts as irrelevant.
Files of other accounts, regions and times are not opened, nor fetched from S3.
With --until, files are read that were delivered up to a day later.

lookup asks for the management events of the last 90 days in each region at once,
two pages of 50 a second as AWS allows: a busy account takes minutes or hours. With
--state it keeps its progress in a directory, and goes on there when it was
interrupted. Reads of secrets and parameters are management events.

Athena and CloudTrail Lake scan the record in the cloud: keyproof writes the SQL
(--explain prints it), and only the relevant events come back, or with --counts
only their numbers. The engine bills the bytes that it scans: --max-scan caps them.
A query changes nothing, but Athena writes its answer to S3. A table over the bucket
of a trail is made with the statement that keyproof events ddl prints; CloudTrail
Lake is closed to new customers since 31 May 2026. The permissions are apart from
those of a scan: keyproof permissions --events athena.

Exit codes: 0 all was read, 4 something could not be read or is missing in the time,
accounts and regions that were asked for, or there was nothing, 1 the record cannot
be read, 2 the command line is wrong.`,
		Example: `  keyproof events read ./trail
  keyproof events read s3://acme-audit --account 111122223333 --region eu-west-1 --since 2026-03-01 --output json
  keyproof events read lookup --profile audit --region all --state lookup.state
  keyproof events read athena:audit.cloudtrail --workgroup audit --since 2026-03-01 --region eu-west-1 --explain
  keyproof events read athena:audit.cloudtrail --workgroup audit --since 2026-03-01 --max-scan 50GiB
  keyproof events read lake:arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef --since 2026-03-01 --counts`,
		Args: exactly(1, "name the archive, a folder or s3://bucket/prefix, or say lookup: keyproof events read ./trail"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if isEngine(args[0]) {
				engine.connection = o.connection
				return sys.readEngine(cmd.Context(), &o, &engine, args[0])
			}
			if err := engine.unused(); err != nil {
				return err
			}
			return sys.readEvents(cmd.Context(), &o, args[0])
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.state, "state", "", "`directory` to keep the progress of a lookup in, to go on after an interruption")
	engine.register(cmd)
	return cmd
}

// eventsReport is what read prints.
type eventsReport struct {
	Source string `json:"source"`
	*events.Summary
	Events     []tally `json:"events"`
	Principals []tally `json:"principals"`
	Targets    []tally `json:"targets,omitempty"` // of engines
}

// tally counts events of one name or principal by their outcome.
type tally struct {
	Name    string `json:"name"`
	Total   int    `json:"total"`
	Done    int    `json:"done"`
	Denied  int    `json:"denied"`
	Failed  int    `json:"failed"`
	Unknown int    `json:"unknown"` // the record does not say
}

// maxTallies bounds how many principals are told apart; the rest share a row.
const maxTallies = 100_000

func (sys system) readEvents(ctx context.Context, o *archiveOptions, name string) error {
	since, until, err := o.times()
	if err != nil {
		return err
	}
	source, err := sys.source(ctx, o, name)
	if err != nil {
		return err
	}
	names, principals := map[string]*tally{}, map[string]*tally{}
	q := events.Query{Accounts: o.accounts, Regions: o.regions, Since: since, Until: until, Now: sys.now()}
	summary, err := source.Read(ctx, q, func(e *model.Event) error {
		count(names, e.Source+" "+e.Name, e)
		count(principals, e.Principal.Who(), e)
		return nil
	})
	switch {
	case ctx.Err() != nil && o.state != "":
		return interrupted{fmt.Errorf("interrupted: run the same command again, and it goes on from what %s holds", o.state)}
	case err != nil:
		return fmt.Errorf("read %s: %w", source.Name(), err)
	}
	return sys.printEvents(&eventsReport{Source: source.Name(), Summary: summary, Events: ranked(names), Principals: ranked(principals)}, o)
}

// printEvents prints what was read, and says by the exit code whether it is all.
func (sys system) printEvents(r *eventsReport, o *archiveOptions) (err error) {
	if o.output == "json" {
		err = sys.writeJSON(r)
	} else {
		err = sys.eventsText(r, o.limit)
	}
	if err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	// An account without events is whole; an archive without anything is none, and an
	// engine that found nothing may have looked in the wrong place.
	nothing := r.Records.In == 0 && (len(r.Scopes) == 0 || r.Engine != nil)
	if r.Total() > 0 || !r.Whole() || nothing {
		return exitCode(model.VerdictUnknown.ExitCode())
	}
	return nil
}

func count(m map[string]*tally, name string, e *model.Event) {
	outcome, _ := e.Outcome.Get()
	countN(m, name, outcome, 1)
}

func countN(m map[string]*tally, name string, outcome model.Outcome, n int) {
	t := m[name]
	if t == nil && len(m) >= maxTallies {
		name = "others"
		t = m[name]
	}
	if t == nil {
		t = &tally{Name: name}
		m[name] = t
	}
	t.Total += n
	switch outcome {
	case model.OutcomeDone:
		t.Done += n
	case model.OutcomeDenied:
		t.Denied += n
	case model.OutcomeFailed:
		t.Failed += n
	default:
		t.Unknown += n
	}
}

// ranked puts the most frequent first.
func ranked(m map[string]*tally) []tally {
	list := make([]tally, 0, len(m))
	for _, t := range m {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b tally) int { return cmp.Or(b.Total-a.Total, cmp.Compare(a.Name, b.Name)) })
	return list
}
