package terraform

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// Defaults of AWS (Systems Manager API Reference, PutParameter: Tier, DataType,
// KeyId).
const (
	standardTier = "Standard"
	textType     = "text"
	imageType    = "aws:ec2:image"
	ssmAlias     = "alias/aws/ssm"
)

func (b *builder) parameter(from *block) *model.Resource {
	body := &model.Parameter{
		Name:     from.named(),
		Type:     from.get("type").text(model.Value[string]{}),
		Tier:     from.get("tier").text(model.Known(standardTier)),
		DataType: from.get("data_type").text(model.Known(textType)),
		Tags:     from.tags(),
	}
	if from.created { // the provider sets no parameter policies
		body.Policies, body.ExpiresAt = model.Known([]string{}), model.None[time.Time]()
	}
	body.PolicyFacts = collectors.CodeSharing(from.get("tier").text(model.None[string]()), notInSource("whom a parameter that may be shared is shared with is not in the code"))
	ref := model.None[model.ResourceID]()
	switch kind, known := body.Type.Get(); {
	case !known:
		why := body.Type.Why()
		body.KMSKey, body.DefaultKey, ref = model.Missing[string](why), model.Missing[bool](why), model.Missing[model.ResourceID](why)
		body.Credentials = model.Missing[[]model.Credential](why)
	case kind == "SecureString":
		key := b.keyOf(from, from.get("key_id"), from.config.Get("expressions.key_id"), ssmAlias)
		body.KMSKey, body.DefaultKey, ref = key.name, key.standard, key.ref
		if standard, _ := key.standard.Get(); standard {
			ref = model.Known(awsKey(from, ssmAlias))
		}
		body.Credentials = model.None[[]model.Credential]()
	default:
		body.KMSKey, body.DefaultKey = model.None[string](), model.None[bool]()
		body.Credentials = b.plain(from, body)
	}
	r := b.resource(from, model.KindParameter, body.Name, body)
	r.Ref("key", ref)
	return r
}

// awsKey is a key of AWS's own, of which a file knows no more than the alias.
func awsKey(from *block, alias string) model.ResourceID {
	at := from.place()
	id := model.ResourceID{Kind: model.KindKey, Account: at.account, Region: at.region, ID: alias}
	if at.account != "" && at.region != "" {
		id.ID = arn.ARN{Partition: first(at.partition, "aws"), Service: "kms", Region: at.region, AccountID: at.account, Resource: alias}.String()
	}
	return id
}

// plain classifies the value of a String or StringList. The value ends here. The
// provider marks it as sensitive for the sake of SecureString parameters.
func (b *builder) plain(from *block, body *model.Parameter) model.Value[[]model.Credential] {
	if body.DataType.Or("") == imageType {
		return model.Known([]model.Credential{})
	}
	for _, attribute := range []string{"insecure_value", "value"} {
		a := from.values.get(attribute)
		switch {
		case a.v.Type == gjson.String && a.later.Type != gjson.True:
			return b.classify(body.Name.Or(from.address), a.v.Str)
		case from.configured(attribute):
			return model.Missing[[]model.Credential](a.why())
		}
	}
	return model.Missing[[]model.Credential](notInSource("the value is write-only, or is not in the plan"))
}

func (b *builder) classify(name, value string) model.Value[[]model.Credential] {
	if b.Detector == nil {
		return model.Value[[]model.Credential]{}
	}
	return model.Known(b.Detector.Classify(name, value))
}
