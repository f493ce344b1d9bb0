package collectors

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Organization is what is known of the organization of an account, and which
// other accounts the user trusts.
type Organization struct {
	ID model.Value[string] // None: the account is in no organization
	// Accounts are the member accounts. Unknown when they could not be listed,
	// which only the management account and delegated administrators can.
	Accounts model.Value[[]string]
	Trusted  []string // accounts that the user says are trusted
}

// Trusts says whether an account is the owner, of the same organization, or
// trusted by the user. A policy can let in a whole organization: its id "o-…"
// may stand for an account.
func (o *Organization) Trusts(owner, account string) model.Value[bool] {
	if account == owner || slices.Contains(o.Trusted, account) {
		return model.Known(true)
	}
	if strings.HasPrefix(account, "o-") {
		id, ok := o.ID.Get()
		if !ok && o.ID.State() == model.StateUnknown {
			return model.Missing[bool](o.ID.Why())
		}
		return model.Known(ok && id == account)
	}
	if members, ok := o.Accounts.Get(); ok {
		return model.Known(slices.Contains(members, account))
	}
	if o.ID.State() == model.StateAbsent {
		return model.Known(false)
	}
	return model.Missing[bool](o.Accounts.Why())
}

// members are the accounts of all organizations whose members were listed, sorted.
func (p *Plan) members() []string {
	var all []string
	for _, c := range p.Cells {
		if c.Cell.Org != nil {
			all = append(all, c.Cell.Org.Accounts.Or(nil)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Trusts says of another account, or of an organization by its id, whether it
// is of the cell's organization or trusted by the user.
func (c *Cell) Trusts(account string) model.Value[bool] {
	if c.Org == nil {
		return model.Value[bool]{}
	}
	return c.Org.Trusts(c.Account, account)
}
