package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/bucket"
	"github.com/keyproof/keyproof/collectors/events/lookup"
	"github.com/keyproof/keyproof/collectors/session"
)

// connection is the flags that say as whom AWS is asked, for sources that are not a
// folder.
type connection struct {
	profiles   []string
	roles      []string
	externalID string
	noLimits   bool
	base       *aws.Config // of tests; nil for AWS
}

func (o *connection) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.profiles, "profile", nil, "`profile` of the AWS configuration to ask AWS with (repeatable: one account each)")
	f.StringArrayVar(&o.roles, "assume-role", nil, "`ARN` of a role to ask AWS with (repeatable: one account each)")
	f.StringVar(&o.externalID, "external-id", "", "external `id` for --assume-role")
	f.BoolVar(&o.noLimits, "no-rate-limit", false, "call as fast as the endpoint answers; for endpoints that are not AWS")
}

// eventActions are the IAM actions that reading events can use: of the event history
// and of an archive in a bucket.
func eventActions() (history string, archive []string) {
	return lookup.Action, []string{bucket.List, bucket.Get}
}

// accounts opens the accounts, in regions; nil for the profile's own.
func (sys system) accounts(ctx context.Context, o *connection, regions []string) ([]*session.Account, error) {
	history, archive := eventActions()
	reads := append(archive, history, cloudtrail.ListPublicKeys)
	accounts, err := session.Open(ctx, session.Options{
		Profiles: o.profiles, Roles: o.roles, ExternalID: o.externalID, Regions: regions, Reads: reads,
		Unlimited: o.noLimits, Version: sys.version, Base: o.base,
	})
	if err != nil {
		return nil, usageOrNot(err)
	}
	return accounts, nil
}

// source opens what a name stands for: the event history, an archive in S3, or one
// in a folder.
func (sys system) source(ctx context.Context, o *archiveOptions, name string) (events.Source, error) {
	switch {
	case name == lookupSource:
		return sys.lookup(ctx, o)
	case o.state != "":
		return nil, usagef("--state is for `keyproof events read %s`: an archive is read anew each time", lookupSource)
	case strings.HasPrefix(name, bucket.Scheme):
		return sys.bucket(ctx, o, name)
	}
	fsys, err := namedFolder(name)
	if err != nil {
		return nil, err
	}
	return events.NewArchive(name, fsys), nil
}

// archive opens an archive as a file system.
func (sys system) archive(ctx context.Context, o *archiveOptions, name string) (fs.FS, error) {
	if name == lookupSource {
		return nil, usagef("the event history has no digests to verify: name the folder of an archive, or s3://bucket/prefix")
	}
	if !strings.HasPrefix(name, bucket.Scheme) {
		return namedFolder(name)
	}
	b, err := sys.bucket(ctx, o, name)
	if err != nil {
		return nil, err
	}
	return b.FS(ctx), nil
}

// namedFolder opens the folder that a verb on events was given.
func namedFolder(name string) (fs.FS, error) {
	files, err := folder(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no such folder; name the folder of an archive, or s3://bucket/prefix", name)
	}
	return files, err
}

func (sys system) bucket(ctx context.Context, o *archiveOptions, name string) (*bucket.Archive, error) {
	if _, _, err := bucket.Parse(name); err != nil {
		return nil, usageError{err}
	}
	// The regions of the query are those of events. S3 says which is the bucket's.
	accounts, err := sys.accounts(ctx, &o.connection, nil)
	if err != nil {
		return nil, err
	}
	if len(accounts) > 1 {
		return nil, usagef("a bucket is read as one account: name one --profile or --assume-role")
	}
	return bucket.Open(ctx, accounts[0].Config(accounts[0].Regions[0].Name), name)
}

func (sys system) lookup(ctx context.Context, o *archiveOptions) (events.Source, error) {
	regions := o.regions
	if o.allRegions {
		regions = []string{"all"}
	}
	accounts, err := sys.accounts(ctx, &o.connection, regions)
	if err != nil {
		return nil, err
	}
	var cells []lookup.Cell
	for _, a := range accounts {
		for _, r := range a.Regions {
			c := lookup.Cell{Account: a.ID, Region: r.Name, Gap: r.Gap}
			if r.Gap == nil {
				c.Config = a.Config(r.Name)
			}
			cells = append(cells, c)
		}
	}
	if i := slices.IndexFunc(o.accounts, func(id string) bool {
		return !slices.ContainsFunc(cells, func(c lookup.Cell) bool { return c.Account == id })
	}); i >= 0 {
		return nil, usagef("--account %s: the event history is asked with the credentials of each account; name a --profile or --assume-role of it", o.accounts[i])
	}
	s := lookup.New(cells, sys.now(), o.state)
	if width, _ := sys.terminal(sys.stderr); width > 0 {
		s.Progress = sys.sayProgress()
	}
	return s, nil
}

// sayProgress prints now and then how far back a region was read: two pages a
// second take their time.
func (sys system) sayProgress() func(account, region, service string, reached time.Time) {
	var mu sync.Mutex
	last := time.Now()
	return func(account, region, service string, reached time.Time) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(last) < 3*time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(sys.stderr, "%s %s: %s back to %s\n", account, region, service, reached.Format(time.RFC3339))
	}
}
