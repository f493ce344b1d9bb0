package evaluator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

func realJudge(t testing.TB) *Judge {
	t.Helper()
	j, err := New(t.Context(), Options{Params: realParams()}, rules.FS())
	require.NoError(t, err)
	return j
}

// realParams make each rule apply to something: by default every region is
// allowed, for one.
func realParams() map[model.RuleID]map[string]string {
	return map[model.RuleID]map[string]string{"SM-019": {"allowed_regions": "eu-north-1"}}
}

// advice are the rules that have something to say or do not apply: nothing
// passes them.
func advice() []model.RuleID { return []model.RuleID{"SM-032", "SSM-005"} }

// The promise of the project, for every rule and every attribute that it reads:
// a resource that passes does not pass any more when the attribute is unknown,
// and one that fails or does not apply does not pass either.
func TestUnknownMutation(t *testing.T) {
	if testing.Short() {
		t.Skip("makes each attribute unknown in turn; left out by -short")
	}
	j := realJudge(t)
	c := newCompany(500)
	_, before := evaluate(t, j, c.snapshot())
	status := map[model.RuleID]map[model.ResourceID]model.Status{}
	for _, r := range before {
		if status[r.Rule] == nil {
			status[r.Rule] = map[model.ResourceID]model.Status{}
		}
		status[r.Rule][r.Resource] = r.Status
	}
	readers := map[reading][]model.RuleID{}
	for _, r := range j.Rules() {
		if r.Kind == model.KindEvent {
			continue // TestEventUnknownMutation
		}
		passed := 0
		for _, s := range status[r.ID] {
			passed += count(s == model.StatusPass)
		}
		if slices.Contains(advice(), r.ID) {
			passed++
		}
		require.NotZero(t, passed, "rule %s passes nothing of the generated company: give it something to pass", r.ID)
		for _, read := range r.Reads {
			if slices.Contains([]string{"resource.id", "resource.account", "resource.region", "resource.kind"}, read) {
				continue // what every resource has is never unknown
			}
			of := reading{r.Kind, read}
			readers[of] = append(readers[of], r.ID)
		}
	}
	var p precision
	for of, ids := range readers { // making it unknown takes longer than judging it
		read := of.path
		_, after := evaluate(t, justRules(j, ids), mutated(t, c, of.kind, read))
		hit := map[model.RuleID]int{}
		for _, got := range after {
			_, unknown := got.Unknown[read]
			was := status[got.Rule][got.Resource]
			hit[got.Rule] += count(unknown || got.Status != was)
			if got.Status == model.StatusPass {
				// Only a resource without the related one that the attribute is of.
				require.Equal(t, model.StatusPass, was)
				require.False(t, touched(c, got.Resource, read), "%s passes %s although %s is unknown", got.Rule, got.Resource, read)
			}
			p.verdicts++
			p.sureFail += count(was == model.StatusFail)
			p.saidFail += count(was == model.StatusFail && got.Status == model.StatusFail)
			p.sureNA += count(was == model.StatusNotApplicable)
			p.saidNA += count(was == model.StatusNotApplicable && got.Status == model.StatusNotApplicable)
		}
		for _, id := range ids {
			require.NotZero(t, hit[id], "%s says that it reads %s, but it makes no difference that it is unknown", id, read)
		}
	}
	t.Logf("%d verdicts with one attribute unknown; of %d failures %d stay certain, of %d that did not apply %d", p.verdicts, p.sureFail, p.saidFail, p.sureNA, p.saidNA)
}

// reading is a path that some rule on a kind reads.
type reading struct {
	kind model.Kind
	path string
}

// justRules is a judge with some of the rules of another, which must not be used
// any more.
func justRules(j *Judge, ids []model.RuleID) *Judge {
	just := &Judge{limits: j.limits}
	for _, r := range j.rules {
		if slices.Contains(ids, r.ID) {
			just.rules = append(just.rules, r)
		}
	}
	just.arrange()
	return just
}

// mutated is the company with one path of a kind unknown.
func mutated(t *testing.T, c *company, kind model.Kind, read string) *model.Snapshot {
	t.Helper()
	parts := strings.Split(read, ".")
	name := parts[len(parts)-1]
	of := kind // whose attribute it is
	if parts[0] == "related" {
		for _, role := range roles(kind) {
			if role.name == parts[1] {
				of = role.to
			}
		}
	}
	scopes := c.scopes
	var resources []*model.Resource
	for _, r := range c.resources {
		switch {
		case parts[0] == "related" && parts[1] == usedBy:
			for _, role := range roles(r.ID.Kind) {
				if r.ID.Kind == model.Kind(name) && role.to == kind {
					r = withRef(t, r, role.name)
				}
			}
		case name == "exists":
			if r.ID.Kind == kind {
				r = withRef(t, r, parts[1])
			}
		case r.ID.Kind == of:
			r = withUnknown(t, r, name)
		}
		resources = append(resources, r)
	}
	snap := snapshot(scopes, resources...)
	snap.Header.Events = &model.EventLog{} // for the rules that need what follows from events
	return snap
}

// touched says whether mutated makes something unknown that a resource has.
func touched(c *company, id model.ResourceID, read string) bool {
	parts := strings.Split(read, ".")
	if parts[0] == "resource" || parts[1] == usedBy || parts[2] == "exists" {
		return true
	}
	for _, r := range c.resources {
		if r.ID == id {
			to, ok := r.Refs[parts[1]].Get()
			return ok && to.ID != "" && hasResource(c, to)
		}
	}
	return false
}

func hasResource(c *company, id model.ResourceID) bool {
	for _, r := range c.resources {
		if r.ID == id {
			return true
		}
	}
	return false
}

func withRef(t *testing.T, r *model.Resource, role string) *model.Resource {
	t.Helper()
	changed := *r
	changed.Refs = maps.Clone(r.Refs)
	changed.Ref(role, model.Missing[model.ResourceID](denied))
	return &changed
}

func withUnknown(t *testing.T, r *model.Resource, name string) *model.Resource {
	t.Helper()
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	var doc map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(raw, &doc))
	var attributes map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(doc["attributes"], &attributes))
	unknown := map[string]model.Unknown{}
	if doc["unknown"] != nil {
		require.NoError(t, json.Unmarshal(doc["unknown"], &unknown))
	}
	delete(attributes, name)
	unknown[name] = denied
	doc["attributes"], err = json.Marshal(attributes)
	require.NoError(t, err)
	doc["unknown"], err = json.Marshal(unknown)
	require.NoError(t, err)
	raw, err = json.Marshal(doc)
	require.NoError(t, err)
	changed := new(model.Resource)
	require.NoError(t, json.Unmarshal(raw, changed), fmt.Sprintf("%s of %s", name, r.ID))
	return changed
}

// TestMissingQualifier: a secret whose function has no such version or alias fails by
// SM-005 alone, whatever could not be read of what is not there.
func TestMissingQualifier(t *testing.T) {
	j, err := New(t.Context(), Options{Only: []model.RuleID{"SM-005", "SM-006", "SM-015"}}, rules.FS())
	require.NoError(t, err)
	at := cell(model.KindFunction, "arn:aws:lambda:eu-west-1:111122223333:function:f")
	gone := model.Unknown{Reason: model.ReasonFailed, Detail: "ResourceNotFoundException"}
	for _, c := range []struct {
		qualifier model.Value[string]
		missing   model.Value[[]string]
		want      string // of the three
	}{
		{model.Known("old"), model.Known([]string{"old"}), "fail not_applicable not_applicable"},
		{model.Known("live"), model.Known([]string{}), "pass unknown unknown"},
		{model.Known("live"), model.Missing[[]string](denied), "unknown unknown unknown"},
		{model.None[string](), model.Known([]string{}), "pass unknown unknown"},
	} {
		f := &model.Resource{ID: at, Body: &model.Function{
			State: model.Missing[string](gone), TimeoutSeconds: model.Missing[int](gone), InvokeSources: model.Known([]string{"*"}), MissingQualifiers: c.missing,
		}}
		s := secret("s", func(s *model.Secret) {
			s.IsReplica, s.DeletionScheduled, s.OwningService = model.Known(false), model.Known(false), model.None[string]()
			s.RotationEnabled, s.RotationWindowHours = model.Known(true), model.Known(1)
			s.RotationFunction, s.RotationQualifier = model.Known(at.ID), c.qualifier
		})
		s.Ref("rotation_function", model.Known(at))
		_, results := evaluate(t, j, snapshot(listed(model.KindFunction), f, s))
		var got []string
		for _, r := range results {
			got = append(got, string(r.Status))
		}
		require.Equal(t, c.want, strings.Join(got, " "))
	}
}
