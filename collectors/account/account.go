// Package account emits the row of an account itself. It makes no call: what
// it knows was found out before the scan.
package account

import (
	"context"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// Collector emits one row for an account and region, which other collectors
// fill further.
type Collector struct{}

// New makes the collector.
func New() *Collector { return &Collector{} }

// Name returns "account".
func (*Collector) Name() string { return "account" }

// Permissions returns none.
func (*Collector) Permissions() []string { return nil }

// Collect emits the account's row.
func (*Collector) Collect(_ context.Context, cell *collectors.Cell) error {
	body := &model.Account{}
	if cell.Org != nil {
		body.OrganizationID = cell.Org.ID
	}
	if err := cell.Emit(&model.Resource{ID: cell.AccountRow(), Name: cell.Account, Body: body}); err != nil {
		return err
	}
	cell.Listed(model.KindAccount)
	return nil
}
