package cloudformation

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/model"
)

// list reads the entries of Resources.
func (r *reader) list() error {
	section := member(r.root, "Resources")
	if err := r.listIn(section, nil); err != nil {
		return err
	}
	for _, res := range r.resources {
		if c := member(res.node, "Condition"); c != nil {
			res.exists, res.why = r.condition(c.Value)
		} else {
			res.exists = holds
		}
	}
	r.roles()
	return nil
}

// roles makes the roles known that SAM makes, to which a template may refer.
func (r *reader) roles() {
	for _, res := range r.resources {
		if id := res.id + "Role"; isServerless(res.kind) && r.byID[id] == nil {
			r.byID[id] = &resource{id: id, kind: "AWS::IAM::Role", line: res.line, exists: res.exists, why: res.why}
		}
	}
}

// isServerless says whether SAM makes a role for the type.
func isServerless(kind string) bool {
	return kind == "AWS::Serverless::Function" || kind == "AWS::Serverless::StateMachine"
}

func (r *reader) listIn(section *yaml.Node, loop map[string]string) error {
	for i := 0; i+1 < len(section.Content); i += 2 {
		key, n := section.Content[i], resolved(section.Content[i+1])
		switch id := key.Value; {
		case strings.HasPrefix(id, "Fn::ForEach::"):
			if err := r.forEach(key, n, loop); err != nil {
				return err
			}
		case isFunction(id), key.Tag == "!!merge":
			r.note(key.Line, "%s adds resources that are not in the template: they were not judged", id)
			r.gap(or(id, "<<"), model.Kinds()...)
		case n == nil || n.Kind != yaml.MappingNode:
			r.note(key.Line, "%s is no object with a Type: it was not judged", shorten(id))
		default:
			kind := member(n, "Type")
			if kind == nil || kind.Kind != yaml.ScalarNode {
				r.note(key.Line, "%s has no Type: it was not judged", shorten(id))
				continue
			}
			res := &resource{id: fill(id, loop), kind: kind.Value, line: key.Line, node: n, loop: loop}
			if r.byID[res.id] != nil {
				return r.errorf(key.Line, "resource %s is in line %d already", res.id, r.byID[res.id].line)
			}
			if len(r.resources) >= maxResources {
				return r.errorf(key.Line, "it has more than %d resources, and CloudFormation takes 500", maxResources)
			}
			r.resources = append(r.resources, res)
			r.byID[res.id] = res
		}
	}
	return nil
}

// maxResources is well above what CloudFormation takes in one template, so that
// a file which has to be split still is read.
const maxResources = 10000

// transforms says what macros are left to do when the template is deployed.
func (r *reader) transforms() {
	n := member(r.root, "Transform")
	if n == nil {
		return
	}
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	for _, t := range list {
		name := t.Value
		if m := member(resolved(t), "Name"); m != nil {
			name = m.Value
		}
		switch {
		case strings.HasPrefix(name, "AWS::Serverless-"), strings.HasPrefix(name, "AWS::SecretsManager-"), name == "AWS::LanguageExtensions":
		default:
			r.note(t.Line, "the macro %s may change the template when it is deployed: it was judged as it is written", or(shorten(name), "of the template"))
		}
	}
}

func (r *reader) nested(res *resource) {
	r.note(res.line, "%s is a stack of its own: name its template as well to have it judged", res.id)
}
