package dr

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// NoRegion is a snapshot that has nothing of the region.
type NoRegion struct {
	Region string
	Have   []string // the regions that were scanned
}

func (e *NoRegion) Error() string {
	return fmt.Sprintf("the snapshot has nothing of %s: it holds %s; scan with --region %s and the regions that have the copies",
		e.Region, strings.Join(e.Have, ", "), e.Region)
}

// Lose says what would be out of reach without a region.
func Lose(snap *model.Snapshot, region string) (*Report, error) {
	ix, err := index(snap, region)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ix.regions, region) {
		return nil, &NoRegion{region, ix.regions}
	}
	r := &Report{
		Region: region, TakenAt: snap.TakenAt, Source: snap.Source, Items: []Item{}, Gaps: ix.gaps(),
		Regions: slices.DeleteFunc(slices.Clone(ix.regions), func(s string) bool { return s == region }),
	}
	for _, res := range ix.lost {
		item := Item{Resource: res.ID, Name: res.Name, Fate: Unknown, Copies: []Copy{}}
		switch b := res.Body.(type) {
		case *model.Secret:
			if doomed, _ := b.DeletionScheduled.Get(); doomed {
				r.Doomed++
				continue
			}
			ix.secret(&item, b)
		case *model.Parameter:
			ix.parameter(&item, b)
		case *model.Key:
			if b.Manager.Or("") == "AWS" {
				continue // each region has its own, which AWS makes
			}
			ix.key(&item, b)
		case *model.Trail:
			ix.trail(&item, b)
		default:
			continue
		}
		r.Items = append(r.Items, item)
	}
	slices.SortFunc(r.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds(), a.Resource.Kind), slices.Index(Kinds(), b.Resource.Kind)),
			cmp.Compare(slices.Index(Fates(), a.Fate), slices.Index(Fates(), b.Fate)), a.Resource.Compare(b.Resource))
	})
	return r, nil
}

// parameter: Parameter Store copies nothing to another region.
func (ix *world) parameter(item *Item, _ *model.Parameter) {
	same := ix.parameters[place{item.Resource.Account, "", item.Name}]
	if len(same) > 0 {
		slices.Sort(same)
		item.Fate, item.Why = Unknown, "Parameter Store replicates nothing; a parameter of this name is in "+strings.Join(same, ", ")+", and whether it has the same value is not known"
		return
	}
	if open := ix.unlisted(model.KindParameter, item.Resource.Account); open != "" {
		item.Fate, item.Why = Unknown, "Parameter Store replicates nothing; whether somebody keeps one of this name elsewhere is not known: "+open
		return
	}
	item.Fate, item.Why = Lost, "Parameter Store replicates nothing, and no other scanned region has one of this name"
}

func (ix *world) key(item *Item, k *model.Key) {
	multi, known := k.MultiRegion.Get()
	switch {
	case !known:
		item.Why = "whether it is a multi-Region key is unknown: " + k.MultiRegion.Why().String()
		return
	case !multi:
		item.Fate, item.Why = Lost, "a single-Region key: what is encrypted with it alone cannot be read elsewhere"
		return
	}
	id, known := k.KeyID.Get()
	if !known {
		item.Why = "which keys are related to it is unknown: " + k.KeyID.Why().String()
		return
	}
	for _, other := range ix.related[id] {
		c := Copy{Region: other.ID.Region, ID: other.ID.ID, Lacks: []string{}, Unknown: []string{}}
		usable(&c, "the key", other)
		item.Copies = append(item.Copies, c)
	}
	if len(item.Copies) == 0 {
		item.Why = "a multi-Region key, and none of the scanned regions has a related key: regions that were not scanned may"
		return
	}
	item.judge("related multi-Region keys are keys of their own")
}

// trail: what a trail records it delivers to a bucket, wherever that is. AWS does
// not document what a lost home region means for the others.
func (ix *world) trail(item *Item, t *model.Trail) {
	multi, known := t.MultiRegion.Get()
	if !known {
		item.Why = "whether it records all regions is unknown: " + t.MultiRegion.Why().String()
		return
	}
	item.Fate, item.Why = Impaired, "records this region alone; what it delivered before stays where its bucket is"
	if multi {
		item.Why = "it is at home here: it cannot be changed from another region, and AWS does not say whether it goes on recording the others"
		if others := ix.trails[item.Resource.Account]; len(others) > 0 {
			item.Why += "; " + strings.Join(others, ", ") + " at home elsewhere records all regions too"
		}
	}
}

// judge makes a fate of the copies: the best of them counts.
func (i *Item) judge(ready string) {
	best := -1
	for n, c := range i.Copies {
		if best < 0 || c.rank() < i.Copies[best].rank() {
			best = n
		}
	}
	c := i.Copies[best]
	switch {
	case len(c.Lacks)+len(c.Unknown) == 0:
		i.Fate, i.Why = Promote, fmt.Sprintf("the copy in %s can take over: %s", c.Region, ready)
	case len(c.Lacks) > 0:
		i.Fate, i.Why = Lacking, fmt.Sprintf("the copy in %s lacks %s", c.Region, strings.Join(c.Lacks, "; "))
	default:
		i.Fate, i.Why = Unknown, fmt.Sprintf("of the copy in %s is not known: %s", c.Region, strings.Join(c.Unknown, "; "))
	}
}

// rank is lower for a better copy: a copy that is known to lack something is
// worse than one of which something is not known.
func (c Copy) rank() int { return 100*len(c.Lacks) + len(c.Unknown) }
