package main

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/digest"
	"github.com/keyproof/keyproof/collectors/events/fold"
	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/model"
)

// recordOptions are the flags of scan that say which record of CloudTrail to read.
type recordOptions struct {
	sources      []string
	since, until string
	verify       bool
	keys         []string
	state        string
	engine       engineOptions
}

func (o *recordOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.sources, "events", nil, "also read CloudTrail's record from `source`: a folder, s3://bucket/prefix, lookup (the event history of 90 days), athena:DATABASE.TABLE or lake:ARN (repeatable)")
	f.StringVar(&o.since, "events-since", "", "first `time` of the record: 2026-03-14 or 2026-03-14T09:00:00Z (default 90 days before the scan)")
	f.StringVar(&o.until, "events-until", "", "`time` before which the record ends (default the scan)")
	f.BoolVar(&o.verify, "verify-events", false, "verify the digest chain of archives, with CloudTrail's public keys")
	f.StringArrayVar(&o.keys, "public-keys", nil, "`file` of CloudTrail's public keys to verify with instead of asking for them, an answer of ListPublicKeys (repeatable)")
	f.StringVar(&o.state, "events-state", "", "`directory` in which an interrupted lookup keeps how far it came")
	o.engine.registerEngine(cmd)
	f.StringVar(&o.engine.profile, "engine-profile", "", "`profile` of the AWS configuration to ask the engine with (default the --profile of the scan, if it is one)")
}

func (o *recordOptions) given() bool { return len(o.sources) > 0 }

// check refuses what cannot be before anything takes long: flags that mean nothing
// without a source, times that are none, and folders that are not there.
func (o *recordOptions) check() error {
	if !o.given() {
		if o.since != "" || o.until != "" || o.verify || len(o.keys) > 0 || o.state != "" {
			return usagef("name the record to read with --events, such as --events ./trail or --events lookup")
		}
		return nil
	}
	for _, t := range []struct{ flag, text string }{{"--events-since", o.since}, {"--events-until", o.until}} {
		if _, err := parseTime(t.flag, t.text); err != nil {
			return err
		}
	}
	for _, address := range o.sources {
		if isFolder(address) {
			if _, err := openFolder(address); err != nil {
				return err
			}
		}
	}
	return nil
}

// query is what is asked of each source: the time of the record, and the accounts and
// regions that hold secrets, parameters or keys.
func (o *recordOptions) query(snap *model.Snapshot, places map[fold.Place]bool, now time.Time) (events.Query, error) {
	q := events.Query{Since: snap.TakenAt.AddDate(0, 0, -model.ActivityDays), Until: snap.TakenAt, Now: now.UTC()}
	since, err := parseTime("--events-since", o.since)
	if err != nil {
		return q, err
	}
	until, err := parseTime("--events-until", o.until)
	if err != nil {
		return q, err
	}
	if !until.IsZero() {
		q.Until = until
	}
	if !since.IsZero() {
		q.Since = since
	}
	if !q.Since.Before(q.Until) {
		return q, usagef("the record from %s to %s is empty: --events-since comes before --events-until", q.Since.Format(time.RFC3339), q.Until.Format(time.RFC3339))
	}
	for _, at := range sortedPlaces(snap, places) {
		if !slices.Contains(q.Accounts, at.Account) {
			q.Accounts = append(q.Accounts, at.Account)
		}
		if !slices.Contains(q.Regions, at.Region) {
			q.Regions = append(q.Regions, at.Region)
		}
	}
	slices.Sort(q.Regions)
	return q, nil
}

// sortedPlaces are the accounts and regions that were scanned, with those that hold
// replicas only.
func sortedPlaces(snap *model.Snapshot, places map[fold.Place]bool) []fold.Place {
	var list []fold.Place
	for _, s := range snap.Scopes {
		if s.Gap == nil && !s.Kind.Global() {
			list = append(list, fold.Place{Account: s.Account, Region: s.Region})
		}
	}
	for at := range places {
		list = append(list, at)
	}
	slices.SortFunc(list, func(a, b fold.Place) int { return strings.Compare(a.Account+" "+a.Region, b.Account+" "+b.Region) })
	return slices.Compact(list)
}

// record reads the events, folds them into the resources of the snapshot, and puts
// them and what is said of them into it. done frees them.
func (sys system) record(ctx context.Context, o *recordOptions, accounts []*session.Account, snap *model.Snapshot) (done func() error, err error) {
	folder, err := fold.New(snap)
	if err != nil {
		return nil, err
	}
	q, err := o.query(snap, folder.Places(), sys.now())
	if err != nil {
		return nil, err
	}
	sources, err := sys.openSources(ctx, o, accounts, &q)
	if err != nil {
		return nil, err
	}
	spool := model.NewEventSpool("")
	defer func() {
		if err != nil {
			_ = spool.Close() // the first error counts
		}
	}()
	var logs []model.EventLog
	for _, s := range sources {
		log, err := sys.readSource(ctx, o, s, q, accounts, spool)
		if err != nil {
			return nil, err
		}
		logs = append(logs, log)
	}
	log := events.Join(logs)
	log.Scopes = wantedScopes(log.Scopes, sortedPlaces(snap, folder.Places()))
	for e, err := range spool.Events() {
		if err != nil {
			return nil, err
		}
		folder.Add(e)
	}
	attach(snap, folder, &log, spool)
	return spool.Close, nil
}

// attach gives the snapshot the events and what they prove.
func attach(snap *model.Snapshot, folder *fold.Folder, log *model.EventLog, spool *model.EventSpool) {
	resources, outlines := snap.Resources, snap.Outlines
	snap.Header.Events, snap.Events = log, spool.Events()
	snap.Resources = folder.Fill(resources, log)
	if outlines != nil {
		snap.Outlines = func(full func(model.ResourceID) bool) iter.Seq2[*model.Resource, error] {
			return folder.Fill(outlines(full), log)
		}
	}
}

// wantedScopes leaves out the regions of an account that hold nothing: sources are
// asked for all regions of all accounts.
func wantedScopes(scopes []model.EventScope, places []fold.Place) []model.EventScope {
	return slices.DeleteFunc(scopes, func(s model.EventScope) bool {
		named := s.Account != "" && s.Region != ""
		return named && s.Gap != nil && s.Records == 0 && !slices.Contains(places, fold.Place{Account: s.Account, Region: s.Region})
	})
}

// readSource reads one source into the spool, and verifies it when that was asked for.
func (sys system) readSource(ctx context.Context, o *recordOptions, s source, q events.Query, accounts []*session.Account, spool *model.EventSpool) (model.EventLog, error) {
	summary, err := s.Read(ctx, q, spool.Append)
	if err != nil {
		return model.EventLog{}, fmt.Errorf("read the record from %s: %w", s.Name(), err)
	}
	log := summary.Log(s.Name())
	if n := summary.Total(); n > 0 {
		fmt.Fprintln(sys.stderr, clean(fmt.Sprintf("%s: %d problems; %s has a list of them", s.Name(), n, s.list())))
	}
	if s.files == nil || !o.verify && len(o.keys) == 0 {
		return log, nil
	}
	keys, err := sys.recordKeys(ctx, o, accounts, q)
	if err != nil {
		return log, err
	}
	// Logs of the last two hours may be in no digest yet: one is made each hour and
	// delivered some time after it.
	until := q.Until
	if latest := q.Now.Truncate(time.Hour).Add(-time.Hour); until.After(latest) {
		until = latest
	}
	report, err := digest.Verify(ctx, s.files, digest.Options{Keys: keys, Accounts: q.Accounts, Regions: q.Regions, Since: q.Since, Until: until})
	if err != nil {
		return log, fmt.Errorf("verify the record from %s: %w", s.Name(), err)
	}
	log.Chain = report.Chain(q.Since, until)
	report.Distrust(log.Scopes)
	return log, nil
}
