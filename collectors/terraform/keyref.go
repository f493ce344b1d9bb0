package terraform

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// keyRef is the key that a block names.
type keyRef struct {
	name     model.Value[string]           // as it is written; of the default key its alias
	standard model.Value[bool]             // the key that AWS takes when none is named
	ref      model.Value[model.ResourceID] // none for the default key
}

// keyOf returns the key that an attribute names. standard is the alias of the key
// that AWS takes when there is none: "If you don't specify this value, then
// Secrets Manager uses the key aws/secretsmanager" (CreateSecret, KmsKeyId).
func (b *builder) keyOf(from *block, a attribute, expression gjson.Result, standard string) keyRef {
	name := a.text(model.Known(standard))
	text, known := name.Get()
	switch {
	case known && isDefault(first(b.askedFor(text), text), standard):
		return keyRef{name, model.Known(true), model.None[model.ResourceID]()}
	case known:
		return keyRef{name, model.Known(false), model.Known(b.keyNamed(from, text))}
	}
	k := keyRef{name, model.Missing[bool](name.Why()), model.Missing[model.ResourceID](name.Why())}
	if a.state() != later {
		return k
	}
	r := from.followed(expression)
	key := b.throughAlias(r)
	if key != nil {
		return keyRef{name, model.Known(false), model.Known(key.id(model.KindKey))}
	}
	// Whichever of the keys of the file it turns out to be, the default key of
	// AWS is none of them.
	if !r.vague && allKeys(r.blocks) {
		k.standard = model.Known(false)
	}
	return k
}

// askedFor is the alias by which a data source found the key that a text names,
// or "".
func (b *builder) askedFor(text string) string {
	none := model.None[string]()
	for _, d := range b.of("data.aws_kms_alias", "data.aws_kms_key") {
		for _, attribute := range []string{"target_key_arn", "target_key_id", "arn", "id"} {
			if v, ok := d.values.get(attribute).text(none).Get(); !ok || v != text {
				continue
			}
			for _, by := range []string{"name", "key_id"} {
				if alias := d.values.get(by).text(none).Or(""); strings.Contains(alias, "alias/") {
					return alias
				}
			}
		}
	}
	return ""
}

// throughAlias is the one key that is reached, directly or by its alias.
func (b *builder) throughAlias(r reach) *block {
	one := r.exact()
	if one == nil {
		return nil
	}
	if one.is("aws_kms_alias") {
		return one.about("target_key_id", keyTypes()...).one()
	}
	if one.is(keyTypes()...) {
		return one
	}
	return nil
}

func allKeys(list []*block) bool {
	for _, b := range list {
		if !b.is(append(keyTypes(), "aws_kms_alias")...) {
			return false
		}
	}
	return len(list) > 0
}

// keyNamed is the key that a text names: one of the file, if it is there.
func (b *builder) keyNamed(from *block, text string) model.ResourceID {
	if list := b.named(text, from, keyTypes()...); len(list) == 1 {
		return list[0].id(model.KindKey)
	}
	if list := b.named(text, from, "data.aws_kms_key"); len(list) == 1 {
		return list[0].id(model.KindKey)
	}
	if list := b.named(text, from, "aws_kms_alias"); len(list) == 1 {
		if key := list[0].about("target_key_id", keyTypes()...).one(); key != nil {
			return key.id(model.KindKey)
		}
	}
	at := from.place()
	id := model.ResourceID{Kind: model.KindKey, Account: at.account, Region: at.region, ID: text}
	if a, err := arn.Parse(text); err == nil {
		id.Account, id.Region = a.AccountID, a.Region
		return id
	}
	if at.account != "" && at.region != "" && at.partition != "" {
		if !strings.HasPrefix(text, "alias/") {
			text = "key/" + text
		}
		id.ID = arn.ARN{Partition: at.partition, Service: "kms", Region: at.region, AccountID: at.account, Resource: text}.String()
	}
	return id
}
