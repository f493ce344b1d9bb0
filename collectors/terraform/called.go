package terraform

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

const (
	functionType = "aws_lambda_function"
	aliasType    = "aws_lambda_alias"
)

// called is how a block names a function.
type called struct {
	functions subjects
	as        qualifier
}

// qualifier is the version or alias by which a function is named; Of is the alias
// whose name is not known yet, or the function of which it is the version that the
// apply publishes.
type qualifier = collectors.CodeQualifier[*block]

func qualified(text string) qualifier { return collectors.Qualified[*block](text) }

var laterQualifier = model.Unknown{Reason: model.ReasonAfterApply, Detail: "the version or alias of its rotation function"}

// calls returns how the block names a function by an attribute.
func (b *block) calls(attribute string) called {
	if a := b.get(attribute); a.state() == given {
		_, version := functionName(a.v.String())
		return called{b.functions(attribute), qualified(version)}
	}
	s := b.about(attribute, functionType, aliasType)
	c := called{functions: subjects{sure: s.sure, any: s.any}}
	for _, t := range s.list {
		of := subjects{list: []*block{t}, sure: true}
		if t.is(aliasType) {
			of = t.functions("function_name")
		}
		c.functions.list = append(c.functions.list, of.list...)
		c.functions.sure, c.functions.any = c.functions.sure && of.sure, c.functions.any || of.any
	}
	if one := s.one(); one != nil {
		c.as = one.qualifier(b.follow(attribute).reads())
	}
	return c
}

// functions are those that an attribute names, by which version or alias ever.
func (b *block) functions(attribute string) subjects {
	if a := b.get(attribute); a.state() == given {
		name, _ := functionName(a.v.String())
		list := b.world.named(name, b, functionType)
		return subjects{list: list, sure: len(list) <= 1}
	}
	return b.about(attribute, functionType)
}

// functionName splits a name, partial ARN or ARN of a function, each with a version
// or alias behind it or without (AddPermission, FunctionName).
func functionName(text string) (name, version string) {
	if strings.HasPrefix(text, "arn:") {
		return collectors.Unqualified(text), collectors.Qualifier(text)
	}
	part := strings.Split(text, ":")
	if len(part) > 2 && part[1] == "function" {
		part = part[2:]
	}
	return part[0], strings.Join(part[1:], ":")
}

// qualifier is what an attribute of a function or an alias says, of those that name
// a function or a version.
func (b *block) qualifier(attribute string) qualifier {
	switch b.kind + "." + attribute {
	case functionType + ".arn", functionType + ".function_name", functionType + ".id", aliasType + ".function_name":
		return qualifier{None: true}
	case aliasType + ".arn", aliasType + ".name":
		if name, known := b.get("name").text(model.None[string]()).Get(); known {
			return qualified(name)
		}
		return qualifier{Of: b}
	case functionType + ".qualified_arn", functionType + ".version":
		if b.publishes() {
			return qualifier{Of: b}
		}
	}
	return qualifier{}
}

// publishes says whether each change of a function is published as a version, so
// that the last version is what the file says (aws_lambda_function, publish).
func (b *block) publishes() bool { return b.get("publish").yes(model.Known(false)).Or(false) }

// permits is which function a permission is for.
func (b *block) permits() called {
	c := b.calls("function_name")
	switch a := b.get("qualifier"); a.state() {
	case unset:
	case given:
		if a.v.String() != "" {
			c.as = qualified(a.v.String())
		}
	default:
		c.as = qualifier{}
		r := b.follow("qualifier")
		if one, reads := r.exact(), r.reads(); one != nil && (reads == "name" || reads == "version") {
			c.as = one.qualifier(reads)
		}
	}
	return c
}

// call is a block that names a function, or may.
type call struct {
	by   *block
	as   qualifier
	sure bool
}

// callers are the blocks of some types by the functions that they name.
type callers struct {
	of  map[*block][]call
	any *block // one that may name any
}

func (b *builder) callers(named func(*block) called, kinds ...string) *callers {
	key := strings.Join(kinds, " ")
	if all := b.called[key]; all != nil {
		return all
	}
	all := &callers{of: map[*block][]call{}}
	for _, by := range b.of(kinds...) {
		c := named(by)
		if c.functions.any && all.any == nil {
			all.any = by
		}
		for _, f := range c.functions.list {
			if c.functions.sure || !slices.ContainsFunc(all.of[f], func(c call) bool { return !c.sure }) {
				all.of[f] = append(all.of[f], call{by, c.as, c.functions.sure})
			}
		}
	}
	b.called[key] = all
	return all
}

// about are those that name a function, and one of those that may, if there are.
func (c *callers) about(f *block) []call {
	list := c.of[f]
	if c.any != nil {
		list = append(slices.Clip(list), call{by: c.any})
	}
	return list
}
