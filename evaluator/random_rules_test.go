package evaluator

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// author writes random rules as users write them: each draws from what was
// written before it, so that rules stand on helpers that stand on helpers.
type author struct {
	*rapid.T
	slots             []string
	bools, ints, strs []string // terms, by type
	lists             []string // of strings
	helpers           []string // what a rule may refer to: terms without a type
	funcs             []string // of one string
	text              []string // the helpers' rules
	fresh             int      // counts names
	depth             int      // of the condition at hand
}

// wide are slots with the values that tempt a shortcut: empty, not ASCII, zero.
var wide = map[string]slot{
	"rot":    slots["rot"],
	"repl":   slots["repl"],
	"days":   {slots["days"].path, []any{nil, 0, 30}},
	"used":   {slots["used"].path, []any{nil, 30, 400}},
	"kms":    {slots["kms"].path, []any{nil, "", "b", "é😀"}},
	"owner":  {slots["owner"].path, []any{nil, "b", "__local1__"}},
	"out":    {slots["out"].path, []any{[]string{}, []string{"b"}, []string{"", "é😀", "b"}}},
	"tags":   {slots["tags"].path, []any{map[string]string{}, map[string]string{"env": "b"}, map[string]string{"": "é😀", "b": ""}}},
	"reps":   slots["reps"],
	"key":    slots["key"],
	"kstate": slots["kstate"],
}

func newAuthor(rt *rapid.T) *author {
	a := &author{
		T: rt, ints: []string{"0", "30", "30.0", "30.5", "-1", "input.params.max"}, bools: []string{"true", "false"},
		strs: []string{`""`, `"b"`, `"é😀"`, `"__local1__"`}, lists: []string{`["b", ""]`, `{"b", "é😀"}`, `[]`, `["b", "b"]`},
	}
	terms := map[string]func(){
		"rot":   func() { a.add(&a.bools, "input.resource.rotation_enabled") },
		"repl":  func() { a.add(&a.bools, "input.resource.is_replica") },
		"days":  func() { a.add(&a.ints, "input.resource.rotation_interval_days") },
		"used":  func() { a.add(&a.ints, "input.resource.last_used_days_ago") },
		"kms":   func() { a.add(&a.strs, "input.resource.kms_key") },
		"owner": func() { a.add(&a.strs, "input.resource.owning_service") },
		"out":   func() { a.add(&a.lists, "input.resource.outside_accounts") },
		"tags":  func() { a.add(&a.strs, `input.resource.tags.env`); a.add(&a.strs, `input.resource.tags[""]`) },
		"reps": func() {
			a.add(&a.lists, "{r.region | some r in input.resource.replica_states}", `[r.status | some r in input.resource.replica_states]`)
		},
		"kstate": func() { a.add(&a.strs, "input.related.key.state") },
	}
	all := sortedKeys(terms)
	for len(a.slots) < 3 {
		name := a.pick(all)
		if slices.Contains(a.slots, name) {
			continue
		}
		a.slots = append(a.slots, name)
		terms[name]()
		terms[name]() // as likely as constants
		if name == "kstate" {
			a.slots = append(a.slots, "key")
		}
	}
	slices.Sort(a.slots)
	return a
}

func (a *author) add(to *[]string, terms ...string) { *to = append(*to, terms...) }

func (a *author) pick(from []string) string { return rapid.SampledFrom(from).Draw(a.T, "pick") }
func (a *author) n(n int) int               { return rapid.IntRange(0, n-1).Draw(a.T, "n") }
func (a *author) has(name string) bool      { return slices.Contains(a.slots, name) }

func (a *author) name(prefix string) string {
	a.fresh++
	return fmt.Sprintf("%s%d", prefix, a.fresh)
}

func (a *author) int() string {
	switch a.n(8) {
	case 0:
		return fmt.Sprintf("(%s %s %s)", a.pick(a.ints), a.pick([]string{"+", "-", "*"}), a.pick(a.ints))
	case 1:
		return fmt.Sprintf("count(%s)", a.pick(a.lists))
	case 2:
		if a.has("days") {
			return fmt.Sprintf(`object.get(input.resource, "rotation_interval_days", %s)`, a.pick([]string{"30", "0.5"}))
		}
	}
	return a.pick(a.ints)
}

func (a *author) str() string {
	switch a.n(8) {
	case 0:
		return fmt.Sprintf("upper(%s)", a.pick(a.strs))
	case 1:
		return fmt.Sprintf(`concat("", [%s, %s])`, a.pick(a.strs), a.pick(a.strs))
	case 2:
		return fmt.Sprintf(`sprintf("%%v", [%s])`, a.pick(append(append([]string{}, a.ints...), a.strs...)))
	case 3:
		if a.has("kms") {
			return fmt.Sprintf(`object.get(input.resource, "kms_key", %s)`, a.pick([]string{`""`, `"b"`}))
		}
	}
	return a.pick(a.strs)
}

func (a *author) list() string {
	x := a.name("x")
	switch a.n(6) {
	case 0:
		return fmt.Sprintf("[%[1]s | some %[1]s in %[2]s; %[1]s != \"c\"; %[3]s]", x, a.pick(a.lists), a.within(x))
	case 1:
		return fmt.Sprintf("{%[1]s | some %[1]s in %[2]s; %[3]s}", x, a.pick(a.lists), a.within(x))
	}
	return a.pick(a.lists)
}

// within is a condition that may be on a string's variable.
func (a *author) within(x string) string {
	before := a.strs
	defer func() { a.strs = before }()
	a.strs = append(slices.Clone(before), x, x, x)
	return a.condition()
}

// condition is one or more expressions, on one line.
func (a *author) condition() string {
	a.depth++
	defer func() { a.depth-- }()
	if a.depth > 3 {
		return a.simple()
	}
	x := a.name("v")
	switch a.n(16) {
	case 0:
		return fmt.Sprintf("every %[1]s in %[2]s { %[1]s != \"c\"; %[3]s }", x, a.list(), a.within(x))
	case 1:
		return fmt.Sprintf("some %[1]s in %[2]s; %[3]s; %[1]s != \"c\"", x, a.list(), a.within(x))
	case 2:
		return fmt.Sprintf("%[1]s := %[2]s; %[3]s; %[1]s != 7", x, a.int(), a.condition())
	case 3:
		return fmt.Sprintf("%s := %s; %s", x, a.str(), a.within(x)+fmt.Sprintf("; %s != \"c\"", x))
	case 4:
		return fmt.Sprintf("some %[1]s; %[2]s[%[1]s] == %[3]s", x, "["+a.str()+", "+a.str()+"]", a.str())
	case 5:
		if a.has("tags") {
			return fmt.Sprintf("some %[1]s, w%[1]s in input.resource.tags; w%[1]s %[2]s %[3]s; %[1]s != \"c\"", x, a.pick([]string{"==", "!="}), a.str())
		}
	case 6:
		if a.has("tags") {
			return fmt.Sprintf("every %[1]s, w%[1]s in input.resource.tags { %[1]s != w%[1]s }", x)
		}
	case 7:
		if a.has("out") {
			return fmt.Sprintf("%s == input.resource.outside_accounts[_]", a.str())
		}
	case 8:
		if a.has("tags") {
			return fmt.Sprintf("%sinput.resource.tags[%s]", a.pick([]string{"", "not "}), a.str())
		}
	case 9:
		return a.simple() + "; " + a.simple()
	case 10:
		return fmt.Sprintf("%[1]s := [%[2]s, %[3]s]; %[1]s[_] == %[4]s", x, a.str(), a.str(), a.str())
	}
	return a.simple()
}

func (a *author) simple() string {
	no := a.pick([]string{"", "", "not "})
	cmp := func() string { return a.pick([]string{"==", "!=", "<", "<=", ">", ">="}) }
	switch a.n(15) {
	case 14: // values of several types have an order too
		name := a.pick([]string{"kms_key", "rotation_interval_days", "tags", "rotation_enabled"})
		return fmt.Sprintf(`%sobject.get(input.resource, "%s", %s) %s %s`, no, name, a.pick([]string{"null", "false", "{}", "1"}), cmp(), a.pick([]string{"null", "0", `""`, "[]", "{}"}))
	case 0, 1:
		return no + a.pick(a.bools)
	case 2:
		return fmt.Sprintf("%s%s %s %s", no, a.pick(a.bools), cmp(), a.pick(a.bools))
	case 3, 4:
		return fmt.Sprintf("%s%s %s %s", no, a.int(), cmp(), a.int())
	case 5:
		return fmt.Sprintf("%s%s %s %s", no, a.str(), cmp(), a.str())
	case 6:
		return fmt.Sprintf("%s%s in %s", no, a.str(), a.pick(a.lists))
	case 7:
		return fmt.Sprintf("%s%s(%s, %s)", no, a.pick([]string{"startswith", "endswith", "contains"}), a.str(), a.str())
	case 8:
		return fmt.Sprintf("%sregex.match(%s, %s)", no, a.pick([]string{`"^b?$"`, `"."`, `"😀"`}), a.str())
	case 9:
		return fmt.Sprintf("%s%s %s %s", no, a.list(), a.pick([]string{"==", "!="}), a.list())
	case 10:
		if len(a.funcs) > 0 {
			return fmt.Sprintf("%s%s(%s)%s", no, a.pick(a.funcs), a.str(), a.pick([]string{"", "", ` == "b"`, ` != "b"`}))
		}
	case 11, 12:
		if len(a.helpers) > 0 {
			return no + a.pick(a.helpers) + a.pick([]string{"", "", " == true", " == false", ` != "b"`})
		}
	}
	return no + fmt.Sprintf("%s %s %s", a.str(), cmp(), a.str())
}

func (a *author) rule(format string, args ...any) {
	a.text = append(a.text, fmt.Sprintf(format, args...))
}

// helper writes one, and adds it to what later ones may use when it is done.
func (a *author) helper() {
	h := a.name("h")
	switch a.n(10) {
	case 0:
		a.rule("%s if { %s }", h, a.condition())
		a.add(&a.helpers, h)
	case 1:
		a.rule("%[1]s if { %[2]s }\n%[1]s if { %[3]s }", h, a.condition(), a.condition())
		a.add(&a.helpers, h)
	case 2:
		a.rule("%s := %s", h, a.pick([]string{a.int(), a.str(), a.pick(a.bools)}))
		a.add(&a.helpers, h)
	case 3:
		a.rule("default %[1]s := %[2]s\n%[1]s := %[3]s if { %[4]s }", h, a.pick(a.bools[:2]), a.pick([]string{"true", "false", `"b"`}), a.condition())
		a.add(&a.helpers, h)
	case 4:
		a.rule("%s := %s if { %s } else := %s if { %s } else := %s", h, a.str(), a.condition(), a.str(), a.condition(), a.str())
		a.add(&a.helpers, h)
		a.add(&a.strs, h)
	case 5:
		a.rule("%[1]s(x) if { x != \"c\"; %[2]s }\n%[1]s(x) if { x == %[3]s; %[4]s }", h, a.within("x"), a.str(), a.condition())
		a.add(&a.funcs, h)
	case 6:
		a.rule("%s(x) := \"b\" if { x == %s } else := x if { %s }", h, a.str(), a.condition())
		a.add(&a.funcs, h)
	case 7:
		a.rule("%[1]s contains x if { some x in %[2]s; %[3]s }\n%[1]s contains %[4]s if { %[5]s }", h, a.list(), a.within("x"), a.str(), a.condition())
		a.add(&a.lists, h)
		a.add(&a.helpers, h+`[_]`, h+`["b"]`)
	case 8:
		a.rule("%[1]s.a[x].c := true if { some x in %[2]s; %[3]s }\n%[1]s.b := %[4]s if { %[5]s }", h, a.list(), a.within("x"), a.pick(a.bools[:2]), a.condition())
		a.add(&a.helpers, h, h+".a", h+".b", h+".a.b", h+".a.b.c", h+"[_]")
	case 9:
		a.rule("%s[x] := \"b\" if { some x in %s; %s }", h, a.list(), a.within("x"))
		a.add(&a.helpers, h, h+".b", fmt.Sprintf("count(%s)", h), h+"[_]")
	}
}

// entries writes what keyproof asks.
func (a *author) entries() string {
	var lines []string
	for range a.n(2) {
		lines = append(lines, fmt.Sprintf("not_applicable contains %s if { %s }", a.pick([]string{`"b"`, `"na"`}), a.condition()))
	}
	for i := range 1 + a.n(3) {
		message := fmt.Sprintf(`"m%d"`, i)
		if a.n(3) == 0 {
			message = fmt.Sprintf(`sprintf("m%d %%v", [%s])`, i, a.pick(slices.Concat(a.ints, a.strs)))
		}
		lines = append(lines, fmt.Sprintf(`violation contains {"message": %s} if { %s }`, message, a.condition()))
	}
	return strings.Join(lines, "\n")
}

// enough sets of random rules are tried where nobody asks for more, by
// -rapid.checks=1000: each takes as long as a hundred ordinary checks.
const enough = 25

// Random rules get the verdicts that plain OPA gives them, and none that an
// unknown could change. Several in one judge share clauses and memory.
func TestVerdictsOfRandomRules(t *testing.T) {
	if testing.Short() {
		t.Skip("compares verdicts in thousands of cases; left out by -short")
	}
	loaded, total := 0, 0
	checks := flag.Lookup("rapid.checks")
	usual := checks == nil || checks.Value.String() == checks.DefValue
	var all precision
	rapid.Check(t, func(rt *rapid.T) {
		if usual && total == enough {
			return
		}
		a := newAuthor(rt)
		for range a.n(5) {
			a.helper()
		}
		helpers := strings.Join(a.text, "\n")
		var texts []string
		for i := range 3 {
			body := a.entries()
			if i == 2 { // all but one constant as in another
				body = strings.ReplaceAll(texts[0][strings.Index(texts[0], "\nviolation"):], `"b"`, a.pick(a.strs[:4]))
			} else {
				body += "\n" + helpers
			}
			texts = append(texts, ruleText(fmt.Sprintf("r%d", i), fmt.Sprintf("T-%d", i), "secret", `{max: {type: integer, default: 90, why: a test}}`, body))
		}
		total++
		j, err := New(t.Context(), Options{Trusted: true}, files(texts...))
		if err != nil {
			rt.Log(err)
			return // the compiler knows that it makes no sense
		}
		loaded++
		var varied []slot
		for _, name := range a.slots {
			varied = append(varied, wide[name])
		}
		rt.Log(strings.Join(texts, "\n----\n"))
		all.add(sound(rt, j, texts, varied))
	})
	t.Logf("%d of %d sets of rules loaded: %s", loaded, total, all)
	require.Greater(t, loaded*2, total, "most random rules are rules")
}
