package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/events/digest"
	"github.com/keyproof/keyproof/internal/awserr"
)

// publicKeys reads the files that are named, or else asks AWS in each region.
func (sys system) publicKeys(ctx context.Context, o *verifyOptions, since, until time.Time) ([]digest.Key, error) {
	var keys []digest.Key
	for _, name := range o.keys {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("--public-keys: %w; `aws cloudtrail list-public-keys --region REGION --start-time TIME > keys.json` makes one", withoutCall(err))
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
	regions := o.archive.regions
	if o.archive.allRegions {
		regions = []string{"all"}
	}
	if len(regions) == 0 {
		return nil, usagef("verifying needs CloudTrail's public keys: name a file of them with --public-keys, or the regions to ask with --region")
	}
	accounts, err := sys.accounts(ctx, &o.archive.connection, regions)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		for _, r := range a.Regions {
			if r.Gap != nil {
				return nil, fmt.Errorf("ask for the public keys of %s: %s", r.Name, r.Gap)
			}
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
