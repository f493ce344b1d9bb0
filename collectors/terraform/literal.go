package terraform

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// literal says whether the value of an attribute is written out in the code: a
// constant, an expression that refers to nothing, or a variable whose value is
// its default or what the call of a module gives it. The value itself is looked
// at only to compare it with a default.
func (b *block) literal(name string) model.Value[bool] {
	a := b.get(name)
	// No plan has the value of a write-only argument: the code alone tells.
	writeOnly := strings.HasSuffix(name, "_wo")
	switch {
	case !writeOnly && (a.state() == unset || a.state() == given && a.v.Str == "" && a.v.Type == gjson.String):
		return model.Known(false)
	case !b.config.Exists():
		return model.Missing[bool](notInSource("a state has no code"))
	case b.world.next != nil && b.world.next.value(first(b.moved, b.address), name) != a.v.Raw:
		return model.Missing[bool](notInSource("the code before the change"))
	}
	e := b.config.Get("expressions").Get(name)
	if !e.Exists() {
		return model.Known(false)
	}
	if b.values.get(name).state() == later && len(references(e)) == 0 {
		return model.Known(false) // a function that gives another value each time
	}
	m := b.world.config.modules[withoutKeys(b.module)]
	return b.world.config.written(from{m, b.config.Get("for_each_expression")}, e, 0)
}

// value is an attribute as the file writes it.
func (w *world) value(address, name string) string {
	if b := w.blocks[address]; b != nil {
		return b.values.get(name).v.Raw
	}
	return ""
}

// from is where an expression is written: a module, and the for_each of its block.
type from struct {
	*module
	each gjson.Result
}

// written says the same of an expression in a module. What refers to a resource
// is not written out, whatever else is in it: "user:${random_password.p.result}".
func (c *configuration) written(m from, e gjson.Result, depth int) model.Value[bool] {
	if v := e.Get("constant_value"); v.Exists() {
		return model.Known(v.Type != gjson.Null)
	}
	answer := model.Known(true)
	for _, ref := range references(e) {
		one := c.writtenRef(m, ref, depth)
		if yes, known := one.Get(); known && !yes {
			return one
		} else if !known {
			answer = one
		}
	}
	return answer
}

func (c *configuration) writtenRef(m from, ref string, depth int) model.Value[bool] {
	what, name, _ := strings.Cut(ref, ".")
	switch {
	case m.module == nil || depth > maxSteps || what == "local" || what == "each" && !m.each.Exists():
		return model.Missing[bool](unresolved(ref))
	case what == "each":
		return c.written(from{m.module, gjson.Result{}}, m.each, depth+1)
	case what == "count" || what == "terraform":
		return model.Known(true)
	case what == "path": // of a file, which may stand beside the code or not
		return model.Missing[bool](unresolved(ref))
	case what != "var":
		return model.Known(false)
	}
	return c.variable(m, name[:nameEnd(name, 0)], depth)
}

// variable says whether the value of a variable is written out. The answer is kept,
// so that variables which many expressions lead to are looked at once.
func (c *configuration) variable(m from, name string, depth int) (answer model.Value[bool]) {
	key := m.path + "|" + name
	if known, ok := c.literals[key]; ok {
		return known
	}
	defer func() { c.literals[key] = answer }()
	standard := member(m.config.Get("variables"), name).Get("default")
	if m.parent == nil {
		value := member(c.variables, name).Get("value")
		return model.Known(standard.Exists() && standard.Type != gjson.Null && value.Raw == standard.Raw)
	}
	if e := member(m.call.Get("expressions"), name); e.Exists() {
		return c.written(from{m.parent, m.call.Get("for_each_expression")}, e, depth+1)
	}
	return model.Known(standard.Exists() && standard.Type != gjson.Null)
}

// anyLiteral says whether one of some attributes is written out.
func (b *block) anyLiteral(names ...string) model.Value[bool] {
	answer := model.Known(false)
	for _, name := range names {
		one := b.literal(name)
		if yes, known := one.Get(); yes {
			return one
		} else if !known {
			answer = one
		}
	}
	return answer
}

// valueInCode says whether a block aws_secretsmanager_secret_version has the
// value of the secret written out.
func (b *builder) valueInCode(from *block) model.Value[bool] {
	answer := model.Known(false)
	for _, c := range b.about(from, "aws_secretsmanager_secret_version", "secret_id") {
		if !c.sure {
			answer = model.Missing[bool](afterApply(c.by))
			continue
		}
		one := c.by.anyLiteral("secret_string", "secret_binary", "secret_string_wo")
		if yes, known := one.Get(); yes {
			return one
		} else if !known {
			answer = one
		}
	}
	return answer
}
