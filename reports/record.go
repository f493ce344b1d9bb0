package reports

import (
	"fmt"
	"time"

	"github.com/keyproof/keyproof/model"
)

// unread says how many rules judged nothing because they need CloudTrail's
// record of events and none was read; empty when none does. A proposed change
// has no past that could be read.
func unread(r *model.Report) string {
	n := len(r.NeedEvents)
	if n == 0 || isGate(r) {
		return ""
	}
	return fmt.Sprintf("%s judged nothing, for %s the record of events and none was read: `keyproof scan --events SOURCE` reads it",
		count(n, "rule"), verb(n, "it needs", "they need"))
}

// recordLines say which record of events a report rests on: where it was read,
// for which time, what of it is missing, and whether its digests prove it. There
// are none when no record was read.
func recordLines(r *model.Report) []string {
	of := r.Events
	if of == nil {
		return nil
	}
	lines := []string{
		fmt.Sprintf("events of %s, %s", or(of.Source, "an unnamed source"), period(of.From, of.Until)),
		fmt.Sprintf("%s: %s relevant, %s irrelevant, %s refused", count(of.Records.In, "record"), num(of.Records.Relevant),
			num(of.Records.Irrelevant), num(of.Records.Refused)),
	}
	return append(append(lines, gapsOf(of)...), chainOf(&of.Chain)...)
}

// gapsOf says which scopes of a record are not complete; the first few by name.
func gapsOf(of *model.EventLog) []string {
	const named = 3
	var lines []string
	n := 0
	for _, s := range of.Scopes {
		if s.Gap == nil {
			continue
		}
		if n++; n <= named {
			lines = append(lines, fmt.Sprintf("not complete %s: %s", or(where(s.Account, s.Region), "as a whole"), s.Gap))
		}
	}
	if n > named {
		lines = append(lines, fmt.Sprintf("not complete in %s more", count(n-named, "scope")))
	}
	if n == 0 {
		lines = append(lines, count(len(of.Scopes), "region")+" of accounts, each complete as far as is known")
	}
	return lines
}

// chainOf says what CloudTrail's digests prove; each gap of the chain is a line
// of its own, the first few.
func chainOf(c *model.EventChain) []string {
	const named = 3
	proven := ""
	if !c.From.IsZero() || !c.Until.IsZero() {
		proven = ", proven " + period(c.From, c.Until)
	}
	line := "digest chain: not verified" + proven
	switch {
	case c.Verdict == model.VerdictPass:
		line = "digest chain: verified" + proven
	case c.Verdict == model.VerdictFail:
		line = "digest chain: broken, the record was tampered with" + proven
	case proven != "" || len(c.Gaps) > 0:
		line = "digest chain: verified in part" + proven
	}
	lines := []string{line}
	for i, g := range c.Gaps {
		if i == named {
			return append(lines, fmt.Sprintf("and %s of the chain", count(len(c.Gaps)-named, "more gap")))
		}
		lines = append(lines, "not proven: "+g)
	}
	return lines
}

// period is a time to another; an open end is said.
func period(from, until time.Time) string {
	switch {
	case from.IsZero() && until.IsZero():
		return "of any time"
	case from.IsZero():
		return "until " + moment(until)
	case until.IsZero():
		return "since " + moment(from)
	default:
		return "from " + moment(from) + " to " + moment(until)
	}
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }
