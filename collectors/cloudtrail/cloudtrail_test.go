package cloudtrail_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const trails = `us-east-1:
  keys: [{name: logs}]
  buckets: [{name: b}]
  trails:
    - {name: good, bucket: b, multi_region: true, log_file_validation: true, key: logs, log_group: trail, delivered: 2d}
    - {name: local, bucket: b, selectors: [{read_write: WriteOnly, exclude: [kms.amazonaws.com]}]}
    - {name: stopped, bucket: b, multi_region: true, stopped: 3d}
    - {name: broken, bucket: b, multi_region: true, delivery_error: NoSuchBucket}
    - name: narrow
      bucket: b
      advanced_selectors:
        - {name: "Management events selector", fields: [{field: eventCategory, equals: [Management]}, {field: eventSource, not_equals: [kms.amazonaws.com]}]}
eu-west-1:
  trails:
    - {name: irish, bucket: b}
`

const accountRow = "arn:aws:iam::111122223333:root"

func (w *world) trails(cell collectors.CellID) (testaccount.Snapshot, map[string]*model.Trail) {
	if cell.Account == "" {
		cell.Account = testaccount.Here
	}
	if cell.Region == "" {
		cell.Region = testaccount.Virginia
	}
	s := w.Scan(cell, []collectors.Collector{cloudtrail.New(w.Config(cell.Account, cell.Region))})
	list := map[string]*model.Trail{}
	for name, r := range s.Rows {
		if body, ok := r.Body.(*model.Trail); ok {
			list[name] = body
		}
	}
	return s, list
}

func accountOf(t *testing.T, s testaccount.Snapshot, id string) *model.Account {
	t.Helper()
	require.Contains(t, s.Rows, id)
	return s.Rows[id].Body.(*model.Account)
}

func TestTrails(t *testing.T) {
	w := serve(t, trails)
	s, list := w.trails(collectors.CellID{})
	require.Len(t, list, 5)
	require.Nil(t, s.Gap(model.KindTrail))

	good := list["good"]
	assert.Equal(t, "arn:aws:cloudtrail:us-east-1:111122223333:trail/good", s.Rows["good"].ID.ID)
	assert.Equal(t, model.Known(testaccount.Virginia), good.HomeRegion)
	for name, v := range map[string]model.Value[bool]{
		"multi-Region": good.MultiRegion, "validation": good.Validation, "logging": good.Logging,
		"global": good.GlobalEvents, "read": good.ManagementRead, "write": good.ManagementWrite,
	} {
		assert.Equal(t, model.Known(true), v, name)
	}
	assert.Equal(t, model.Known(false), good.Organization)
	assert.Equal(t, model.Known(false), good.KMSEventsExcluded)
	assert.Equal(t, model.Known("classic"), good.SelectorKind)
	assert.Equal(t, model.Known("b"), good.Bucket)
	assert.Equal(t, model.Known("arn:aws:logs:us-east-1:111122223333:log-group:trail:*"), good.LogGroup)
	assert.Equal(t, model.Known(2), good.LastDelivered)
	assert.Equal(t, model.StateAbsent, good.DeliveryError.State())
	key, ok := s.Rows["good"].Refs["key"].Get()
	require.True(t, ok)
	assert.Equal(t, good.KMSKey.Or("?"), key.ID)

	local := list["local"]
	assert.Equal(t, model.Known(false), local.MultiRegion)
	assert.Equal(t, model.Known(false), local.Validation)
	assert.Equal(t, model.StateAbsent, local.KMSKey.State())
	assert.Equal(t, model.StateAbsent, local.LogGroup.State())
	assert.Equal(t, model.Known(false), local.ManagementRead)
	assert.Equal(t, model.Known(true), local.ManagementWrite)
	assert.Equal(t, model.Known(true), local.KMSEventsExcluded)

	assert.Equal(t, model.Known(false), list["stopped"].Logging)
	assert.Equal(t, model.Known("NoSuchBucket"), list["broken"].DeliveryError)
	assert.Equal(t, model.Known("advanced"), list["narrow"].SelectorKind)
	assert.Equal(t, model.Known(true), list["narrow"].ManagementRead)
	assert.Equal(t, model.Known(true), list["narrow"].KMSEventsExcluded)

	account := accountOf(t, s, testaccount.Here)
	assert.Equal(t, accountRow, s.Rows[testaccount.Here].ID.ID)
	assert.Equal(t, model.Known(5), account.TrailCount)
	assert.Equal(t, model.Known([]string{}), account.TrailShortcomings)
	assert.Equal(t, map[string]int{
		"cloudtrail:DescribeTrails": 1, "cloudtrail:GetTrailStatus": 5, "cloudtrail:GetEventSelectors": 5,
		"s3:ListAllMyBuckets": 5, "s3:GetBucketPolicyStatus": 5, "s3:GetBucketAcl": 5, "s3:GetBucketPublicAccessBlock": 5,
		"s3:GetEncryptionConfiguration": 5, "s3:GetBucketLogging": 5,
		"logs:DescribeMetricFilters": 1, "events:ListRules": 1,
	}, w.Calls())
}

// TestOnce shows that a trail of several regions makes one row.
func TestOnce(t *testing.T) {
	w := serve(t, trails)
	both := []string{testaccount.Virginia, testaccount.Ireland}
	_, list := w.trails(collectors.CellID{Region: testaccount.Ireland, Regions: both})
	assert.ElementsMatch(t, []string{"irish"}, names(list), "the others are emitted at home")
	s, list := w.trails(collectors.CellID{Region: testaccount.Ireland, Regions: []string{testaccount.Ireland, "sa-east-1"}})
	assert.ElementsMatch(t, []string{"irish", "good", "stopped", "broken"}, names(list), "their home is not scanned, and this is the first region")
	assert.Equal(t, model.Known(testaccount.Virginia), list["good"].HomeRegion)
	account := accountOf(t, s, testaccount.Here)
	assert.Equal(t, model.Known(4), account.TrailCount)
	_, list = w.trails(collectors.CellID{Region: testaccount.Ireland, Regions: []string{"ap-south-1", testaccount.Ireland}})
	assert.ElementsMatch(t, []string{"irish"}, names(list), "this is not the first region")
}

func names(list map[string]*model.Trail) []string {
	var n []string
	for name := range list {
		n = append(n, name)
	}
	return n
}

// organization has a good trail of the management account over a member that
// has a poor one of its own.
const organization = `organization: {id: o-example, management: "444455556666"}
accounts:
  - id: "111122223333"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions:
      us-east-1:
        trails: [{name: own, bucket: b}]
  - id: "444455556666"
    credentials: [{access_key: A2, secret_key: x, principal: user/scanner}]
    regions:
      us-east-1:
        buckets: [{name: b}]
        trails: [{name: everyone, bucket: b, organization: true, multi_region: true, log_file_validation: true}]
`

func TestOrganizationTrail(t *testing.T) {
	w := serveFile(t, organization)
	s, list := w.trails(collectors.CellID{})
	assert.ElementsMatch(t, []string{"own"}, names(list), "the organization's trail is a row of its owner only")
	assert.Equal(t, model.Known(2), accountOf(t, s, testaccount.Here).TrailCount)
	assert.Equal(t, model.Known([]string{}), accountOf(t, s, testaccount.Here).TrailShortcomings, "and covers the member")

	s, list = w.trails(collectors.CellID{Account: testaccount.Other})
	assert.ElementsMatch(t, []string{"everyone"}, names(list))
	assert.Equal(t, model.Known(true), list["everyone"].Organization)
	assert.Equal(t, model.Known([]string{}), accountOf(t, s, testaccount.Other).TrailShortcomings)
}

// TestOrganizationTrailDenied shows that a member that may not read the
// organization's trail is not called uncovered, nor covered.
func TestOrganizationTrailDenied(t *testing.T) {
	for _, operation := range []string{"GetTrailStatus", "GetEventSelectors"} {
		w := serveFile(t, organization)
		w.SetFaults(fake.Fault{Service: "cloudtrail", Operation: operation, Resource: "everyone", Kind: fake.Deny})
		s, list := w.trails(collectors.CellID{})
		assert.Equal(t, model.StateKnown, list["own"].Logging.State())
		got := accountOf(t, s, testaccount.Here)
		assert.Equal(t, model.Known(2), got.TrailCount)
		assert.Equal(t, testaccount.Denied("cloudtrail:"+operation), got.TrailShortcomings.Why())
	}
}

func TestDescribeTrailsDenied(t *testing.T) {
	w := serve(t, trails)
	w.Deny("cloudtrail", "DescribeTrails")
	s, list := w.trails(collectors.CellID{})
	assert.Empty(t, list)
	require.NotNil(t, s.Gap(model.KindTrail))
	assert.Equal(t, testaccount.Denied("cloudtrail:DescribeTrails"), *s.Gap(model.KindTrail))
	account := accountOf(t, s, testaccount.Here)
	assert.Equal(t, testaccount.Denied("cloudtrail:DescribeTrails"), account.TrailCount.Why())
	assert.Equal(t, testaccount.Denied("cloudtrail:DescribeTrails"), account.TrailShortcomings.Why())
}

func TestStatusDenied(t *testing.T) {
	w := serve(t, trails)
	w.Deny("cloudtrail", "GetTrailStatus")
	s, list := w.trails(collectors.CellID{})
	require.Len(t, list, 5, "no row is lost")
	why := testaccount.Denied("cloudtrail:GetTrailStatus")
	for _, a := range []model.Attribute{list["good"].Logging, list["good"].DeliveryError, list["good"].LastDeliveredAt, list["good"].LastDelivered} {
		assert.Equal(t, why, a.Why())
	}
	assert.Equal(t, model.Known(true), list["good"].ManagementRead)
	assert.Equal(t, why, accountOf(t, s, testaccount.Here).TrailShortcomings.Why())
}

func TestSelectorsDenied(t *testing.T) {
	w := serve(t, trails)
	w.Deny("cloudtrail", "GetEventSelectors")
	s, list := w.trails(collectors.CellID{})
	why := testaccount.Denied("cloudtrail:GetEventSelectors")
	for _, a := range []model.Attribute{list["good"].SelectorKind, list["good"].ManagementRead, list["good"].ManagementWrite, list["good"].KMSEventsExcluded} {
		assert.Equal(t, why, a.Why())
	}
	assert.Equal(t, model.Known(true), list["good"].Logging)
	assert.Equal(t, why, accountOf(t, s, testaccount.Here).TrailShortcomings.Why())
}

func TestBroken(t *testing.T) {
	for _, kind := range []fake.FaultKind{fake.BreakServer, fake.BreakConnection, fake.BreakBody, fake.Throttle} {
		w := serve(t, trails)
		w.SetFaults(fake.Fault{Service: "cloudtrail", Operation: "GetTrailStatus", Kind: kind})
		s, list := w.trails(collectors.CellID{})
		require.Len(t, list, 5)
		assert.Equal(t, model.ReasonFailed, list["good"].Logging.Why().Reason)
		assert.Equal(t, model.ReasonFailed, accountOf(t, s, testaccount.Here).TrailShortcomings.Why().Reason)
	}
}

func TestNoTrail(t *testing.T) {
	w := serve(t, "us-east-1: {}")
	s, list := w.trails(collectors.CellID{})
	assert.Empty(t, list)
	assert.Equal(t, model.Known(0), accountOf(t, s, testaccount.Here).TrailCount)
	assert.Equal(t, model.Known([]string{"no trail records this region"}), accountOf(t, s, testaccount.Here).TrailShortcomings)
	assert.Nil(t, s.Gap(model.KindTrail))
}

func TestPermissions(t *testing.T) {
	w := serve(t, reported)
	w.trails(collectors.CellID{})
	var called []string
	for action := range w.Calls() {
		called = append(called, action)
	}
	c := cloudtrail.New(w.Config(testaccount.Here, testaccount.Virginia))
	assert.ElementsMatch(t, c.Permissions(), called)
	assert.Equal(t, "cloudtrail", c.Name())
}
