package redact

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// How the text of a member of the written form is treated. What is in no list is
// text, in which names that were met elsewhere are replaced.
var (
	// named are members whose whole text is a name.
	named = set(
		"name", "id", "aka", "aliases", "path", "sid", "policy_name", "policy", "inline_policies", "attached_policies", "permissions_boundary",
		"resources", "role", "bucket", "bucket_logging", "log_group", "cluster", "replica_of", "secret", "secret_kms_key", "kms_key", "global_cluster",
		"credential_secret", "rotation_function", "rotation_qualifier", "missing_qualifiers", "secretsmanager_source_arns", "file", "address",
		"principal", "open_networks", "last_human_reader", "last_human_writer", "last_value_by", "policy_changed_by", "denied_to",
	)
	// values are members whose texts are values of tags, by key; keys are members that
	// list keys of tags.
	values, keys = set("tags"), set("tag_keys")
	// conditions are members that list condition keys, of which some hold a key of a tag.
	conditions = set("conditions")
	// plain are members whose texts say nothing of who they are about.
	plain = set(
		"kind", "region", "type", "state", "status", "effect", "runtime", "engine", "tier", "data_type", "spec", "usage", "origin", "manager",
		"actions", "action", "reason", "services", "stages", "rotation_schedule", "owning_service", "external_type", "selector_kind", "taken_at",
		"regions", "same_name_regions", "replica_regions", "primary_region", "home_region", "mitre", "unalerted_events", "rule", "title",
	)
)

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

// JSON returns a value, as encoding/json reads it into any, with everything in it
// redacted. Names of members stay.
func (r *Redactor) JSON(v any) any { return r.walk("", v) }

func (r *Redactor) walk(member string, v any) any {
	switch v := v.(type) {
	case string:
		return r.text(member, v)
	case []any:
		for i := range v {
			v[i] = r.walk(member, v[i])
		}
		if keys[member] { // they were sorted, and are again
			slices.SortFunc(v, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
	case map[string]any:
		if values[member] {
			return r.tags(v)
		}
		for name, value := range v {
			inside := name
			if member == "unknown" { // what is said of an attribute is not what is in it
				inside = ""
			}
			v[name] = r.walk(inside, value)
		}
	}
	return v
}

// tags are the tags of a resource.
func (r *Redactor) tags(of map[string]any) map[string]any {
	out := map[string]any{}
	for key, value := range of {
		text, _ := value.(string)
		out[r.TagKey(key)] = r.Value(text)
	}
	return out
}

func (r *Redactor) text(member, s string) string {
	switch {
	case plain[member]:
		r.learn([]byte(s)) // it stays, so its words are no secret anywhere
		return s
	case named[member]:
		return r.Name(s)
	case keys[member]:
		return r.TagKey(s)
	case conditions[member]:
		return r.condition(s)
	default:
		return r.Text(s)
	}
}

// Marshalled returns the redacted JSON of anything that has a JSON form.
func (r *Redactor) Marshalled(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // numbers stay as they are written
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read back what was written: %w", err)
	}
	return json.Marshal(r.JSON(tree))
}
