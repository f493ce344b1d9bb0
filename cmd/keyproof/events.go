package main

import (
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"
)

func newEvents(sys system) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events",
		Short: "Read archives of CloudTrail and verify that they are whole",
		Long: `Work on an archive of CloudTrail in a local folder: the bucket of a trail, or any
part of it, copied with its folders (aws s3 sync).`,
		Example: `  keyproof events verify ./trail --public-keys keys.json
  keyproof events read ./trail --since 2026-03-01 --region eu-west-1`,
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
}

func (o *archiveOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.accounts, "account", nil, "`account` to look at (repeatable; default all)")
	f.StringArrayVar(&o.regions, "region", nil, "`region` to look at (repeatable; default all)")
	f.StringVar(&o.since, "since", "", "first `time`: 2026-03-14 or 2026-03-14T09:00:00Z")
	f.StringVar(&o.until, "until", "", "`time` before which it ends, in the same forms")
	f.StringVarP(&o.output, "output", "o", "text", "`format`: text or json")
	f.IntVar(&o.limit, "limit", 20, "lines of a list in text; 0 shows all")
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
	if o.output != "text" && o.output != "json" {
		return since, until, usagef("--output %q: write text or json", o.output)
	}
	return since, until, nil
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
