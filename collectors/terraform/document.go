package terraform

import (
	"encoding/json"

	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// document writes a data source aws_iam_policy_document as the policy of a
// resource, and says whether nothing of it is missing. What the statements say
// of resources does not count in such a policy.
func (b *builder) document(doc *block, owner string) (text string, whole bool) {
	if text, ok := doc.get("json").text(model.None[string]()).Get(); ok {
		return text, true
	}
	whole = true
	for _, other := range otherDocuments() {
		if a := doc.values.get(other); a.state() != unset {
			whole = false
		}
	}
	statements := doc.values.get("statement")
	if s := statements.state(); s != given {
		return "", false
	}
	written := doc.config.Get("expressions.statement").Array()
	var list []map[string]any
	for i, s := range statements.list() {
		config := gjson.Result{}
		if len(written) == len(statements.list()) { // else some are made by "dynamic"
			config = written[i]
		}
		statement, ok := b.statement(doc, s, config, owner)
		if !ok {
			whole = false
			continue
		}
		list = append(list, statement)
	}
	if len(list) == 0 {
		return "", false
	}
	raw, err := json.Marshal(map[string]any{"Statement": list})
	return string(raw), err == nil && whole
}

// otherDocuments are the attributes that add the statements of other documents.
func otherDocuments() []string {
	return []string{"source_policy_documents", "override_policy_documents", "source_json", "override_json"}
}

func (b *builder) statement(doc *block, s attribute, config gjson.Result, owner string) (map[string]any, bool) {
	out := map[string]any{"Effect": s.get("effect").text(model.Known("Allow")).Or("Allow"), "Resource": "*"}
	if s.get("effect").state() == later || s.get("sid").state() == later {
		return nil, false
	}
	if sid, ok := s.get("sid").text(model.None[string]()).Get(); ok {
		out["Sid"] = sid
	}
	for element, name := range map[string]string{"Action": "actions", "NotAction": "not_actions"} {
		a := s.get(name)
		if !a.whole() {
			return nil, false
		}
		if list := texts(a.v); len(list) > 0 {
			out[element] = list
		}
	}
	for element, name := range map[string]string{"Principal": "principals", "NotPrincipal": "not_principals"} {
		who, ok := b.principals(doc, s.get(name), config.Get(name), owner)
		if !ok {
			return nil, false
		}
		if len(who) > 0 {
			out[element] = who
		}
	}
	conditions := s.get("condition")
	if !conditions.whole() {
		return nil, false
	}
	tests := map[string]map[string][]string{}
	for _, c := range conditions.v.Array() {
		test := c.Get("test").String()
		if tests[test] == nil {
			tests[test] = map[string][]string{}
		}
		tests[test][c.Get("variable").String()] = append(tests[test][c.Get("variable").String()], texts(c.Get("values"))...)
	}
	if len(tests) > 0 {
		out["Condition"] = tests
	}
	return out, true
}

// principals are those of a statement. One that is known only after apply is of
// the owner's account if it is a user or a role of the same file.
func (b *builder) principals(doc *block, a attribute, config gjson.Result, owner string) (map[string][]string, bool) {
	if s := a.state(); s == later || s == hidden {
		return nil, false
	}
	who := map[string][]string{}
	written := config.Array()
	for i, p := range a.list() {
		kind := p.get("type").v.String()
		if p.get("type").state() != given {
			return nil, false
		}
		if kind == "*" { // means everyone (provider documentation, "principals")
			kind = "AWS"
		}
		ids := p.get("identifiers")
		if !ids.whole() {
			if len(written) != len(a.list()) || !b.ownIdentities(doc, written[i].Get("identifiers")) {
				return nil, false
			}
			who[kind] = append(who[kind], "arn:aws:iam::"+owner+":root")
		}
		who[kind] = append(who[kind], texts(ids.v)...)
	}
	return who, true
}

// ownIdentities says whether all that an expression can name after apply are
// users and roles that the file makes.
func (b *builder) ownIdentities(doc *block, expression gjson.Result) bool {
	r := doc.followed(expression)
	for _, t := range r.blocks {
		if !t.is("aws_iam_role", "aws_iam_user") {
			return false
		}
	}
	return !r.vague
}

// texts are the strings of a list; what is not known yet stands in it as null.
func texts(r gjson.Result) []string {
	var list []string
	for _, e := range r.Array() {
		if e.Type == gjson.String {
			list = append(list, e.Str)
		}
	}
	return list
}
