package collectors

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/keyproof/keyproof/model"
)

// Key returns the ID of the key that an answer of AWS names by its ARN, by the
// ARN or name of an alias, or by its key id. Without an ARN it is a key of this
// account and region (KMS Developer Guide, "Key identifiers"). The ARN of an
// alias stays what it is: a key says under which aliases it is known.
func (c *Cell) Key(name string) model.ResourceID {
	if a, err := arn.Parse(name); err == nil {
		return model.ResourceID{Kind: model.KindKey, Account: a.AccountID, Region: a.Region, ID: name}
	}
	if !strings.HasPrefix(name, "alias/") {
		name = "key/" + name
	}
	return c.ID(model.KindKey, c.ARN("kms", name))
}

// ARN returns the ARN of a resource of this account and region.
func (c *Cell) ARN(service, resource string) string {
	return arn.ARN{Partition: c.Partition, Service: service, Region: c.Region, AccountID: c.Account, Resource: resource}.String()
}

// Unqualified cuts version or alias off a function's ARN, whose resource is
// function:NAME or function:NAME:QUALIFIER.
func Unqualified(text string) string { return strings.TrimSuffix(text, ":"+Qualifier(text)) }

// Qualifier is the version or alias of a function's ARN, "" when it has none.
func Qualifier(text string) string {
	a, err := arn.Parse(text)
	if err != nil {
		return ""
	}
	if part := strings.Split(a.Resource, ":"); len(part) == 3 {
		return part[2]
	}
	return ""
}

// AccountRow returns the ID of the account's own row in this region.
func (c *Cell) AccountRow() model.ResourceID {
	return c.ID(model.KindAccount, arn.ARN{Partition: c.Partition, Service: "iam", AccountID: c.Account, Resource: "root"}.String())
}
