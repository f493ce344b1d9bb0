package collectors

import (
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// CodeSharing is whom a parameter is shared with, as far as its tier in code tells:
// only what is said to be of the standard tier cannot be shared (Systems Manager
// User Guide, "Working with shared parameters"). With whom another one is shared
// stands in AWS RAM, of which code is never known to hold all, and elsewhere says
// so; and without a tier the default of the region counts, which need not be the
// standard.
func CodeSharing(tier model.Value[string], elsewhere model.Unknown) model.PolicyFacts {
	switch name, _ := tier.Get(); {
	case name == "Standard":
		return iampolicy.Facts("", model.ResourceID{}, nil)
	case tier.State() == model.StateUnknown:
		return iampolicy.Unreadable(tier.Why())
	default:
		return iampolicy.Unreadable(elsewhere)
	}
}
