package ssm

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// readable says whether the value is read: plain text, and not the id of an
// image, whose form AWS itself verified when it was stored.
func readable(p *types.ParameterMetadata) bool {
	return (p.Type == types.ParameterTypeString || p.Type == types.ParameterTypeStringList) && aws.ToString(p.DataType) != imageType
}

const imageType = "aws:ec2:image"

func parameter(cell *collectors.Cell, p *types.ParameterMetadata, tags tagList, found findings, shared sharing) *model.Resource {
	name, arn := aws.ToString(p.Name), arnOf(cell, p)
	body := &model.Parameter{
		Name:     model.Known(name),
		Type:     text(string(p.Type)),
		Tier:     text(string(p.Tier)),
		DataType: text(aws.ToString(p.DataType)),
		Tags:     tags.of(arn),
		Version:  model.Known(int(p.Version)),

		PolicyFacts: shared[arn],
	}
	if p.LastModifiedDate != nil {
		body.LastModifiedAt = model.Known(p.LastModifiedDate.UTC())
	}
	body.Policies, body.ExpiresAt = policies(p.Policies)
	r := &model.Resource{ID: cell.ID(model.KindParameter, arn), Name: name, Body: body}
	switch {
	case p.Type == types.ParameterTypeSecureString:
		body.Credentials = model.None[[]model.Credential]()
		encryption(cell, r, body, p.KeyId)
		return r
	case aws.ToString(p.DataType) == imageType:
		body.Credentials = model.Known([]model.Credential{})
	case readable(p):
		body.Credentials = found[name]
	default:
		why := model.Unknown{Reason: model.ReasonNotCollected, Detail: "parameters of type " + string(p.Type) + " are not read"}
		body.Credentials = model.Missing[[]model.Credential](why)
	}
	body.KMSKey, body.DefaultKey = model.None[string](), model.None[bool]()
	r.Ref("key", model.None[model.ResourceID]())
	return r
}

// encryption fills the key of a SecureString. DefaultKey goes by the alias that
// AWS shows when nobody chose a key; somebody who chose the default key by its
// id is found by the key itself, whose manager is AWS.
func encryption(cell *collectors.Cell, r *model.Resource, body *model.Parameter, key *string) {
	if aws.ToString(key) == "" {
		// AWS shows a key of every SecureString, so nothing follows from none.
		r.Ref("key", model.Value[model.ResourceID]{})
		return
	}
	body.KMSKey = model.Known(*key)
	body.DefaultKey = model.Known(*key == defaultAlias || strings.HasSuffix(*key, ":"+defaultAlias))
	r.Ref("key", model.Known(cell.Key(*key)))
}

const defaultAlias = "alias/aws/ssm"

// arnOf returns the ARN, made up by the form that IAM documents where an answer
// lacks it: "parameter/" and the name without its leading slash.
func arnOf(cell *collectors.Cell, p *types.ParameterMetadata) string {
	if p.ARN != nil {
		return *p.ARN
	}
	return cell.ARN("ssm", "parameter/"+strings.TrimPrefix(aws.ToString(p.Name), "/"))
}

// policies returns the types of the policies and the date of an Expiration.
func policies(list []types.ParameterInlinePolicy) (model.Value[[]string], model.Value[time.Time]) {
	kinds, expires := []string{}, model.None[time.Time]()
	for _, p := range list {
		kind := aws.ToString(p.PolicyType)
		kinds = append(kinds, kind)
		if kind == "Expiration" {
			expires = expiration(aws.ToString(p.PolicyText))
		}
	}
	slices.Sort(kinds)
	return model.Known(kinds), expires
}

// expiration reads the date of an Expiration policy, an ISO 8601 instant
// (Systems Manager User Guide, "Assigning parameter policies").
func expiration(text string) model.Value[time.Time] {
	var policy struct {
		Attributes struct{ Timestamp time.Time }
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil || policy.Attributes.Timestamp.IsZero() {
		return model.Missing[time.Time](model.Unknown{Reason: model.ReasonFailed, Action: describeParameters,
			Detail: "the date of the Expiration policy cannot be read"})
	}
	return model.Known(policy.Attributes.Timestamp.UTC())
}

// text is a member that AWS always sends; were it empty, it is unknown.
func text(s string) model.Value[string] {
	if s == "" {
		return model.Value[string]{}
	}
	return model.Known(s)
}
