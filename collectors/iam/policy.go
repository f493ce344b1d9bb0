package iam

import (
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// directory is what is known of an account's IAM so far.
type directory struct {
	cell *collectors.Cell
	// documents are the texts of all managed policies by ARN, AWS's own included.
	documents map[string]model.Value[string]
}

func (d *directory) owner() iampolicy.Owner {
	return iampolicy.Owner{Partition: d.cell.Partition, Account: d.cell.Account}
}

// policies keeps the documents of a page and emits the customer's policies.
func (d *directory) policies(page *iam.GetAccountAuthorizationDetailsOutput) error {
	for i := range page.Policies {
		p := &page.Policies[i]
		id := aws.ToString(p.Arn)
		if id == "" {
			d.cell.Gap(model.KindIAMPolicy, left("the ARN of a policy"))
			continue
		}
		d.documents[id] = inForce(p)
		if !awsOwned(id) {
			if err := d.cell.Emit(d.policy(id, p)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *directory) policy(id string, p *types.ManagedPolicyDetail) *model.Resource {
	name := aws.ToString(p.PolicyName)
	body := &model.IAMPolicy{
		Path:      model.KnownOrNone(p.Path),
		CreatedAt: model.KnownOrNone(p.CreateDate),
		ChangedAt: model.KnownOrNone(p.UpdateDate),
		Version:   model.KnownOrNone(p.DefaultVersionId),
		// A count that is left out would read as "attached to nothing".
		Attachments:   counted(p.AttachmentCount, "how often a policy is attached"),
		BoundaryCount: counted(p.PermissionsBoundaryUsageCount, "how often a policy is a boundary"),
	}
	if doc, ok := d.documents[id].Get(); ok {
		body.Grants = iampolicy.IdentityGrants([]iampolicy.Source{{Name: name, Document: doc}}, nil, d.owner())
	} else {
		body.Grants = model.UnknownGrants(d.documents[id].Why())
	}
	return &model.Resource{ID: d.cell.ID(model.KindIAMPolicy, id), Name: name, Body: body}
}

// inForce is the text of the default version, which alone counts.
func inForce(p *types.ManagedPolicyDetail) model.Value[string] {
	for _, v := range p.PolicyVersionList {
		if v.IsDefaultVersion && v.Document != nil {
			return decoded(*v.Document)
		}
	}
	return model.Missing[string](left("the document of policy " + aws.ToString(p.PolicyName)))
}

// decoded undoes the URL encoding of documents (RFC 3986, in which "+" is itself;
// GetAccountAuthorizationDetails).
func decoded(document string) model.Value[string] {
	text, err := url.PathUnescape(document)
	if err != nil {
		return model.Missing[string](model.Unknown{Reason: model.ReasonFailed, Action: getDetails, Detail: "a policy document is not URL-encoded as IAM says"})
	}
	return model.Known(text)
}

// awsOwned says of a policy's ARN whether the policy is of AWS's own: its
// account is "aws", in every partition.
func awsOwned(id string) bool {
	a, err := arn.Parse(id)
	return err == nil && strings.EqualFold(a.AccountID, "aws")
}

func counted(n *int32, what string) model.Value[int] {
	if n == nil {
		return model.Missing[int](left(what))
	}
	return model.Known(int(*n))
}

func left(what string) model.Unknown {
	return model.Unknown{Reason: model.ReasonFailed, Action: getDetails, Detail: "AWS left out " + what}
}
