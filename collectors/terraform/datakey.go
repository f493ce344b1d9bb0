package terraform

import (
	"github.com/keyproof/keyproof/model"
)

// dataKey is a key that the file only looks up, as far as the data source tells
// of it. One that the file manages as well is a resource already.
func (b *builder) dataKey(from *block) *model.Resource {
	none := model.Value[string]{}
	arn, known := from.values.get("arn").text(none).Get()
	if !known || len(b.named(arn, from, keyTypes()...)) > 0 {
		return nil
	}
	body := &model.Key{
		KeyID:       from.values.get("id").text(none),
		Manager:     from.values.get("key_manager").text(none),
		State:       from.values.get("key_state").text(none),
		Spec:        from.values.get("key_spec").text(from.values.get("customer_master_key_spec").text(none)),
		Usage:       from.values.get("key_usage").text(none),
		Origin:      from.values.get("origin").text(none),
		MultiRegion: from.values.get("multi_region").yes(model.Value[bool]{}),
	}
	if body.Manager.Or("") == "AWS" {
		// "KMS always rotates the key material in AWS managed KMS keys every year"
		// (GetKeyRotationStatus), and only AWS sets their policies.
		body.RotationEnabled, body.RotationPeriodDays = model.Known(true), model.Known(yearly)
		body.PolicyFacts = model.PolicyFacts{
			PolicyPresent: model.None[bool](), PolicyPublic: model.None[bool](),
			PolicyStatements: model.None[[]model.PolicyStatement](), OutsideAccounts: model.None[[]string](), Outsiders: model.None[[]model.Outsider](),
			Networks: model.None[[]string](),
		}
	}
	return b.resource(from, model.KindKey, body.KeyID, body)
}
