package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/lookup"
	"github.com/keyproof/keyproof/collectors/events/trino"
)

// eventsText prints the counts for people.
func (sys system) eventsText(r *eventsReport, limit int) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintln(&b, clean(fmt.Sprintf(format, args...))) }
	c, f := r.Records, r.Files
	line("%d records: %d relevant, %d irrelevant, %d refused", c.In, c.Relevant, c.Irrelevant, c.Refused)
	switch {
	case r.Engine != nil:
		line("%s scanned by query %s", trino.Size(r.Engine.Scanned), r.Engine.Query)
	case r.Source != lookup.Name:
		line("%d files read (%.1f MiB, %.1f MiB of text), %d of them broken", f.Read, float64(f.Bytes)/(1<<20), float64(f.Text)/(1<<20), f.Broken)
	}
	for _, n := range []struct {
		count int
		what  string
	}{
		{f.PrunedAccount, "files and folders of other accounts, not opened"},
		{f.PrunedRegion, "files and folders of other regions, not opened"},
		{f.PrunedTime, "files and folders of other times, not opened"},
		{f.Digests, "digest files, which hold no events"},
		{f.Insights, "files of CloudTrail Insights, not read"},
		{f.Other, "files that are no logs"},
	} {
		if n.count > 0 {
			line("%d %s", n.count, n.what)
		}
	}
	if !r.First.IsZero() {
		line("relevant events from %s to %s", r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339))
	}
	gaps := gaps(r.Summary)
	if len(r.Scopes) == 0 && c.In == 0 {
		line("there is no log of CloudTrail here: an archive begins with the folder AWSLogs, below the bucket and the trail's prefix, or is any folder in it")
	}
	if len(r.Scopes) > 0 {
		line("read whole: %d of %d regions of accounts, from %s until %s", len(r.Scopes)-len(gaps), len(r.Scopes), day(r.From), day(r.Until))
	}
	sys.tallies(&b, "Event", r.Events, limit)
	sys.tallies(&b, "Principal", r.Principals, limit)
	sys.tallies(&b, "Target", r.Targets, limit)
	problemLines(&b, "Not whole", gaps, 0, limit, func(gap string) string { return gap })
	problemLines(&b, "Could not be read", r.Problems, r.MoreProblems, limit, func(p events.Problem) string {
		switch {
		case p.Place < 0:
			return fmt.Sprintf("%s: %s", p.File, p.Detail)
		case p.Count > 1:
			return fmt.Sprintf("%s: %d records, the first is number %d: %s", p.File, p.Count, p.Place+1, p.Detail)
		default:
			return fmt.Sprintf("%s: record number %d: %s", p.File, p.Place+1, p.Detail)
		}
	})
	_, err := fmt.Fprint(sys.stdout, b.String())
	return err
}

// day is a time for people; the zero one is not known.
func day(t time.Time) string {
	switch {
	case t.IsZero():
		return "?"
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly)
	default:
		return t.Format(time.RFC3339)
	}
}

func (sys system) tallies(b *strings.Builder, title string, list []tally, limit int) {
	if len(list) == 0 {
		return
	}
	t := sys.newTable(table.Row{title, "Total", "Done", "Denied", "Failed", "Unknown"}, 2, 3, 4, 5, 6)
	shown := first(list, limit)
	for _, n := range shown {
		t.AppendRow(table.Row{clean(n.Name), n.Total, n.Done, n.Denied, n.Failed, n.Unknown})
	}
	fmt.Fprintf(b, "\n%s\n", t.Render())
	if more := len(list) - len(shown); more > 0 {
		fmt.Fprintf(b, "and %d more: --limit 0 shows all\n", more)
	}
}

// problemLines prints a list of problems, and how many are not in it.
func problemLines[T any](b *strings.Builder, title string, list []T, beyond, limit int, say func(T) string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n\n", title)
	shown := first(list, limit)
	for _, p := range shown {
		fmt.Fprintln(b, clean("  "+strings.ReplaceAll(say(p), "\n", " ")))
	}
	if more := len(list) - len(shown) + beyond; more > 0 {
		fmt.Fprintf(b, "  and %d more\n", more)
	}
}

// gaps are the accounts and regions whose record is not whole, for people.
func gaps(s *events.Summary) (list []string) {
	for _, c := range s.Scopes {
		if c.Gap == nil {
			continue
		}
		where := strings.TrimSpace(c.Account + " " + c.Region)
		if where == "" {
			where = "anywhere"
		}
		list = append(list, where+": "+c.Gap.String())
	}
	return list
}
