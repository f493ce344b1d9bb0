package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/events/digest"
	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/internal/awserr"
)

// publicKeys reads the files that are named, or else asks AWS in each region.
func (sys system) publicKeys(ctx context.Context, o *verifyOptions, since, until time.Time) ([]digest.Key, error) {
	var keys []digest.Key
	for _, name := range o.keys {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		list, err := digest.ReadKeys(f)
		_ = f.Close() // it was only read
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		keys = append(keys, list...)
	}
	if len(o.keys) > 0 {
		return keys, nil
	}
	if len(o.archive.regions) == 0 {
		return nil, usagef("verifying needs CloudTrail's public keys: name a file of them with --public-keys, or the regions to ask with --region")
	}
	options := session.Options{Regions: o.archive.regions, Reads: []string{cloudtrail.ListPublicKeys}, Version: sys.version}
	if o.profile != "" {
		options.Profiles = []string{o.profile}
	}
	accounts, err := session.Open(ctx, options)
	if err != nil {
		return nil, usageOrNot(err)
	}
	for _, a := range accounts {
		for _, r := range a.Regions {
			list, err := cloudtrail.PublicKeys(ctx, a.Config(r.Name), since, until)
			if awserr.Denied(err) {
				return nil, fmt.Errorf("%s is denied in %s: allow it, or name a file with --public-keys", cloudtrail.ListPublicKeys, r.Name)
			} else if err != nil {
				return nil, fmt.Errorf("ask for the public keys of %s: %w", r.Name, err)
			}
			keys = append(keys, list...)
		}
	}
	return keys, nil
}
