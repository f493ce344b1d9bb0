package evaluator

import (
	"fmt"
	"time"

	"github.com/keyproof/keyproof/model"
)

// identities adds some principals and policies of an account, of which one in
// three allows something on everything.
func (c *company) identities(account string) {
	at := model.ResourceID{Account: account, Region: model.RegionGlobal}
	for _, kind := range []model.Kind{model.KindPrincipal, model.KindIAMPolicy} {
		c.scopes = append(c.scopes, model.Scope{Kind: kind, Account: account, Region: model.RegionGlobal})
	}
	for i := range 6 {
		c.add(at, model.KindPrincipal, fmt.Sprintf("arn:aws:iam::%s:role/r%d", account, i), &model.Principal{
			Type: model.Known("role"), Path: model.Known("/"), CreatedAt: c.ago(400), InlinePolicies: model.Known([]string{}),
			AWSManagedPolicies: model.Known([]string{}), AttachedPolicies: model.Known([]string{}), PermissionsBoundary: model.None[string](),
			ServiceLinked: model.Known(i == 5), Tags: c.tags(i), Grants: c.grants(i),
		})
		c.add(at, model.KindIAMPolicy, fmt.Sprintf("arn:aws:iam::%s:policy/p%d", account, i), &model.IAMPolicy{
			Path: model.Known("/"), CreatedAt: c.ago(400), ChangedAt: model.Known(now.Add(-24 * time.Hour)), Version: model.Known("v1"),
			Attachments: model.Known(i % 3), BoundaryCount: model.Known(0), Grants: c.grants(i),
		})
	}
}

func (c *company) grants(i int) model.Grants {
	var g model.Grants
	for _, list := range g.All() {
		*list = model.Known([]model.Grant{})
		if i%3 == 1 {
			*list = model.Known([]model.Grant{{Policy: "p", SID: "#1", Actions: []string{"*"}, Resources: []string{"*"}, Conditions: []string{}, Limits: []string{}}})
		}
	}
	if i == 4 { // all but administrator, which hides the others
		g.AdminGrants = model.Known([]model.Grant{})
	}
	return g
}
