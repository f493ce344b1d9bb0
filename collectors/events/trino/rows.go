package trino

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
)

// Reader takes the rows of an answer.
type Reader struct {
	gathering *events.Gathering
	next      int // number of the next record
	counts    func(Count) error
}

// Count is a number of events that are alike.
type Count struct {
	Account, Region, Source, Name string
	Principal, Target, Outcome    string
	Events                        int
	First, Last                   time.Time
}

// NewReader reads rows of Events into a gathering.
func NewReader(g *events.Gathering) *Reader { return &Reader{gathering: g} }

// NewCounter reads rows of Counts; what is relevant goes to each.
func NewCounter(g *events.Gathering, each func(Count) error) *Reader {
	return &Reader{gathering: g, counts: each}
}

// Row takes one row. An error is a row that the query cannot have made, or comes
// from whoever takes the events.
func (r *Reader) Row(row Row) error {
	n, err := strconv.Atoi(row["records"])
	if err != nil || n < 1 {
		return fmt.Errorf("a row says %q where its number of records should be", row["records"])
	}
	days := parseDays(row["days"])
	account, region := row["account"], row["region"]
	switch kind := row["kind"]; {
	case kind == "irrelevant":
		r.gathering.Unseen(n, account, region, days)
		return nil
	case kind != "relevant" && kind != "odd":
		return fmt.Errorf("a row says %q where its kind should be", kind)
	case r.counts == nil:
		return r.records(row, n)
	case kind == "odd":
		r.gathering.Refused(n, account, region, "records without an eventSource, eventName or eventTime as CloudTrail writes them")
		return nil
	}
	return r.count(row, n, days)
}

// records hands over the records of a row; several are exactly alike, as when two
// trails deliver to one bucket.
func (r *Reader) records(row Row, n int) error {
	raw := Record(row)
	for range n {
		if err := r.gathering.Record(raw, path(row["file"]), r.next); err != nil {
			return err
		}
		r.next++
	}
	return nil
}

// path is the key of an s3:// address, as an archive has it.
func path(address string) string {
	if rest, ok := strings.CutPrefix(address, "s3://"); ok {
		_, key, _ := strings.Cut(rest, "/")
		return key
	}
	return address
}

func (r *Reader) count(row Row, n int, days []time.Time) error {
	account, region := row["account"], row["region"]
	first, err := time.Parse(time.RFC3339, row["earliest"])
	last, err2 := time.Parse(time.RFC3339, row["latest"])
	if err != nil || err2 != nil {
		r.gathering.Refused(n, account, region, "records with an eventTime that is no time")
		return nil
	}
	r.gathering.Counted(n, account, region, first, last, days)
	return r.counts(Count{
		Account: account, Region: region, Source: row["eventsource"], Name: row["eventname"],
		Principal: row["principal"], Target: row["target"], Outcome: row["outcome"], Events: n, First: first, Last: last,
	})
}

// parseDays leaves out what is no day: a day that is missing is a gap.
func parseDays(text string) []time.Time {
	var list []time.Time
	for _, day := range strings.Split(text, ",") {
		if t, err := time.Parse(time.DateOnly, day); err == nil {
			list = append(list, t)
		}
	}
	return list
}
