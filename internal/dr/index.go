package dr

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

// place names a thing by its name. The region is empty where any counts.
type place struct{ account, region, name string }

// world is what of a snapshot matters when a region is lost.
type world struct {
	region   string
	scopes   []model.Scope
	accounts []string
	regions  []string // that were scanned

	lost       []*model.Resource            // what is in the region
	secrets    map[place]*model.Resource    // elsewhere
	parameters map[place][]string           // regions elsewhere that have one of the name
	keys       map[string]*model.Resource   // elsewhere, by ARN and by the ARNs of aliases
	related    map[string][]*model.Resource // multi-Region keys elsewhere, by key id
	functions  map[place]bool
	databases  map[string][]*model.Resource // in the region, by the ARN of their secret
	trails     map[string][]string          // multi-Region trails that are at home elsewhere and log, by account
}

func index(snap *model.Snapshot, region string) (*world, error) {
	ix := &world{
		region: region, scopes: snap.Scopes, secrets: map[place]*model.Resource{}, parameters: map[place][]string{},
		keys: map[string]*model.Resource{}, related: map[string][]*model.Resource{}, functions: map[place]bool{},
		databases: map[string][]*model.Resource{}, trails: map[string][]string{},
	}
	for _, s := range snap.Scopes {
		ix.accounts = append(ix.accounts, s.Account)
		if s.Region != model.RegionGlobal {
			ix.regions = append(ix.regions, s.Region)
		}
	}
	slices.Sort(ix.accounts)
	slices.Sort(ix.regions)
	ix.accounts, ix.regions = slices.Compact(ix.accounts), slices.Compact(ix.regions)
	for r, err := range snap.Resources {
		if err != nil {
			return nil, err
		}
		if r.ID.Region == region {
			ix.here(r)
		} else {
			ix.elsewhere(r)
		}
	}
	return ix, nil
}

func (ix *world) here(r *model.Resource) {
	switch b := r.Body.(type) {
	case *model.Secret, *model.Parameter, *model.Key, *model.Trail:
		ix.lost = append(ix.lost, r)
	case *model.Database:
		if arn, ok := b.CredentialSecret.Get(); ok {
			ix.databases[arn] = append(ix.databases[arn], r)
		}
	}
}

func (ix *world) elsewhere(r *model.Resource) {
	at := place{r.ID.Account, r.ID.Region, r.Name}
	switch b := r.Body.(type) {
	case *model.Secret:
		ix.secrets[at] = r
	case *model.Parameter:
		any := place{r.ID.Account, "", r.Name}
		ix.parameters[any] = append(ix.parameters[any], r.ID.Region)
	case *model.Key:
		ix.keys[r.ID.ID] = r
		for _, alias := range r.Aka {
			ix.keys[alias] = r
		}
		multi, _ := b.MultiRegion.Get()
		if id, known := b.KeyID.Get(); known && multi {
			ix.related[id] = append(ix.related[id], r)
		}
	case *model.Function:
		ix.functions[at] = true
	case *model.Trail:
		multi, _ := b.MultiRegion.Get()
		if logging, _ := b.Logging.Get(); multi && logging && b.HomeRegion.Or(r.ID.Region) != ix.region {
			ix.trails[r.ID.Account] = append(ix.trails[r.ID.Account], r.Name)
		}
	}
}

// gaps are the lists of the lost region that are not complete.
func (ix *world) gaps() []Gap {
	gaps := []Gap{}
	for _, account := range ix.accounts {
		for _, kind := range Kinds() {
			at := ix.scope(kind, account, ix.region)
			switch {
			case at == nil:
				gaps = append(gaps, Gap{kind, account, "not scanned", "scan with --region " + ix.region})
			case at.Gap != nil:
				gaps = append(gaps, Gap{kind, account, at.Gap.String(), at.Gap.Settle()})
			}
		}
	}
	return gaps
}

func (ix *world) scope(kind model.Kind, account, region string) *model.Scope {
	for i, s := range ix.scopes {
		if s.Kind == kind && s.Account == account && s.Region == region {
			return &ix.scopes[i]
		}
	}
	return nil
}

// unlistedIn says why the list of a kind in a region is not known; empty when it is.
func (ix *world) unlistedIn(kind model.Kind, account, region string) string {
	switch at := ix.scope(kind, account, region); {
	case at == nil:
		return region + " was not scanned"
	case at.Gap != nil:
		return region + ": " + at.Gap.String()
	}
	return ""
}

// unlisted is unlistedIn for the first region elsewhere that has a gap, and for a
// snapshot that has no other region.
func (ix *world) unlisted(kind model.Kind, account string) string {
	some := false
	for _, region := range ix.regions {
		if region == ix.region {
			continue
		}
		if ix.scope(kind, account, region) == nil {
			continue // of another account only
		}
		if some = true; ix.scope(kind, account, region).Gap != nil {
			return ix.unlistedIn(kind, account, region)
		}
	}
	if !some {
		return "no other region was scanned"
	}
	return ""
}
