package remediator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// privatePolicy is a policy without what is public in it, and empty when nothing
// is left. Statements that are not public stay word for word.
func privatePolicy(text, mode string, owner model.ResourceID) (string, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return "", fmt.Errorf("read the policy: %w", err)
	}
	field := "Statement"
	for name := range doc { // IAM does not mind the case
		if strings.EqualFold(name, field) {
			field = name
		}
	}
	var statements []json.RawMessage
	if json.Unmarshal(doc[field], &statements) != nil {
		statements = []json.RawMessage{doc[field]}
	}
	var kept []json.RawMessage
	for _, s := range statements {
		public, err := isPublic(s, owner)
		if err != nil {
			return "", err
		}
		if public {
			if s = narrowed(s, owner); mode == "remove" || s == nil {
				continue
			}
			if public, err = isPublic(s, owner); err != nil || public {
				continue
			}
		}
		kept = append(kept, s)
	}
	if len(kept) == 0 {
		return "", nil
	}
	var err error
	if doc[field], err = json.Marshal(kept); err != nil {
		return "", fmt.Errorf("write the policy: %w", err)
	}
	out, err := json.Marshal(doc)
	return string(out), err
}

func isPublic(statement json.RawMessage, owner model.ResourceID) (bool, error) {
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []json.RawMessage{statement}})
	if err != nil {
		return false, fmt.Errorf("read a statement of the policy: %w", err)
	}
	facts := iampolicy.Facts(string(text), owner, func(string) model.Value[bool] { return model.Known(true) })
	return told("whether a statement is public", facts.PolicyPublic)
}

// narrowed puts the owner's account in the place of everyone, or returns nil
// where a statement says whom it does not let in.
func narrowed(statement json.RawMessage, owner model.ResourceID) json.RawMessage {
	var s map[string]any
	if json.Unmarshal(statement, &s) != nil {
		return nil
	}
	partition := "aws"
	if parts := strings.SplitN(owner.ID, ":", 3); len(parts) == 3 {
		partition = parts[1]
	}
	root := "arn:" + partition + ":iam::" + owner.Account + ":root"
	found := false
	for name, who := range s {
		if !strings.EqualFold(name, "Principal") {
			continue
		}
		found = true
		if who == "*" {
			s[name] = map[string]any{"AWS": root}
			continue
		}
		kinds, _ := who.(map[string]any)
		for kind, list := range kinds {
			if strings.EqualFold(kind, "AWS") {
				kinds[kind] = instead(list, root)
			}
		}
	}
	if !found {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return text
}

// instead replaces principals that are anyone.
func instead(list any, root string) any {
	some, many := list.([]any)
	if !many {
		some = []any{list}
	}
	out := []any{}
	for _, who := range some {
		if text, ok := who.(string); ok && strings.Contains(text, "*") {
			who = root
		}
		if !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}
