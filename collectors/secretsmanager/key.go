package secretsmanager

import (
	"strings"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

const defaultAlias = "alias/aws/secretsmanager"

// isDefaultKey says whether a KmsKeyId is the key that AWS takes when none is
// named. ListSecrets leaves it out then; a request may name its alias.
func isDefaultKey(id string) bool {
	return id == "" || id == defaultAlias || strings.HasPrefix(id, "arn:") && strings.HasSuffix(id, ":"+defaultAlias)
}

// fillKey fills the key and refers to it. The default key is no reference: it
// belongs to AWS, and nothing that a rule could find wrong can happen to it.
func fillKey(cell *collectors.Cell, r *model.Resource, body *model.Secret, id string) {
	if isDefaultKey(id) {
		body.KMSKey, body.DefaultKey = model.None[string](), model.Known(true)
		return
	}
	body.KMSKey, body.DefaultKey = model.Known(id), model.Known(false)
	r.Ref("key", model.Known(cell.Key(id)))
}
