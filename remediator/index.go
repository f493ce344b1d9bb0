package remediator

import (
	"iter"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// index is the rest of a snapshot as actions see it. Secrets and parameters, of
// which there may be very many, are left out.
type index struct {
	header model.Header
	byID   map[model.ResourceID]*model.Resource
	byList map[model.ResourceID][]*model.Resource // the key has no ID
}

func newIndex(h model.Header) *index {
	return &index{header: h, byID: map[model.ResourceID]*model.Resource{}, byList: map[model.ResourceID][]*model.Resource{}}
}

func (ix *index) add(r *model.Resource) {
	if !slices.Contains([]model.Kind{model.KindKey, model.KindFunction, model.KindDatabase, model.KindTrail, model.KindAccount}, r.ID.Kind) {
		return
	}
	ix.byID[r.ID] = r
	for _, also := range r.Aka {
		id := r.ID
		id.ID = also
		ix.byID[id] = r
	}
	list := r.ID
	list.ID = ""
	ix.byList[list] = append(ix.byList[list], r)
}

// Get returns a resource, or nil.
func (ix *index) Get(id model.ResourceID) *model.Resource { return ix.byID[id] }

// All are those of a kind in an account and region.
func (ix *index) All(kind model.Kind, account, region string) iter.Seq[*model.Resource] {
	return slices.Values(ix.byList[model.ResourceID{Kind: kind, Account: account, Region: region}])
}

// Gap is why All is not complete.
func (ix *index) Gap(kind model.Kind, account, region string) *model.Unknown {
	for _, s := range ix.header.Scopes {
		if s.Kind == kind && s.Account == account && s.Region == region {
			return s.Gap
		}
	}
	return &model.Unknown{Reason: model.ReasonNotCollected, Detail: region + " was not scanned"}
}
