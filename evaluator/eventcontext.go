package evaluator

import (
	"github.com/keyproof/keyproof/model"
)

// contextOf is what a snapshot knows beside its events: which accounts are ours,
// and where trails deliver.
func contextOf(snap *model.Snapshot, ix *index) (model.EventContext, error) {
	buckets := map[string]bool{}
	for r, err := range snap.Outline(func(id model.ResourceID) bool { return id.Kind == model.KindTrail }) {
		if err != nil {
			return model.EventContext{}, err
		}
		if trail, ok := r.Body.(*model.Trail); ok {
			buckets[trail.Bucket.Or("")] = true
		}
	}
	listed := trailsListed(&snap.Header)
	return model.EventContext{
		Inside: insider(&snap.Header),
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

// insider says of an account whether a scan reads it.
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
	delete(read, "")
	return func(account string) bool { return read[account] }
}
