package evaluator

import (
	"github.com/keyproof/keyproof/model"
)

// contextOf is what a snapshot knows beside its events: which accounts are ours,
// and where trails deliver.
func contextOf(snap *model.Snapshot, ix *index) (model.EventContext, error) {
	buckets, orgs := map[string]bool{}, organizations{ids: map[string]bool{}}
	listed := trailsListed(&snap.Header)
	wanted := func(id model.ResourceID) bool { return id.Kind == model.KindTrail || id.Kind == model.KindAccount }
	for r, err := range snap.Outline(wanted) {
		if err != nil {
			return model.EventContext{}, err
		}
		switch body := r.Body.(type) {
		case *model.Trail:
			if name, ok := body.Bucket.Get(); ok {
				buckets[name] = true
			} else if why := body.Bucket.Why(); body.Bucket.State() == model.StateUnknown && listed == nil {
				listed = &why // it may be any bucket
			}
		case *model.Account:
			orgs.add(body.OrganizationID)
		}
	}
	return model.EventContext{
		Inside:          insider(&snap.Header),
		OwnOrganization: orgs.own,
		TrailBucket: func(name string) model.Value[bool] {
			switch {
			case buckets[name]:
				return model.Known(true)
			case listed != nil:
				return model.Missing[bool](*listed)
			default:
				return model.Known(false)
			}
		},
		RotationFunction: func(e *model.Event, name string) model.Value[bool] {
			return ix.usedBy(&model.Resource{ID: targetNamed(e, name).id, Body: &model.Function{}}, model.KindSecret)
		},
	}, nil
}

// trailsListed is why not all trails are known; nil when they are.
func trailsListed(h *model.Header) *model.Unknown {
	found := false
	for _, s := range h.Scopes {
		if s.Kind == model.KindTrail {
			if s.Gap != nil {
				return s.Gap
			}
			found = true
		}
	}
	if !found {
		return notCollected("trails were not listed, so nobody knows which buckets are theirs")
	}
	return nil
}

// organizations are those of the accounts of a snapshot.
type organizations struct {
	ids    map[string]bool
	listed bool           // there is an account that says of which it is
	why    *model.Unknown // of an account that does not
}

func (o *organizations) add(id model.Value[string]) {
	switch id.State() {
	case model.StateUnknown:
		why := id.Why()
		o.why = &why
	case model.StateKnown:
		o.ids[id.Or("")] = true
		o.listed = true
	default: // it is in none
		o.listed = true
	}
}

func (o *organizations) own(id string) model.Value[bool] {
	switch {
	case o.ids[id]:
		return model.Known(true)
	case o.why != nil:
		return model.Missing[bool](*o.why)
	case !o.listed:
		return model.Missing[bool](*notCollected("the accounts were not read, so nobody knows which organization is theirs"))
	default:
		return model.Known(false)
	}
}

// insider says of an account whether a scan reads it, or knows it as one of the
// organization.
func insider(h *model.Header) func(account string) bool {
	read := map[string]bool{}
	for _, s := range h.Scopes {
		read[s.Account] = true
	}
	if h.Events != nil {
		for _, s := range h.Events.Scopes {
			read[s.Account] = true
		}
	}
	for _, account := range h.Members {
		read[account] = true
	}
	delete(read, "")
	return func(account string) bool { return read[account] }
}
