package account_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/account"
	"github.com/keyproof/keyproof/model"
)

func TestAccount(t *testing.T) {
	why := model.Unknown{Reason: model.ReasonAccessDenied, Action: "organizations:DescribeOrganization"}
	for name, tt := range map[string]struct {
		org  *collectors.Organization
		want model.Value[string]
	}{
		"member":   {&collectors.Organization{ID: model.Known("o-1")}, model.Known("o-1")},
		"alone":    {&collectors.Organization{ID: model.None[string]()}, model.None[string]()},
		"refused":  {&collectors.Organization{ID: model.Missing[string](why)}, model.Missing[string](why)},
		"unasked":  {nil, model.Value[string]{}},
		"not said": {&collectors.Organization{}, model.Value[string]{}},
	} {
		t.Run(name, func(t *testing.T) {
			spool, err := model.NewSpool(t.TempDir())
			require.NoError(t, err)
			defer func() { require.NoError(t, spool.Close()) }()
			c := account.New()
			assert.Equal(t, "account", c.Name())
			assert.Empty(t, c.Permissions())
			snap, err := collectors.Run(t.Context(), collectors.Plan{TakenAt: time.Unix(0, 0), Cells: []collectors.CellPlan{{
				Cell:   collectors.CellID{Partition: "aws-cn", Account: "111122223333", Region: "cn-north-1", Org: tt.org},
				Stages: [][]collectors.Collector{{c}},
			}}}, spool)
			require.NoError(t, err)
			n := 0
			for r, err := range snap.Resources {
				require.NoError(t, err)
				n++
				assert.Equal(t, model.ResourceID{
					Kind: model.KindAccount, Account: "111122223333", Region: "cn-north-1", ID: "arn:aws-cn:iam::111122223333:root",
				}, r.ID)
				assert.Equal(t, "111122223333", r.Name)
				got := r.Body.(*model.Account)
				assert.Equal(t, tt.want.State(), got.OrganizationID.State())
				assert.Equal(t, tt.want.Why(), got.OrganizationID.Why())
				assert.Equal(t, tt.want.Or(""), got.OrganizationID.Or(""))
				assert.Equal(t, model.StateUnknown, got.TrailCount.State(), "others fill it")
			}
			assert.Equal(t, 1, n)
			assert.Equal(t, []model.Scope{{Kind: model.KindAccount, Account: "111122223333", Region: "cn-north-1", Count: 1}}, snap.Scopes)
		})
	}
}
