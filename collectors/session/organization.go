package session

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// findOrganizations says of each account which organization it is in and who
// else is. Only the management account and delegated administrators may list
// the members, so one account that can speaks for all of its organization.
func findOrganizations(ctx context.Context, accounts []*Account, trusted []string) {
	members := map[string][]string{} // by organization id
	for _, a := range accounts {
		a.Org = &collectors.Organization{Trusted: trusted}
		if a.Gap != nil {
			a.Org.ID, a.Org.Accounts = model.Missing[string](*a.Gap), model.Missing[[]string](*a.Gap)
			continue
		}
		a.findOrganization(ctx)
		id, ok := a.Org.ID.Get()
		if list, known := a.Org.Accounts.Get(); ok && known {
			members[id] = list
		}
	}
	for _, a := range accounts {
		id, ok := a.Org.ID.Get()
		if list := members[id]; ok && list != nil && slices.Contains(list, a.ID) {
			a.Org.Accounts = model.Known(list)
		}
	}
}

func (a *Account) findOrganization(ctx context.Context) {
	client := organizations.NewFromConfig(a.Config(organizationsRegion(a.Partition)))
	described, err := client.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	switch {
	case awserr.Code(err) == "AWSOrganizationsNotInUseException":
		a.Org.ID, a.Org.Accounts = model.None[string](), model.Known([]string{a.ID})
		return
	case err != nil:
		why := awserr.Unknown("organizations:DescribeOrganization", err)
		a.Org.ID = model.Missing[string](why)
		// Members may be listed all the same; without the id they cannot be
		// shared with other accounts.
	case described.Organization == nil:
		a.Org.ID = model.Missing[string](model.Unknown{Reason: model.ReasonFailed, Action: "organizations:DescribeOrganization", Detail: "the answer names no organization"})
	default:
		a.Org.ID = model.Known(aws.ToString(described.Organization.Id))
	}
	a.Org.Accounts = listMembers(ctx, client, a.ID)
}

func listMembers(ctx context.Context, client organizations.ListAccountsAPIClient, self string) model.Value[[]string] {
	const action = "organizations:ListAccounts"
	var list []string
	for pages := organizations.NewListAccountsPaginator(client, &organizations.ListAccountsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return model.Missing[[]string](awserr.Unknown(action, err))
		}
		for _, account := range page.Accounts {
			list = append(list, aws.ToString(account.Id))
		}
	}
	if !slices.Contains(list, self) {
		// An organization without the account that asks is not believed.
		return model.Missing[[]string](model.Unknown{Reason: model.ReasonFailed, Action: action, Detail: "the list of members lacks the account itself"})
	}
	slices.Sort(list)
	return model.Known(list)
}

// organizationsRegion is where the Organizations endpoint of a partition is
// (AWS General Reference, "AWS Organizations endpoints and quotas").
func organizationsRegion(partition string) string {
	switch partition {
	case "aws-cn":
		return "cn-northwest-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	default:
		return "us-east-1"
	}
}
