package main

import (
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

func newEvents(sys system) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events",
		Short: "Read CloudTrail's record and verify that it is whole",
		Long: `Work on what CloudTrail recorded: an archive as it is delivered, in its bucket
(s3://bucket/prefix) or in a local folder (the bucket, or any part of it, copied
with its folders: aws s3 sync), or the event history that every account has
(lookup: management events of the last 90 days, no trail needed), or a query engine
over either (athena:DATABASE.TABLE, lake:ARN) where the logs outgrow one machine.

Reading the history and the bucket takes a few permissions, none of which writes:
"keyproof permissions --events lookup" (or s3://bucket) prints them.`,
		Example: `  keyproof events read lookup --region all --state lookup.state
  keyproof events read s3://acme-audit --since 2026-03-01 --region eu-west-1
  keyproof events verify ./trail --public-keys keys.json
  keyproof events ddl --bucket s3://acme-audit --region eu-west-1 --since 2026-01-01
  keyproof events read athena:default.cloudtrail --workgroup audit --account 111122223333 --since 2026-03-01 --explain`,
	}
	cmd.AddCommand(newEventsRead(sys), newEventsVerify(sys), newEventsDDL(sys))
	return cmd
}

// archiveOptions are the flags that say which part of an archive counts.
type archiveOptions struct {
	accounts, regions []string
	since, until      string
	output            string
	limit             int
	state             string // of a lookup
	allRegions        bool   // --region all, which leaves regions empty
	connection        connection
}

func (o *archiveOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(listFlag{&o.accounts}, "account", "`account` to look at (repeatable or with commas; default all that there are)")
	f.Var(listFlag{&o.regions}, "region", "`region` to look at, or all (repeatable or with commas; default all of an archive, and the profile's for lookup)")
	f.StringVar(&o.since, "since", "", "first `time`: 2026-03-14 or 2026-03-14T09:00:00Z")
	f.StringVar(&o.until, "until", "", "`time` before which it ends, in the same forms")
	f.StringVarP(&o.output, "output", "o", "text", "`format`: text or json")
	f.IntVar(&o.limit, "limit", 20, "lines of a list in text; 0 shows all")
	o.connection.register(cmd)
}

// times reads --since and --until; zero when they are not given.
func (o *archiveOptions) times() (since, until time.Time, err error) {
	if since, err = parseTime("--since", o.since); err != nil {
		return since, until, err
	}
	if until, err = parseTime("--until", o.until); err != nil {
		return since, until, err
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		return since, until, usagef("--since %s is not before --until %s", o.since, o.until)
	}
	if slices.Contains(o.regions, "all") {
		o.regions, o.allRegions = nil, true
	}
	return since, until, textOrJSON(o.output)
}

func parseTime(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usagef("%s %q is not a time: write 2026-03-14 or 2026-03-14T09:00:00Z", flag, text)
}

// folder opens a folder as an archive.
func folder(name string) (fs.FS, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, usagef("%s is a file: name the folder that it lies in", name)
	}
	return os.DirFS(name), nil
}
