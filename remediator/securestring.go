package remediator

import (
	"context"
	"fmt"

	"github.com/keyproof/keyproof/model"
)

// convertToSecureString makes a String parameter a SecureString, in place: under
// the same name, with the same value, as a new version. The API reference has an
// error that says a type cannot be changed in a hierarchy; in practice the change
// is taken, and where it is not, the refusal says what to do.
type convertToSecureString struct{ about }

func newConvertToSecureString() Action {
	return convertToSecureString{about{
		name: "convert-to-secure-string", doc: "encrypts a String parameter in place: it becomes a SecureString",
		settles:  []model.RuleID{"SSM-001"},
		settings: []Setting{keySetting("; not given: the default key aws/ssm")},
		reads:    readsParameter(), writes: writesParameter(),
	}}
}

const defaultParameterKey = "alias/aws/ssm"

func (a convertToSecureString) Plan(_ context.Context, t *Target) (*model.Change, error) {
	p, err := body[*model.Parameter](t)
	if err != nil {
		return nil, err
	}
	switch kind, err := told("the parameter's type", p.Type); {
	case err != nil:
		return nil, err
	case kind == secureString:
		return nil, notApplicable("", "it is a SecureString already")
	case kind != "String":
		return nil, notApplicable("store each item that is secret as a parameter of its own", "it is a %s: as a SecureString its readers would get one text and not a list", kind)
	}
	if form := p.DataType.Or("text"); form != "text" {
		return nil, notApplicable("", "its data type is %s, which a SecureString cannot have", form)
	}
	version, err := told("the parameter's version", p.Version)
	if err != nil {
		return nil, err
	}
	key, err := t.customerKey()
	if err != nil {
		return nil, err
	}
	c := t.NewChange(a)
	c.Title = "encrypt the parameter: String becomes SecureString"
	c.Effects = []string{
		"readers must ask for decryption (--with-decryption) and need kms:Decrypt, or they get ciphertext",
		"templates that read it by {{resolve:ssm:…}} fail: they need {{resolve:ssm-secure:…}}, where that is supported",
		fmt.Sprintf("the versions up to %d stay in the history in clear: change the credential itself as well", version),
	}
	if key == "" {
		key = defaultParameterKey
		c.Effects = append(c.Effects, "it is encrypted with the default key aws/ssm, which SSM-002 fails: --set convert-to-secure-string.key=alias/NAME takes a customer key")
	} else {
		c.Settings["key"] = key
	}
	c.Before = map[string]any{"type": "String", "kms_key": nil, "version": version}
	c.After = map[string]any{"type": secureString, "kms_key": key}
	c.Undo, c.UndoNote = model.UndoCompensating, "the value is in clear again, as a new version: the number grows"
	c.Cost = "US$0.03 for 10,000 calls of KMS"
	return c, nil
}

func (a convertToSecureString) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	var concerns []Concern
	if key := fmt.Sprint(c.After["kms_key"]); key != defaultParameterKey {
		found, err := keyWorks(ctx, env, c, key, "Parameter Store")
		if err != nil {
			return nil, err
		}
		concerns = found
	}
	return append(concerns, permitted(ctx, env, c, c.Resource.ID, []string{"ssm:PutParameter", "ssm:GetParameter"})...), nil
}

func (a convertToSecureString) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	return readParameter(ctx, env, c)
}

func (a convertToSecureString) Apply(env *Env, c *model.Change, _ State) []Step {
	return writeParameter(env, a, c, "encrypt", secureString, fmt.Sprint(c.After["kms_key"]))
}

func (a convertToSecureString) Undo(env *Env, c *model.Change, _ State) []Step {
	return writeParameter(env, a, c, "write in clear", "String", "")
}
