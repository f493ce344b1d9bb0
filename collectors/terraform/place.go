package terraform

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// place is the account and region of resources; a part is empty where the file
// does not say.
type place struct{ partition, account, region string }

// place returns where a block is: by its ARN, else by its own region (version 6
// of the provider), else by its provider.
func (b *block) place() place {
	if b.at == nil {
		at := b.locate()
		b.at = &at
	}
	return *b.at
}

func (b *block) locate() place {
	p := b.world.provider(b.provider())
	if id, ok := b.values.get("arn").text(model.None[string]()).Get(); ok {
		if a, err := arn.Parse(id); err == nil {
			p.partition, p.account = a.Partition, first(a.AccountID, p.account)
			p.region = first(a.Region, p.region)
			return p
		}
	}
	if b.kind != "aws_s3_bucket" { // whose region is its own attribute of old
		p.region = b.values.get("region").text(model.None[string]()).Or(p.region)
	}
	return p
}

// sameAccount says whether two blocks certainly belong to one account.
func (b *block) sameAccount(o *block) bool {
	here, there := b.place().account, o.place().account
	if here != "" && there != "" {
		return here == there
	}
	return b.config.Exists() && b.provider() == o.provider()
}

func (b *block) provider() string { return b.config.Get("provider_config_key").Str }

// provider returns what is known of all resources of a provider: the region of
// its configuration, and the account of what exists already.
func (w *world) provider(key string) place {
	if w.places == nil {
		w.places = map[string]*place{}
		if w.earlier != nil {
			for _, b := range w.earlier.list {
				w.learn(b)
			}
		}
		for _, b := range w.list {
			w.learn(b)
		}
	}
	if w.places[key] == nil {
		w.places[key] = &place{region: w.config.region(key)}
	}
	p := *w.places[key]
	if p.account == contradictory {
		p.account = ""
	}
	return p
}

// contradictory stands for an account that two resources disagree on.
const contradictory = "?"

func (w *world) learn(b *block) {
	key := b.provider()
	if w.places[key] == nil {
		w.places[key] = &place{region: w.config.region(key)}
	}
	p := w.places[key]
	none := model.None[string]()
	account := ""
	if id, ok := b.values.get("arn").text(none).Get(); ok && !b.is("data.aws_kms_alias", "data.aws_kms_key") {
		if a, err := arn.Parse(id); err == nil {
			account, p.partition = a.AccountID, a.Partition
		}
	}
	switch b.kind {
	case "data.aws_caller_identity":
		account = b.values.get("account_id").text(none).Or("")
	case "data.aws_region":
		p.region = first(p.region, b.values.get("region").text(none).Or(""), b.values.get("name").text(none).Or(""))
	}
	if len(account) != 12 { // a bucket's ARN has none, AWS's own policies have "aws"
		return
	}
	if p.account != "" && p.account != account {
		account = contradictory
	}
	p.account = account
}

func (b *block) is(kinds ...string) bool {
	for _, k := range kinds {
		if b.kind == k {
			return true
		}
	}
	return false
}

// region is that of a provider's configuration: a constant, or a variable that
// was given a value or has one.
func (c *configuration) region(key string) string {
	config := member(c.providers, key)
	e := config.Get("expressions.region")
	if v := e.Get("constant_value"); v.Exists() {
		return v.String()
	}
	refs := e.Get("references").Array()
	if len(refs) != 1 {
		return ""
	}
	return c.constant(c.modules[config.Get("module_address").Str], refs[0].Str).String()
}

// constant is the value of a variable, as far as the calls of modules say it.
func (c *configuration) constant(m *module, ref string) gjson.Result {
	for depth := 0; m != nil && depth < maxSteps; depth++ {
		name, ok := strings.CutPrefix(ref, "var.")
		if !ok {
			return gjson.Result{}
		}
		if m.parent == nil {
			return member(c.variables, name).Get("value")
		}
		e := member(m.call.Get("expressions"), name)
		if !e.Exists() {
			return member(m.config.Get("variables"), name).Get("default")
		}
		if v := e.Get("constant_value"); v.Exists() {
			return v
		}
		refs := e.Get("references").Array()
		if len(refs) != 1 {
			return gjson.Result{}
		}
		ref, m = refs[0].Str, m.parent
	}
	return gjson.Result{}
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// namedID is the ID of a resource that is not in the file, by its ARN or a name.
func namedID(kind model.Kind, text string) model.ResourceID {
	id := model.ResourceID{Kind: kind, ID: text}
	if a, err := arn.Parse(text); err == nil {
		id.Account, id.Region = a.AccountID, a.Region
	}
	return id
}
