package athena

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/trino"
)

// Layout says by which columns a table is partitioned; empty: not by this. The
// day's values are like 2026/03/14, as the folders of a trail are called.
type Layout struct{ Account, Region, Day string }

// DefaultLayout is that of the table that DDL makes.
const DefaultLayout = "account,region,day"

// ParseLayout reads a list such as "account,region,day" or "day=timestamp", in
// which a column of another name stands behind the equals sign. "none" is for a
// table without partitions.
func ParseLayout(text string) (Layout, error) {
	var l Layout
	if text == "none" {
		return l, nil
	}
	to := map[string]*string{"account": &l.Account, "region": &l.Region, "day": &l.Day}
	for _, part := range strings.Split(text, ",") {
		what, column, given := strings.Cut(strings.TrimSpace(part), "=")
		if !given {
			column = what
		}
		of := to[what]
		switch {
		case of == nil:
			return l, fmt.Errorf("--partitions %q: it lists account, region and day, with =COLUMN behind one that is called otherwise, or is none", text)
		case *of != "":
			return l, fmt.Errorf("--partitions %q names %s twice", text, what)
		case !columnName.MatchString(column):
			return l, fmt.Errorf("--partitions %q: %q is not the name of a column", text, column)
		}
		*of = column
	}
	return l, nil
}

var columnName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,127}$`)

func (l Layout) columns() (list []string) {
	for _, c := range []string{l.Account, l.Region, l.Day} {
		if c != "" {
			list = append(list, c)
		}
	}
	return list
}

// String is the layout as ParseLayout reads it.
func (l Layout) String() string {
	var parts []string
	for _, p := range [][2]string{{"account", l.Account}, {"region", l.Region}, {"day", l.Day}} {
		switch p[1] {
		case "":
		case p[0]:
			parts = append(parts, p[0])
		default:
			parts = append(parts, p[0]+"="+p[1])
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ",")
}

// where are the conditions that keep Athena from opening other files. A file lies
// in the folder of the day that it was delivered on, which may be later than the
// day of its events, and never before.
func (l Layout) where(q events.Query) (list []string) {
	if l.Account != "" && len(q.Accounts) > 0 {
		list = append(list, trino.In(trino.Name(l.Account), q.Accounts))
	}
	if l.Region != "" && len(q.Regions) > 0 {
		list = append(list, trino.In(trino.Name(l.Region), q.Regions))
	}
	if l.Day == "" {
		return list
	}
	if !q.Since.IsZero() {
		list = append(list, trino.Name(l.Day)+" >= "+trino.Text(q.Since.Add(-time.Hour).UTC().Format(dayFormat)))
	}
	if !q.Until.IsZero() {
		late := q.Late
		if late == 0 {
			late = 24 * time.Hour
		}
		list = append(list, trino.Name(l.Day)+" <= "+trino.Text(q.Until.Add(late).UTC().Format(dayFormat)))
	}
	return list
}

const dayFormat = "2006/01/02"
