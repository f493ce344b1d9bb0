package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/bucket"
	"github.com/keyproof/keyproof/collectors/events/digest"
	"github.com/keyproof/keyproof/collectors/events/lookup"
	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/internal/awserr"
)

// source is a source of a scan's record.
type source struct {
	events.Source
	address string // as it was given
	files   fs.FS  // of an archive, which can be verified; nil of any other
}

// list is the command that lists what could not be read.
func (s *source) list() string { return "keyproof events read " + s.address }

// lookupSource is how the event history is asked for.
const lookupSource = "lookup"

// actions are the IAM actions that the record needs beside those of a scan.
func (o *recordOptions) actions() []string {
	var list []string
	if slices.Contains(o.sources, lookupSource) {
		list = append(list, lookup.Action)
	}
	if slices.ContainsFunc(o.sources, func(s string) bool { return strings.HasPrefix(s, bucket.Scheme) }) {
		list = append(list, bucket.List, bucket.Get)
	}
	if o.verify && len(o.keys) == 0 {
		list = append(list, cloudtrail.ListPublicKeys)
	}
	return list
}

// openSources opens what --events names.
func (sys system) openSources(ctx context.Context, o *recordOptions, accounts []*session.Account, q *events.Query) ([]source, error) {
	var list []source
	for _, address := range o.sources {
		s, err := sys.openSource(ctx, o, address, accounts, q)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (sys system) openSource(ctx context.Context, o *recordOptions, address string, accounts []*session.Account, q *events.Query) (source, error) {
	switch {
	case address == lookupSource:
		return source{lookup.New(lookupCells(accounts, q.Regions), q.Now, o.state), address, nil}, nil
	case strings.HasPrefix(address, bucket.Scheme):
		if len(accounts) == 0 {
			return source{}, errOffline(address)
		}
		first := accounts[0]
		archive, err := bucket.Open(ctx, first.Config(first.Regions[0].Name), address)
		if err != nil {
			return source{}, err
		}
		return source{archive, address, archive.FS(ctx)}, nil
	case isEngine(address):
		engine, err := sys.openEngine(ctx, address, &o.engine)
		return source{engine, address, nil}, err
	}
	files, err := openFolder(address)
	return source{events.NewArchive(address, files), address, files}, err
}

// isFolder says whether an address is none of the others.
func isFolder(address string) bool {
	return address != lookupSource && !strings.HasPrefix(address, bucket.Scheme) && !isEngine(address)
}

func openFolder(address string) (fs.FS, error) {
	files, err := folder(address)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("--events %s: there is no such folder; write a folder, s3://bucket/prefix, lookup, athena:DATABASE.TABLE or lake:ARN", address)
	}
	return files, err
}

// errOffline is for a saved snapshot, which no account was opened for.
func errOffline(address string) error {
	return usagef("--from opens no account: read the record of a saved snapshot from a folder or an engine, not from %s", address)
}

// lookupCells are all regions of the accounts in which something counts, also those
// that hold replicas only.
func lookupCells(accounts []*session.Account, regions []string) []lookup.Cell {
	var cells []lookup.Cell
	for _, a := range accounts {
		gaps := map[string]int{}
		for i, r := range a.Regions {
			gaps[r.Name] = i
		}
		for _, region := range regions {
			cell := lookup.Cell{Account: a.ID, Region: region, Gap: a.Gap}
			if i, ok := gaps[region]; ok && a.Regions[i].Gap != nil {
				cell.Gap = a.Regions[i].Gap
			}
			if cell.Gap == nil {
				cell.Config = a.Config(region)
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

// recordKeys are the public keys to verify with: those of the files, or those that
// CloudTrail has for each region. A denied call is an error with the way out: without
// keys nothing can be verified.
func (sys system) recordKeys(ctx context.Context, o *recordOptions, accounts []*session.Account, q events.Query) ([]digest.Key, error) {
	if len(o.keys) > 0 {
		return sys.publicKeys(ctx, &verifyOptions{keys: o.keys}, q.Since, q.Until)
	}
	if len(accounts) == 0 {
		return nil, usagef("--from opens no account: verify with saved keys, --public-keys keys.json")
	}
	var keys []digest.Key
	for _, region := range q.Regions {
		list, err := cloudtrail.PublicKeys(ctx, accounts[0].Config(region), q.Since, q.Until)
		if awserr.Denied(err) {
			return nil, fmt.Errorf("%s is denied in %s: allow it, or name a file with --public-keys", cloudtrail.ListPublicKeys, region)
		} else if err != nil {
			return nil, fmt.Errorf("ask for the public keys of %s: %w", region, err)
		}
		keys = append(keys, list...)
	}
	return keys, nil
}
