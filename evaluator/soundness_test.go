package evaluator

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// The soundness test. For a rule over a few attributes with small domains it
// asks keyproof about every mix of known and unknown values, and plain OPA,
// which knows nothing of keyproof, about every concrete value that the unknown
// ones could have. A verdict must hold for all of them.

// slot is an attribute with the values that it may have; nil means absent. The
// slot "related.key" is the reference to the key: noKey, goneKey or a key.
type slot struct {
	path   string
	domain []any
}

const (
	noKey   = "none"
	goneKey = "gone"
	haveKey = "have"
	// unknownChoice is the choice of a slot whose value nobody could read.
	unknownChoice = -1
)

var slots = map[string]slot{
	"rot":   {"resource.rotation_enabled", []any{nil, false, true}},
	"days":  {"resource.rotation_interval_days", []any{nil, 30, 400}},
	"used":  {"resource.last_used_days_ago", []any{nil, 30, 400}},
	"kms":   {"resource.kms_key", []any{nil, "alias/a", "b"}},
	"owner": {"resource.owning_service", []any{nil, "b"}},
	"repl":  {"resource.is_replica", []any{nil, false, true}},
	"out":   {"resource.outside_accounts", []any{[]string{}, []string{"1"}, []string{"1", "2"}}},
	"tags":  {"resource.tags", []any{map[string]string{}, map[string]string{"env": "prod"}, map[string]string{"env": "dev", "b": "c"}}},
	"reps": {"resource.replica_states", []any{
		nil, []model.ReplicaState{}, []model.ReplicaState{{Region: "a", Status: "InSync"}}, []model.ReplicaState{{Region: "a", Status: "InSync"}, {Region: "b", Status: "Failed"}},
	}},
	"key":    {"related.key", []any{noKey, goneKey, haveKey}},
	"filler": {"resource.pending_version", []any{nil, true}},
	"kstate": {"related.key.state", []any{nil, "Enabled", "Disabled"}},
	"krot":   {"related.key.rotation_enabled", []any{nil, false, true}},
}

// choice is what each slot of a case holds: a place in its domain.
type choice []int

func (c choice) of(all []slot, path string) any {
	for i, s := range all {
		if s.path == path && c[i] != unknownChoice {
			return s.domain[c[i]]
		}
	}
	return nil
}

// choices lists all choices for the slots; from is unknownChoice or 0.
func choices(all []slot, from int) []choice {
	list := []choice{nil}
	for _, s := range all {
		var longer []choice
		for _, c := range list {
			for i := from; i < len(s.domain); i++ {
				longer = append(longer, append(slices.Clone(c), i))
			}
		}
		list = longer
	}
	return list
}

// covers says whether a concrete choice is one that c, with its unknowns, allows.
func (c choice) covers(concrete choice) bool {
	for i := range c {
		if c[i] != unknownChoice && c[i] != concrete[i] {
			return false
		}
	}
	return true
}

// document is the input that a concrete choice means, written without any of
// the code under test.
func (c choice) document(all []slot) map[string]any {
	resource := map[string]any{"id": "s", "account": "111122223333", "region": "eu-west-1", "kind": "secret"}
	key := map[string]any{"exists": true}
	for i, s := range all {
		value := s.domain[c[i]]
		if value == nil {
			continue
		}
		if name, ok := strings.CutPrefix(s.path, "resource."); ok {
			resource[name] = value
		} else if name, ok := strings.CutPrefix(s.path, "related.key."); ok {
			key[name] = value
		}
	}
	related := map[string]any{"account": map[string]any{"exists": true}}
	switch ref := c.of(all, "related.key"); ref {
	case goneKey:
		related["key"] = map[string]any{"exists": false}
	case haveKey:
		related["key"] = key
	}
	return map[string]any{"resource": resource, "related": related, "params": map[string]any{"max": 90}}
}

// resources are the secret of a choice and the key that it refers to. What is
// no slot is known to be absent.
func (c choice) resources(t require.TestingT, all []slot, n int) []*model.Resource {
	body := map[model.Kind]map[string]any{model.KindSecret: none(model.KindSecret), model.KindKey: none(model.KindKey)}
	unknown := map[model.Kind]map[string]any{model.KindSecret: {}, model.KindKey: {}}
	for i, s := range all {
		kind, name := model.KindSecret, strings.TrimPrefix(s.path, "resource.")
		if under, ok := strings.CutPrefix(s.path, "related.key."); ok {
			kind, name = model.KindKey, under
		}
		switch {
		case name == "related.key":
		case c[i] == unknownChoice:
			delete(body[kind], name)
			unknown[kind][name] = denied
		default:
			body[kind][name] = s.domain[c[i]]
		}
	}
	secret := resourceOf(t, model.KindSecret, fmt.Sprintf("s-%06d", n), body[model.KindSecret], unknown[model.KindSecret])
	key := resourceOf(t, model.KindKey, fmt.Sprintf("k-%06d", n), body[model.KindKey], unknown[model.KindKey])
	switch at := slices.IndexFunc(all, func(s slot) bool { return s.path == "related.key" }); {
	case at < 0 || c[at] >= 0 && all[at].domain[c[at]] == noKey:
		secret.Ref("key", model.None[model.ResourceID]())
		return []*model.Resource{secret}
	case c[at] == unknownChoice:
		secret.Ref("key", model.Missing[model.ResourceID](denied))
		return []*model.Resource{secret}
	case all[at].domain[c[at]] == goneKey:
		secret.Ref("key", model.Known(key.ID))
		return []*model.Resource{secret}
	default:
		secret.Ref("key", model.Known(key.ID))
		return []*model.Resource{secret, key}
	}
}

// none says that every attribute of a kind is absent.
func none(kind model.Kind) map[string]any {
	attributes := map[string]any{}
	for _, f := range model.Fields(kind) {
		attributes[f.Name] = nil
	}
	return attributes
}

func resourceOf(t require.TestingT, kind model.Kind, id string, attributes, unknown map[string]any) *model.Resource {
	raw, err := json.Marshal(map[string]any{
		"kind": kind, "account": "111122223333", "region": "eu-west-1", "id": id, "name": id,
		"attributes": attributes, "unknown": unknown,
	})
	require.NoError(t, err)
	r := new(model.Resource)
	require.NoError(t, json.Unmarshal(raw, r))
	return r
}

// truth is what plain OPA says of a complete document.
type truth struct {
	status model.Status // unknown where the rule itself goes wrong
	says   []string     // reasons for not applying, or messages
}

// oracle asks plain OPA what the rule of a package says of each complete
// document.
func oracle(t require.TestingT, pkg string, modules []string, all []slot) map[string]truth {
	opts := []func(*rego.Rego){rego.StrictBuiltinErrors(true)}
	for i, text := range modules {
		opts = append(opts, rego.Module(fmt.Sprintf("m%d.rego", i), text))
	}
	ask := func(name string) func(choice) ([]string, error) {
		query, err := rego.New(append(opts, rego.Query("x = data."+pkg+"."+name))...).PrepareForEval(context.Background())
		require.NoError(t, err)
		return func(c choice) ([]string, error) {
			rs, err := query.Eval(context.Background(), rego.EvalInput(c.document(all)))
			if err != nil || len(rs) == 0 {
				return nil, err
			}
			var says []string
			for _, m := range rs[0].Bindings["x"].([]any) {
				if o, ok := m.(map[string]any); ok {
					m = o["message"]
				}
				says = append(says, m.(string))
			}
			slices.Sort(says)
			return slices.Compact(says), nil
		}
	}
	applicable, violation := ask("not_applicable"), ask("violation")
	answers := map[string]truth{}
	for _, c := range choices(all, 0) {
		says, err := applicable(c)
		status := model.StatusNotApplicable
		if err == nil && len(says) == 0 {
			status = model.StatusPass
			if says, err = violation(c); len(says) > 0 {
				status = model.StatusFail
			}
		}
		if err != nil {
			status = model.StatusUnknown
		}
		answers[fmt.Sprint(c)] = truth{status, says}
	}
	return answers
}

// precision counts, of the mixes with an unknown for which one answer holds
// whatever the unknowns are, how many were given that answer.
type precision struct{ sureFail, saidFail, sureNA, saidNA, verdicts int }

func (p precision) String() string {
	return fmt.Sprintf("%d verdicts; sure to fail %d, said %d; sure not to apply %d, said %d", p.verdicts, p.sureFail, p.saidFail, p.sureNA, p.saidNA)
}

func (p *precision) add(o precision) {
	p.sureFail, p.saidFail, p.sureNA, p.saidNA, p.verdicts = p.sureFail+o.sureFail, p.saidFail+o.saidFail, p.sureNA+o.sureNA, p.saidNA+o.saidNA, p.verdicts+o.verdicts
}

// sound compares rules with the oracle for all choices.
func sound(t require.TestingT, j *Judge, modules []string, all []slot) precision {
	mixes, concretes := choices(all, unknownChoice), choices(all, 0)
	resources := []*model.Resource{resourceOf(t, model.KindAccount, "account", none(model.KindAccount), map[string]any{})}
	for n, c := range mixes {
		resources = append(resources, c.resources(t, all, n)...)
	}
	results := judged(t, j, snapshot(listed(model.KindSecret, model.KindKey), resources...))
	require.Len(t, results, len(mixes)*len(j.Rules()))
	p := precision{verdicts: len(results)}
	for nth, r := range j.Rules() {
		truths := oracle(t, r.Package, modules, all)
		for n, c := range mixes {
			p.add(c.sound(t, &r, truths, results[n*len(j.Rules())+nth], all, concretes))
		}
	}
	return p
}

// sound compares one result with what may be true.
func (c choice) sound(t require.TestingT, r *model.Rule, truths map[string]truth, got *model.Result, all []slot, concretes []choice) (p precision) {
	possible, sure := map[model.Status]bool{}, []string(nil)
	wrong := false // some value makes the rule itself go wrong, which says nothing of the resource
	for _, concrete := range concretes {
		is := truths[fmt.Sprint(concrete)]
		switch {
		case !c.covers(concrete):
			continue
		case is.status == model.StatusUnknown:
			wrong = true
			continue
		case len(possible) == 0:
			sure = slices.Clone(is.says)
		}
		possible[is.status] = true
		sure = slices.DeleteFunc(sure, func(s string) bool { return !slices.Contains(is.says, s) })
	}
	unknown := slices.Contains(c, unknownChoice)
	detail := fmt.Sprintf("rule %s, choice %v of %v\npossible: %v, got %+v", r.ID, c, all, sortedKeys(possible), got)
	says := slices.Clone(got.NotApplicable)
	for _, f := range got.Findings {
		says = append(says, f.Message)
	}
	slices.Sort(says)
	says = slices.Compact(says)
	if wrong && unknown && len(possible) == 0 && got.Status == model.StatusFail {
		return p // a finding of one clause, though another goes wrong whatever the unknown is
	}
	switch got.Status {
	case model.StatusUnknown:
		require.True(t, wrong || readsUnknown(r, all, c), "all that it reads is known, so there is an answer: %s", detail)
		require.NotEmpty(t, got.Unknown, detail)
	default:
		require.Equal(t, []model.Status{got.Status}, slices.Collect(maps.Keys(possible)), detail)
		require.Subset(t, append(sure, ""), append(says, ""), "it says what does not hold for certain: %s", detail)
		if !unknown {
			require.Equal(t, sure, says, detail)
		}
		if got.Status == model.StatusPass {
			require.False(t, readsUnknown(r, all, c), "a pass that could read something unknown: %s", detail)
		}
	}
	if unknown && len(possible) == 1 && !wrong {
		p.sureFail += count(possible[model.StatusFail])
		p.saidFail += count(got.Status == model.StatusFail)
		p.sureNA += count(possible[model.StatusNotApplicable])
		p.saidNA += count(got.Status == model.StatusNotApplicable)
	}
	return p
}

// readsUnknown says whether a rule can read a slot that is unknown.
func readsUnknown(r *model.Rule, all []slot, c choice) bool {
	ref := c.of(all, "related.key")
	for i, s := range all {
		if strings.HasPrefix(s.path, "related.key.") && (ref == noKey || ref == goneKey) {
			continue // there is no key that it could be an attribute of
		}
		for _, read := range r.Reads {
			if c[i] == unknownChoice && (read == s.path || strings.HasPrefix(read, s.path+".")) {
				return true
			}
		}
	}
	return false
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
