package cloudformation

import "encoding/json"

// appendJSON writes a value as a text in JSON. What is not known stays a part of
// it.
func appendJSON(t text, v value) text {
	switch v.form {
	case formText:
		t = t.add(`"`)
		for _, p := range v.text {
			if p.isLiteral() {
				quoted, err := json.Marshal(p.lit)
				if err != nil { // a text always marshals
					continue
				}
				p.lit = string(quoted[1 : len(quoted)-1])
			}
			t = append(t, p)
		}
		return t.add(`"`)
	case formList:
		t = t.add("[")
		for i, item := range v.list {
			if i > 0 {
				t = t.add(",")
			}
			t = appendJSON(t, item)
		}
		return t.add("]")
	case formObject:
		t = t.add("{")
		for i, name := range v.object.names {
			if i > 0 {
				t = t.add(",")
			}
			t = appendJSON(t, literal(name)).add(":")
			t = appendJSON(t, v.object.members[name])
		}
		if v.object.open != "" {
			t = append(t, part{why: v.object.open})
		}
		return t.add("}")
	case formNothing:
		return t.add("null")
	default: // most likely a text
		return append(t.add(`"`), part{why: or(v.why, "Fn::ToJsonString")}).add(`"`)
	}
}
