package evaluator

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// paramValue checks a value from METADATA against the type of the parameter.
func paramValue(typ string, v any) (any, error) {
	switch typ {
	case "integer":
		if f, ok := v.(float64); ok && f == math.Trunc(f) {
			return int(f), nil
		}
	case "string":
		if s, ok := v.(string); ok {
			return s, nil
		}
	case "boolean":
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case "strings":
		if list, ok := v.([]any); ok {
			strs := make([]string, len(list))
			for i, e := range list {
				if strs[i], ok = e.(string); !ok {
					return nil, fmt.Errorf("default is not a list of strings")
				}
			}
			return strs, nil
		}
	default:
		return nil, fmt.Errorf("type %q does not exist: use integer, string, boolean or strings", typ)
	}
	return nil, fmt.Errorf("default %v is not of type %s", v, typ)
}

// parseParam reads a value that a user typed; a list has commas.
func parseParam(typ, text string) (any, error) {
	switch typ {
	case "integer":
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%q is not a whole number", text)
		}
		return n, nil
	case "boolean":
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%q is not true or false", text)
		}
		return b, nil
	case "strings":
		if text == "" {
			return []string{}, nil
		}
		return strings.Split(text, ","), nil
	default:
		return text, nil
	}
}

// override sets parameters that the user named.
func (s *ruleSet) override(params map[model.RuleID]map[string]string) error {
	for _, id := range sortedKeys(params) {
		var target *rule
		for _, r := range s.rules {
			if r.ID == id {
				target = r
			}
		}
		if s.isRefused(id) {
			continue
		}
		if target == nil {
			return fmt.Errorf("parameter of rule %q: no such rule; `keyproof rules` lists them", id)
		}
		for _, name := range sortedKeys(params[id]) {
			p, ok := target.Params[name]
			if !ok {
				return fmt.Errorf("rule %s has no parameter %q; it has %s", id, name, orNone(strings.Join(sortedKeys(target.Params), ", ")))
			}
			value, err := parseParam(p.Type, params[id][name])
			if err != nil {
				return fmt.Errorf("parameter %s of rule %s: %w", name, id, err)
			}
			p.Value, p.Why = value, "set by the user"
			target.Params[name] = p
			target.dropOverrides(name)
		}
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
