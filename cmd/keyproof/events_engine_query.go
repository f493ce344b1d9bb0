package main

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/athena"
)

// engineQuery is the question. An engine bills all that is not left out, so it
// wants to know from when on.
func (sys system) engineQuery(o *archiveOptions, since, until time.Time) (events.Query, error) {
	if since.IsZero() {
		return events.Query{}, usagef("name the first time with --since, such as --since %s: an engine reads, and bills, all that is not left out", sys.now().UTC().AddDate(0, 0, -7).Format(time.DateOnly))
	}
	if err := athena.CheckScope(o.accounts, o.regions); err != nil {
		return events.Query{}, usageError{err}
	}
	now := sys.now().UTC()
	if until.IsZero() {
		until = now.Truncate(time.Second)
	}
	if !since.Before(until) {
		return events.Query{}, usagef("--since %s is in the future", o.since)
	}
	return events.Query{Accounts: o.accounts, Regions: o.regions, Since: since, Until: until, Now: now}, nil
}

// parseSize reads bytes with a unit of 1000 (KB, MB, GB, TB) or 1024 (KiB, …).
func parseSize(flag, text string) (int64, error) {
	number := strings.TrimRight(text, "BiKMGT")
	unit := strings.TrimPrefix(text, number)
	base := 1000.0
	if strings.HasSuffix(unit, "iB") {
		base = 1024
	}
	exponent := strings.Index(" KMGT", strings.TrimSuffix(strings.TrimSuffix(unit, "B"), "i"))
	if unit == "" || unit == "B" {
		exponent = 0
	}
	n, err := strconv.ParseFloat(number, 64)
	bytes := n * math.Pow(base, float64(exponent))
	if err != nil || exponent < 0 || !(bytes >= 1 && bytes <= 1<<60) {
		return 0, usagef("%s %q is not a number of bytes: write 500MB, 100GiB or 1000000000", flag, text)
	}
	return int64(bytes), nil
}
