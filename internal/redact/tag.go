package redact

import "strings"

// everybodys are keys of tags that say nothing of who uses them, in lower case and
// without the signs between their words.
var everybodys = set(
	"name", "description", "purpose", "env", "environment", "stage", "tier", "role", "team", "owner", "contact", "project", "product", "app", "application",
	"service", "component", "stack", "department", "businessunit", "costcenter", "costcentre", "managedby", "createdby", "createdat", "terraform", "version",
	"classification", "dataclassification", "confidentiality", "compliance", "criticality", "backup", "expires",
)

// TagKey is the pseudonym of a key of a tag. Keys that stay are those that rules
// compare with (Keep), that stand in the rules, that AWS or keyproof defines, and
// those that everybody uses.
func (r *Redactor) TagKey(key string) string {
	lower := strings.ToLower(key)
	bare := strings.NewReplacer("-", "", "_", "", " ", "").Replace(lower)
	switch {
	case len(key) < 3: // too short to be found again in texts, and to name anybody
	case r.kept[key] || r.vocab[lower] || everybodys[bare] || lower == "keyproof:secret" || strings.HasPrefix(lower, "aws:"):
	default:
		return r.whole(key)
	}
	r.learn([]byte(key)) // it stays, so its words are no secret anywhere
	return key
}

// condition is a condition key of a policy, such as aws:resourcetag/team: what
// follows the slash is the key of a tag ("AWS global condition context keys", IAM
// User Guide: aws:PrincipalTag, aws:RequestTag, aws:ResourceTag).
func (r *Redactor) condition(key string) string {
	what, tag, ok := strings.Cut(key, "/")
	if !ok || !strings.HasSuffix(strings.ToLower(what), "tag") {
		return r.Text(key)
	}
	return what + "/" + r.TagKey(tag)
}
