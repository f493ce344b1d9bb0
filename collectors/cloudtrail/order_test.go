package cloudtrail

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// plain answers with bare trails, which AWS does not: it gives all members.
type plain struct {
	trails    []types.Trail
	selectors cloudtrail.GetEventSelectorsOutput
}

func (p plain) DescribeTrails(context.Context, *cloudtrail.DescribeTrailsInput, ...func(*cloudtrail.Options)) (*cloudtrail.DescribeTrailsOutput, error) {
	return &cloudtrail.DescribeTrailsOutput{TrailList: slices.Clone(p.trails)}, nil
}

func (p plain) GetEventSelectors(context.Context, *cloudtrail.GetEventSelectorsInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetEventSelectorsOutput, error) {
	return &p.selectors, nil
}

func (plain) GetTrailStatus(context.Context, *cloudtrail.GetTrailStatusInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetTrailStatusOutput, error) {
	return &cloudtrail.GetTrailStatusOutput{IsLogging: aws.Bool(true), LatestDeliveryError: aws.String("")}, nil
}

// noRules is an event bus without rules.
type noRules struct{ ruleClient }

func (noRules) ListRules(context.Context, *eventbridge.ListRulesInput, ...func(*eventbridge.Options)) (*eventbridge.ListRulesOutput, error) {
	return &eventbridge.ListRulesOutput{}, nil
}

func scan(t *testing.T, p plain) map[string]*model.Resource {
	t.Helper()
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, spool.Close()) }()
	snap, err := collectors.Run(t.Context(), collectors.Plan{Cells: []collectors.CellPlan{{
		Cell:   collectors.CellID{Partition: "aws", Account: "111122223333", Region: "us-east-1", Regions: []string{"us-east-1"}},
		Stages: [][]collectors.Collector{{&Collector{trails: p, alerts: alertClients{rules: noRules{}}}}},
	}}}, spool)
	require.NoError(t, err)
	rows := map[string]*model.Resource{}
	for r, err := range snap.Resources {
		require.NoError(t, err)
		rows[r.Name] = r
	}
	return rows
}

func trail(name string, multi, valid bool) types.Trail {
	return types.Trail{
		Name: aws.String(name), TrailARN: aws.String("arn:aws:cloudtrail:us-east-1:111122223333:trail/" + name), HomeRegion: aws.String("us-east-1"),
		IsMultiRegionTrail: aws.Bool(multi), LogFileValidationEnabled: aws.Bool(valid), IncludeGlobalServiceEvents: aws.Bool(true),
		HasCustomEventSelectors: aws.Bool(false),
	}
}

// TestOrder shows that the order of an answer, which is not documented, does
// not decide which of two equally poor trails the account's row speaks of.
func TestOrder(t *testing.T) {
	a, b := trail("a", true, false), trail("b", false, true)
	for _, list := range [][]types.Trail{{a, b}, {b, a}} {
		got := scan(t, plain{trails: list})["111122223333"].Body.(*model.Account)
		assert.Equal(t, model.Known([]string{"log file validation is off"}), got.TrailShortcomings)
	}
}

// TestNoSelectors is an answer without selectors: by AWS's documentation such a
// trail records all management events, unless it is said to have some.
func TestNoSelectors(t *testing.T) {
	custom, silent := trail("custom", true, true), trail("silent", true, true)
	custom.HasCustomEventSelectors, silent.HasCustomEventSelectors = aws.Bool(true), nil
	rows := scan(t, plain{trails: []types.Trail{trail("plain", true, true), custom, silent}})
	got := rows["plain"].Body.(*model.Trail)
	assert.Equal(t, model.Known("classic"), got.SelectorKind)
	assert.Equal(t, model.Known(true), got.ManagementRead)
	assert.Equal(t, model.Known(true), got.ManagementWrite)
	assert.Equal(t, model.Known(false), got.KMSEventsExcluded)
	assert.Equal(t, model.StateAbsent, got.DeliveryError.State(), "an empty error is none")
	for _, name := range []string{"custom", "silent"} {
		got := rows[name].Body.(*model.Trail)
		assert.Equal(t, model.StateUnknown, got.ManagementRead.State(), name)
		assert.Equal(t, getEventSelectors, got.SelectorKind.Why().Action, name)
		assert.Equal(t, model.StateUnknown, got.Organization.State(), "left out is unknown")
	}
}
