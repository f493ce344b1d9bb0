// Package lookup reads the event history of CloudTrail: the management events of
// the last 90 days, which every account has in every region without a trail
// ("Working with CloudTrail Event history"). GetSecretValue and GetParameter are
// management events; data events are not in it.
//
// Its promises: it makes one call, LookupEvents; each region of each account is
// asked by itself, all at the same time; what an account or region does not answer
// is a gap of it; and with a state directory an interrupted lookup goes on where
// it was.
package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"golang.org/x/sync/errgroup"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
)

// Action is the IAM action that the source needs.
const Action = "cloudtrail:LookupEvents"

// kept is how long the event history goes back (API reference, LookupEvents).
const kept = 90 * 24 * time.Hour

// late is how long an event may take to be found: "typically within an average of
// about 5 minutes of an API call. This time is not guaranteed" (How CloudTrail
// works); nothing is said of the last quarter of an hour.
const late = 15 * time.Minute

// client is the call made.
type client interface {
	cloudtrail.LookupEventsAPIClient
}

// Cell is one region of an account.
type Cell struct {
	Account, Region string
	Config          aws.Config
	Gap             *model.Unknown // why nothing of it can be asked; nil when it can
}

// Source looks events up.
type Source struct {
	cells  []Cell
	state  string // directory; empty: none
	now    time.Time
	client func(aws.Config) client
	// Progress is told after each page how far back an account's region was read.
	// Nil for nobody.
	Progress func(account, region, service string, reached time.Time)
}

// New returns the source for some regions of accounts. now bounds what the history
// can hold. state is a directory to keep progress in, empty for none.
func New(cells []Cell, now time.Time, state string) *Source {
	return &Source{cells: cells, state: state, now: now.UTC(), client: newClient}
}

// attempts are more than other calls have: the rate is shared with everybody who
// looks at the event history, and one call that gives up is a gap.
const attempts = 12

func newClient(cfg aws.Config) client {
	return cloudtrail.NewFromConfig(cfg, func(o *cloudtrail.Options) { o.Retryer = retry.AddWithMaxAttempts(o.Retryer, attempts) })
}

// Name is the name of the source.
const Name = "LookupEvents"

// Name says what is read.
func (*Source) Name() string { return Name }

// Read looks the events up that the query wants, in no particular order. Without
// a time bound those of the last 90 days are.
func (s *Source) Read(ctx context.Context, q events.Query, each func(*model.Event) error) (*events.Summary, error) {
	if q.Relevant == nil {
		q.Relevant = events.Relevant()
	}
	q.Now = s.now
	w := window{since: q.Since, until: q.Until}
	if w.until.IsZero() || w.until.After(s.now) {
		w.until = s.now
	}
	oldest := s.now.Add(-kept).Truncate(time.Second)
	if w.since.IsZero() {
		w.since = oldest
	}
	store, err := openStore(s.state, &w, &q)
	if err != nil {
		return nil, err
	}
	claimed := w
	// A lookup that was interrupted had all of its 90 days when it began.
	tooFar := w.since.Before(oldest.Add(-24 * time.Hour))
	if w.since.Before(oldest) {
		w.since = oldest // AWS refuses times outside the range of possible values
	}
	tally := events.NewTally(each)
	var readers []*reader
	for _, c := range s.cells {
		if !among(q.Accounts, c.Account) || !among(q.Regions, c.Region) {
			continue
		}
		tally.Scope(c.Account, c.Region, c.Gap)
		if tooFar {
			tally.Scope(c.Account, c.Region, &model.Unknown{Reason: model.ReasonNotInSource, Detail: fmt.Sprintf(
				"the event history keeps 90 days: nothing is known from before %s", oldest.Format(time.DateOnly))})
		}
		if c.Gap != nil || !w.since.Before(w.until) {
			continue
		}
		file, err := store.open(c.Account, c.Region, begin(&q, w))
		if err != nil {
			return nil, errors.Join(err, store.close())
		}
		readers = append(readers, &reader{cell: c, client: s.client(c.Config), q: &q, window: w, tally: tally, progress: s.Progress, file: file})
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, r := range readers {
		group.Go(func() error { return r.run(ctx) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	q.Since, q.Until = claimed.since, claimed.until
	if settled := s.now.Add(-late); q.Until.After(settled) {
		q.Until = settled
	}
	return tally.Summary(&q), store.remove()
}

// window is the time that is looked up.
type window struct{ since, until time.Time }

func among(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }
