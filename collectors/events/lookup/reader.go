package lookup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// reader reads one region of an account.
type reader struct {
	cell     Cell
	client   client
	q        *events.Query
	window   window
	tally    *events.Tally
	progress func(account, region, service string, reached time.Time)
	file     *progressFile
	place    int // of the next record, in the order that they came
}

// run reads what is left to read. Only a cancelled run, a broken program and the
// user's directory are errors; what AWS does not answer is a gap.
func (r *reader) run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, r.file.close()) }()
	if err := r.file.replay(r.record, r.take); err != nil {
		return err
	}
	// Series grow while they are read: see series.split.
	for i := 0; i < len(r.file.state.Series); i++ {
		err := r.read(ctx, i)
		if err == nil {
			continue
		}
		if fatal := awserr.Fatal(ctx, err); fatal != nil {
			return fatal
		}
		var answer *answerError
		if !errors.As(err, &answer) {
			return err
		}
		r.gap(&r.file.state.Series[i], answer.err)
		return nil // the other services would be refused too
	}
	return nil
}

// answerError is an error that AWS answered.
type answerError struct{ err error }

func (e *answerError) Error() string { return e.err.Error() }
func (e *answerError) Unwrap() error { return e.err }

// gap says what was not read.
func (r *reader) gap(s *series, err error) {
	why := awserr.Unknown(Action, err)
	p := events.Problem{File: r.name(), Kind: events.KindOpen, Place: -1, Detail: why.String()}
	if why.Reason == model.ReasonAccessDenied {
		p.Action, p.Detail = Action, join(Action+" is denied: allow it", why.Detail)
	} else {
		why.Detail = join(why.Detail, fmt.Sprintf("events of %s from before %s were not read", s.Source, s.Until.Format(time.RFC3339)))
		p.Detail = why.Detail
	}
	r.tally.Problem(p)
	r.tally.Scope(r.cell.Account, r.cell.Region, &why)
}

func (r *reader) name() string { return Name + " " + r.cell.Account + " " + r.cell.Region }

// begin are the series of a new lookup: one a service.
func begin(q *events.Query, w window) []series {
	var list []series
	for _, source := range q.Relevant.Sources() {
		list = append(list, series{Source: source, Until: w.until})
	}
	return list
}

// read reads the series i to its end, a page at a time.
func (r *reader) read(ctx context.Context, i int) error {
	var in *cloudtrail.LookupEventsInput // a token is good only with what it was answered to
	for {
		s := &r.file.state.Series[i]
		if s.Done {
			return nil
		}
		if in == nil {
			in = s.input(r.window.since)
		}
		out, err := r.client.LookupEvents(ctx, in)
		if in.NextToken != nil && awserr.Code(err) == "InvalidNextTokenException" && s.Until.Before(*in.EndTime) {
			in = nil // it expired: go on from the time that was reached
			continue
		}
		if err != nil {
			return &answerError{err}
		}
		if err := r.page(s, out.Events); err != nil {
			return err
		}
		if r.progress != nil {
			r.progress(r.cell.Account, r.cell.Region, s.Source, s.Until)
		}
		in.NextToken = out.NextToken
		s.Pages++
		s.Done = aws.ToString(out.NextToken) == ""
		if !s.Done && s.wasteful(r.q.Relevant) {
			s.Done = true
			r.file.state.Series = append(r.file.state.Series, s.split(r.q.Relevant)...)
		}
		if err := r.file.saveNowAndThen(); err != nil {
			return err
		}
	}
}

func (r *reader) page(s *series, list []types.Event) error {
	for i := range list {
		e := &list[i]
		if s.foreign(e) || s.again(aws.ToString(e.EventId), aws.ToTime(e.EventTime).UTC()) {
			continue
		}
		raw := []byte(aws.ToString(e.CloudTrailEvent))
		sorted := r.take(raw)
		if sorted.Event != nil {
			s.Useful++
		}
		if err := errors.Join(r.file.keep(raw, sorted), r.record(sorted)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) take(raw []byte) events.Sorted { return r.q.Take(raw, r.cell.Account, r.cell.Region) }

func (r *reader) record(sorted events.Sorted) error {
	place := r.place
	r.place++
	return r.tally.Record(r.cell.Account, r.cell.Region, r.name(), place, sorted)
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
