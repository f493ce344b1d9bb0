package cloudformation

import (
	"github.com/keyproof/keyproof/model"
	"strings"
)

// secretTag is the tag of a database that names the secret with its credentials.
const secretTag = "keyproof:secret"

// credentialSecret says which secret holds the credentials: the one that RDS
// manages, the one of a SecretTargetAttachment, the one that the password is read
// from by a dynamic reference, or the one that a tag names.
func (r *reader) credentialSecret(res *resource, p value, own model.Value[model.ResourceID], managed bool) (model.Value[string], model.Value[model.ResourceID]) {
	if managed {
		return model.Missing[string](own.Why()), own
	}
	blocks, doubt := r.attachments.of(res.id)
	var t target
	switch {
	case doubt != nil:
		return model.Missing[string](*doubt), model.Missing[model.ResourceID](*doubt)
	case len(blocks) > 0:
		t = r.target(r.properties(blocks[0]).get("SecretId"), secrets())
	default:
		t = r.passwordSecret(p.get("MasterUserPassword"))
	}
	if tag, ok := r.tags(p.get("Tags")).Or(nil)[secretTag]; ok && t == (target{}) && strings.HasPrefix(tag, "arn:") {
		t = target{elsewhere: true, arn: tag}
	}
	switch {
	case t == (target{}):
		why := model.Unknown{
			Reason: model.ReasonNotCollected,
			Detail: "nothing says which secret holds its credentials: name the secret's ARN in the tag " + secretTag + " of the database",
		}
		return model.Missing[string](why), model.Missing[model.ResourceID](why)
	case t.id != "":
		return model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply, Detail: "Ref " + t.id}), r.reference(t, secrets())
	case strings.HasPrefix(t.arn, "arn:"):
		return model.Known(t.arn), r.reference(t, secrets())
	default:
		return model.Missing[string](t.why), r.reference(t, secrets())
	}
}

// passwordSecret is the secret of a dynamic reference to Secrets Manager.
func (r *reader) passwordSecret(v value) target {
	for _, p := range v.text {
		switch {
		case p.dynamic != "secretsmanager":
		case p.secret.id != "":
			return r.target(value{form: formText, text: text{{ref: p.secret}}}, secrets())
		case p.name != "":
			t := r.target(literal(p.name), secrets())
			t.why = model.Unknown{Reason: model.ReasonUnresolved, Detail: "a dynamic reference to Secrets Manager"}
			return t
		}
	}
	return target{}
}
