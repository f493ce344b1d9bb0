package reports

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestGlobalKinds: what belongs to no region has no place in a list of regions,
// and a region of which nothing can be read lacks nothing of it.
func TestGlobalKinds(t *testing.T) {
	off, denied := &model.Unknown{Reason: model.ReasonRegionOff}, &model.Unknown{Reason: model.ReasonAccessDenied, Action: "iam:GetAccountAuthorizationDetails"}
	scopes := []model.Scope{
		{Kind: model.KindIAMPolicy, Account: "111122223333", Region: model.RegionGlobal, Gap: denied},
		{Kind: model.KindPrincipal, Account: "111122223333", Region: model.RegionGlobal, Gap: denied},
	}
	for _, k := range model.Kinds() {
		if !k.Global() {
			scopes = append(scopes, model.Scope{Kind: k, Account: "111122223333", Region: "me-south-1", Gap: off})
		}
	}
	require.Equal(t, []string{
		"IAM policies and principals of 111122223333 could not be listed: iam:GetAccountAuthorizationDetails denied",
		"nothing of 111122223333 in me-south-1 could be read: the region is not enabled for the account",
	}, gapLines(scopes))
	_, regions := places(scopes)
	require.Equal(t, []string{"me-south-1"}, regions)
}
