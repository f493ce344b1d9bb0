package session_test

import (
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/session"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

func TestOpenTheStandardWay(t *testing.T) {
	server := serve(t)
	environment(t, server.URL(), "", keys("AKIDPROD"))
	a := open(t, session.Options{Version: "1.2.3 (dev)"})
	require.Len(t, a, 1)
	assert.Equal(t, prod, a[0].ID)
	assert.Equal(t, "aws", a[0].Partition)
	names, closed := regions(a[0])
	assert.Equal(t, []string{"us-east-1"}, names, "the region of the environment")
	assert.Empty(t, closed)
	assert.Equal(t, "us-east-1", a[0].Config("us-east-1").Region)
	assert.Equal(t, map[string]int{
		"sts:GetCallerIdentity": 1, "account:ListRegions": 1, "organizations:DescribeOrganization": 1, "organizations:ListAccounts": 1,
	}, server.Calls())
	for _, action := range session.Permissions() {
		assert.Equal(t, 1, server.Calls()[action])
	}
}

func TestProfiles(t *testing.T) {
	server := serve(t)
	environment(t, server.URL(), `
[profile prod]
aws_access_key_id = AKIDPROD
aws_secret_access_key = x
region = us-east-1
[profile dev]
aws_access_key_id = AKIDDEV
aws_secret_access_key = x
region = ap-southeast-2
`, nil)
	a := open(t, session.Options{Profiles: []string{"prod", "dev"}})
	require.Len(t, a, 2)
	names, _ := regions(a[1])
	assert.Equal(t, dev, a[1].ID)
	assert.Equal(t, []string{"ap-southeast-2"}, names, "each profile's own region")
}

func TestRegions(t *testing.T) {
	server := serve(t)
	all := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"all"}})
	names, closed := regions(all[0])
	assert.Equal(t, []string{"eu-west-1", "us-east-1"}, names, "what is enabled")
	assert.Empty(t, closed)

	some := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1", "me-central-1", "us-east-1"}})
	names, closed = regions(some[0])
	assert.Equal(t, []string{"us-east-1"}, names, "once")
	require.Equal(t, []string{"me-central-1"}, closed, "named, and not enabled: a gap and not silence")
	assert.Equal(t, model.ReasonRegionOff, some[0].Regions[0].Gap.Reason)

	t.Run("the list is refused", func(t *testing.T) {
		server.SetFaults(fixture.Fault{Operation: "ListRegions", Kind: fixture.Deny})
		defer server.SetFaults()
		before := server.Calls()["account:ListRegions"]
		named := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1", "xx-nowhere-9"}})
		names, _ := regions(named[0])
		assert.Equal(t, []string{"us-east-1", "xx-nowhere-9"}, names, "taken as they are")
		assert.Equal(t, before+1, server.Calls()["account:ListRegions"], "asked once")

		_, err := session.Open(t.Context(), session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"all"}})
		assert.ErrorContains(t, err, "allow account:ListRegions, or name the regions with --region")
	})
}

func TestOrganizations(t *testing.T) {
	server := serve(t)
	environment(t, server.URL(), `
[profile prod]
aws_access_key_id = AKIDPROD
aws_secret_access_key = x
[profile dev]
aws_access_key_id = AKIDDEV
aws_secret_access_key = x
[profile alone]
aws_access_key_id = AKIDALONE
aws_secret_access_key = x
`, map[string]string{"AWS_REGION": "us-east-1"})
	named := func(profiles ...string) session.Options {
		return session.Options{Profiles: profiles, Trusted: []string{"999988887777"}}
	}
	t.Run("a member cannot list the members", func(t *testing.T) {
		org := open(t, named("dev"))[0].Org
		assert.Equal(t, model.Known("o-a1b2c3d4e5"), org.ID)
		assert.Equal(t, model.Unknown{Reason: model.ReasonAccessDenied, Action: "organizations:ListAccounts"}, reasonOnly(org.Accounts.Why()))
		assert.Equal(t, model.StateUnknown, org.Trusts(dev, prod).State(), "nobody can say who prod is")
		assert.Equal(t, model.Known(true), org.Trusts(dev, "999988887777"))
		assert.Equal(t, model.Known(true), org.Trusts(dev, "o-a1b2c3d4e5"))
		assert.Equal(t, model.Known(false), org.Trusts(dev, "o-zzzzzzzzzz"))
	})
	t.Run("an account that can speaks for the others", func(t *testing.T) {
		for _, order := range [][]string{{"prod", "dev", "alone"}, {"alone", "dev", "prod"}} {
			for _, a := range open(t, named(order...)) {
				if a.ID == alone {
					assert.Equal(t, model.None[string](), a.Org.ID)
					assert.Equal(t, model.Known(false), a.Org.Trusts(alone, prod), "it is in no organization")
					continue
				}
				assert.Equal(t, model.Known([]string{prod, dev}), a.Org.Accounts, a.ID)
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		server.SetFaults(fixture.Fault{Service: "organizations", Kind: fixture.Deny})
		defer server.SetFaults()
		org := open(t, named("prod"))[0].Org
		assert.Equal(t, "organizations:DescribeOrganization", org.ID.Why().Action)
		assert.Equal(t, "organizations:ListAccounts", org.Accounts.Why().Action)
	})
}

func reasonOnly(u model.Unknown) model.Unknown {
	u.Detail = ""
	return u
}

func TestRoles(t *testing.T) {
	server := serve(t)
	role := func(account, name string) string { return "arn:aws:iam::" + account + ":role/" + name }
	with := func(external string, roles ...string) session.Options {
		return session.Options{Base: base(server, "AKIDPROD"), Roles: roles, ExternalID: external, Regions: []string{"us-east-1"}}
	}
	a := open(t, with("", role(prod, "Audit"), role(dev, "Audit")))
	require.Len(t, a, 2)
	assert.Equal(t, []string{prod, dev}, []string{a[0].ID, a[1].ID})
	assert.Equal(t, dev, open(t, with("ticket-7", role(dev, "Named")))[0].ID, "with its external id")

	t.Run("one of several is refused", func(t *testing.T) {
		a := open(t, with("", role(prod, "Audit"), role(alone, "Closed")))
		require.Len(t, a, 2)
		assert.Nil(t, a[0].Gap)
		require.NotNil(t, a[1].Gap)
		assert.Equal(t, alone, a[1].ID, "the account of the role's ARN")
		assert.Equal(t, "sts:AssumeRole", a[1].Gap.Action)
		assert.Equal(t, model.ReasonAccessDenied, a[1].Gap.Reason)
		_, closed := regions(a[1])
		assert.Equal(t, []string{"us-east-1"}, closed, "its regions are gaps and not silence")
		assert.Equal(t, model.StateUnknown, a[1].Org.ID.State())
	})
	t.Run("the only one is refused", func(t *testing.T) {
		_, err := session.Open(t.Context(), with("", role(dev, "Named")))
		require.Error(t, err)
		assert.Contains(t, err.Error(), "cannot assume the role in account "+dev)
		assert.Contains(t, err.Error(), "let the role trust the caller")
	})
}

func TestRequestRate(t *testing.T) {
	server := serve(t)
	list := func(unlimited bool) time.Duration {
		a := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1"}, Unlimited: unlimited, Reads: []string{"lambda:ListFunctions"}})[0]
		c := lambda.NewFromConfig(a.Config("us-east-1"))
		start := time.Now()
		for range 10 { // three more than a second's worth
			_, err := c.ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
			require.NoError(t, err)
		}
		return time.Since(start)
	}
	assert.Greater(t, list(false), 350*time.Millisecond, "half of the 15 calls a second that Lambda allows")
	assert.Less(t, list(true), 350*time.Millisecond)
}

func TestThrottledCallsAreRepeated(t *testing.T) {
	server := serve(t)
	a := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1"}, Reads: []string{"lambda:ListFunctions"}})[0]
	server.SetFaults(fixture.Fault{Operation: "ListFunctions", Kind: fixture.Throttle, Count: 2})
	_, err := lambda.NewFromConfig(a.Config("us-east-1")).ListFunctions(t.Context(), &lambda.ListFunctionsInput{MaxItems: aws.Int32(5)})
	require.NoError(t, err)
	assert.Equal(t, 3, server.Calls()["lambda:ListFunctions"])
}

// TestLookupRate: two lookups a second, counted as AWS counts them, are not too
// many in two regions at once.
func TestLookupRate(t *testing.T) {
	server := serve(t)
	server.SetFaults(fixture.Fault{Operation: "LookupEvents", Kind: fixture.Limit, Rate: 2})
	a := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1", "eu-west-1"}, Reads: []string{"cloudtrail:LookupEvents"}})[0]
	start := time.Now()
	var group sync.WaitGroup
	for _, r := range a.Regions {
		group.Go(func() {
			c := cloudtrail.NewFromConfig(a.Config(r.Name))
			for range 4 {
				_, err := c.LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{})
				assert.NoError(t, err)
			}
		})
	}
	group.Wait()
	assert.Greater(t, time.Since(start), 1400*time.Millisecond)
	// One may be refused where the machine was slow to send the one before.
	assert.LessOrEqual(t, server.Calls()["cloudtrail:LookupEvents"], 8+2)
}
