package evaluator

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

const thresholds = `{max: {type: integer, default: 90, why: a test}, low: {type: integer, default: 1, why: a test}, names: {type: strings, default: [a], why: a test}}`

// interval judges by two parameters.
var interval = ruleText("interval", "T-1", "secret", thresholds, `
violation contains {"message": sprintf("%d > %d", [input.resource.rotation_interval_days, input.params.max])} if {
	input.resource.rotation_interval_days > input.params.max
}
violation contains {"message": sprintf("%d < %d", [input.resource.rotation_interval_days, input.params.low])} if {
	input.resource.rotation_interval_days < input.params.low
}`)

func configured(t *testing.T, s Settings, texts ...string) *Judge {
	t.Helper()
	j, err := New(t.Context(), Options{Settings: s}, files(texts...))
	require.NoError(t, err)
	return j
}

func overrides(list ...model.Override) Settings {
	return Settings{Overrides: map[model.RuleID][]model.Override{"T-1": list}}
}

func set(max int, where model.Where) model.Override {
	return model.Override{Where: where, Set: map[string]any{"max": max}, Why: "board"}
}

func TestOverrides(t *testing.T) {
	dev := map[string]string{"env": "dev*"}
	days := func(n int, tags model.Value[map[string]string]) func(*model.Secret) {
		return func(s *model.Secret) { s.RotationIntervalDays, s.Tags = model.Known(n), tags }
	}
	tags := func(env string) model.Value[map[string]string] {
		return model.Known(map[string]string{"env": env, "team": "web"})
	}
	hidden := model.Missing[map[string]string](denied)
	for _, c := range []struct {
		name     string
		settings Settings
		secret   *model.Resource
		want     model.Status
		messages []string
		applied  []int
		unknown  []string
	}{
		{"default", Settings{}, secret("a", days(100, tags("dev"))), model.StatusFail, []string{"100 > 90"}, nil, nil},
		{"everywhere", overrides(set(365, model.Where{})), secret("a", days(100, tags("dev"))), model.StatusPass, nil, nil, nil},
		{"account", overrides(set(30, model.Where{Account: "1111*"})), secret("a", days(60, tags("dev"))), model.StatusFail, []string{"60 > 30"}, []int{0}, nil},
		{"another account", overrides(set(30, model.Where{Account: "4444*"})), secret("a", days(60, tags("dev"))), model.StatusPass, nil, nil, nil},
		{"region", overrides(set(30, model.Where{Region: "eu-*"})), secret("a", days(60, tags("dev"))), model.StatusFail, []string{"60 > 30"}, []int{0}, nil},
		{"another region", overrides(set(30, model.Where{Region: "us-*"})), secret("a", days(60, tags("dev"))), model.StatusPass, nil, nil, nil},
		{"name", overrides(set(30, model.Where{Name: "dev/*"})), secret("dev/a/b", days(60, tags("dev"))), model.StatusFail, []string{"60 > 30"}, []int{0}, nil},
		{"tag", overrides(set(365, model.Where{Tags: dev})), secret("a", days(100, tags("development"))), model.StatusPass, nil, []int{0}, nil},
		{"another tag", overrides(set(365, model.Where{Tags: dev})), secret("a", days(100, tags("prod"))), model.StatusFail, []string{"100 > 90"}, nil, nil},
		{"all tags", overrides(set(365, model.Where{Tags: map[string]string{"env": "dev", "team": "pay"}})), secret("a", days(100, tags("dev"))), model.StatusFail, []string{"100 > 90"}, nil, nil},
		{"no tags", overrides(set(365, model.Where{Tags: dev})), secret("a", days(100, model.None[map[string]string]())), model.StatusFail, []string{"100 > 90"}, nil, nil},
		{"both must match", overrides(set(365, model.Where{Region: "us-*", Tags: dev})), secret("a", days(100, hidden)), model.StatusFail, []string{"100 > 90"}, nil, nil},
		{
			"the last wins", overrides(set(10, model.Where{}), set(20, model.Where{Region: "eu-*"}), set(200, model.Where{Name: "a"})),
			secret("a", days(100, tags("dev"))), model.StatusPass, nil, []int{1}, nil,
		},
		{
			"by parameter", overrides(set(50, model.Where{Region: "eu-*"}), model.Override{Where: model.Where{Name: "a"}, Set: map[string]any{"low": 70}}),
			secret("a", days(60, tags("dev"))), model.StatusFail, []string{"60 < 70", "60 > 50"}, []int{0, 1}, nil,
		},
		{"tags unknown, both pass", overrides(set(365, model.Where{Tags: dev})), secret("a", days(60, hidden)), model.StatusPass, nil, nil, nil},
		{"tags unknown, both fail", overrides(set(365, model.Where{Tags: dev})), secret("a", days(400, hidden)), model.StatusFail, []string{"400 > 90", "400 > 365"}, nil, nil},
		{"tags unknown, they differ", overrides(set(365, model.Where{Tags: dev})), secret("a", days(100, hidden)), model.StatusUnknown, nil, nil, []string{"resource.tags"}},
		{
			"tags unknown, one of two decides", overrides(set(365, model.Where{Tags: dev}), set(80, model.Where{Tags: map[string]string{"team": "web"}})),
			secret("a", days(85, hidden)), model.StatusUnknown, nil, nil, []string{"resource.tags"},
		},
		{
			"tags and more unknown", overrides(set(365, model.Where{Tags: dev})), secret("a", func(s *model.Secret) { s.Tags = hidden }),
			model.StatusUnknown, nil, nil, []string{"resource.rotation_interval_days", "resource.tags"},
		},
		{
			"too many that tags decide", overrides(slices.Repeat([]model.Override{set(90, model.Where{Tags: dev})}, maxMaybe+1)...),
			secret("a", days(60, hidden)), model.StatusUnknown, nil, nil, []string{"resource.tags"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, results := evaluate(t, configured(t, c.settings, interval), snapshot(nil, c.secret))
			require.Len(t, results, 1)
			r := results[0]
			require.Equal(t, c.want, r.Status, "%+v", r)
			var messages []string
			for _, f := range r.Findings {
				messages = append(messages, f.Message)
			}
			require.Equal(t, c.messages, messages)
			require.Equal(t, c.applied, r.Overrides)
			require.Equal(t, c.unknown, emptyNil(sortedKeys(r.Unknown)))
		})
	}
}

// TestMemoryKeepsVariantsApart judges resources that look alike to the rule but
// have different thresholds, with one worker.
func TestMemoryKeepsVariantsApart(t *testing.T) {
	j := configured(t, overrides(set(30, model.Where{Name: "b*"}), set(20, model.Where{Name: "c*"})), interval)
	j.limits.workers = 1
	fill := func(s *model.Secret) { s.RotationIntervalDays = model.Known(60) }
	_, results := evaluate(t, j, snapshot(nil, secret("a1", fill), secret("b1", fill), secret("c1", fill), secret("a2", fill), secret("b2", fill), secret("c2", fill)))
	var got []string
	for _, r := range results {
		text := string(r.Status)
		for _, f := range r.Findings {
			text = f.Message
		}
		got = append(got, text)
	}
	require.Equal(t, []string{"pass", "60 > 30", "60 > 20", "pass", "60 > 30", "60 > 20"}, got)
}

// TestOverridesAgreeWithParameters judges a company with overrides, and the same
// with judges that have each set of values as the rules' own.
func TestOverridesAgreeWithParameters(t *testing.T) {
	c := newCompany(1500)
	for i, r := range c.resources {
		if s, ok := r.Body.(*model.Secret); ok && i%7 == 0 {
			s.Tags = model.Missing[map[string]string](denied)
		}
	}
	const id = "SM-002"
	values := []int{10, 45, 200}
	scopes := []model.Where{{Account: "*3334", Region: "eu-*"}, {Name: "*:secret:app-1*"}, {Tags: map[string]string{"env": "prod"}}}
	var list []model.Override
	for i, w := range scopes {
		list = append(list, model.Override{Where: w, Set: map[string]any{"max_days": values[i]}})
	}
	judged := func(s Settings) map[model.ResourceID]*model.Result {
		j, err := New(t.Context(), Options{Only: []model.RuleID{id}, Settings: s}, rules.FS())
		require.NoError(t, err)
		_, results := evaluate(t, j, c.snapshot())
		byID := map[model.ResourceID]*model.Result{}
		for _, r := range results {
			byID[r.Resource] = r
		}
		return byID
	}
	plain := map[int]map[model.ResourceID]*model.Result{}
	for _, v := range append([]int{90}, values...) {
		plain[v] = judged(Settings{Overrides: map[model.RuleID][]model.Override{id: {{Set: map[string]any{"max_days": v}}}}})
	}
	got := judged(Settings{Overrides: map[model.RuleID][]model.Override{id: list}})
	differ, used := 0, map[int]int{}
	for _, r := range c.resources {
		s, ok := r.Body.(*model.Secret)
		if !ok {
			continue
		}
		value := 90
		for i, in := range []bool{
			r.ID.Account == "111122223334" && strings.HasPrefix(r.ID.Region, "eu-"), strings.Contains(r.Name, ":secret:app-1"),
		} {
			if in {
				value = values[i]
			}
		}
		candidates := []int{value}
		if tags, known := s.Tags.Get(); !known {
			candidates = append(candidates, values[2])
		} else if tags["env"] == "prod" {
			candidates = []int{values[2]}
		}
		want := plain[candidates[0]][r.ID]
		for _, v := range candidates[1:] {
			if plain[v][r.ID].Status != want.Status {
				want = &model.Result{Status: model.StatusUnknown}
				differ++
			}
		}
		require.Equal(t, want.Status, got[r.ID].Status, "%s with %v", r.ID, candidates)
		if len(candidates) == 1 {
			require.Equal(t, want.Findings, got[r.ID].Findings)
			used[candidates[0]]++
		}
	}
	require.Positive(t, differ)
	require.Len(t, slices.Collect(maps.Keys(used)), 4, "every value is used: %v", used)
}

func TestSwitchedOff(t *testing.T) {
	j := configured(t, Settings{Off: map[model.RuleID]model.Off{"T-1": {Reason: "judged elsewhere"}}}, interval)
	report, results := evaluate(t, j, snapshot(gap(model.KindSecret), secret("a", nil)))
	require.Len(t, results, 2)
	for _, r := range results {
		require.Equal(t, model.StatusNotApplicable, r.Status)
		require.Equal(t, []string{"switched off: judged elsewhere"}, r.NotApplicable)
	}
	require.Equal(t, "judged elsewhere", report.Rules[0].Off.Reason)
	require.Equal(t, model.VerdictUnknown, report.Verdict(model.VerdictPolicy{}))
}

func TestFlagsWinOverSettings(t *testing.T) {
	s := overrides(set(10, model.Where{}), set(20, model.Where{Name: "*"}), model.Override{Where: model.Where{Name: "a"}, Set: map[string]any{"max": 30, "low": 50}})
	j, err := New(t.Context(), Options{Settings: s, Params: map[model.RuleID]map[string]string{"T-1": {"max": "500"}}}, files(interval))
	require.NoError(t, err)
	r := j.Rules()[0]
	require.Equal(t, 500, r.Params["max"].Value)
	require.Len(t, r.Overrides, 1)
	require.Equal(t, map[string]any{"low": 50}, r.Overrides[0].Set)
	require.Len(t, s.Overrides["T-1"][2].Set, 2, "the caller's settings stay as they are")
}

func TestSettingsInTheReport(t *testing.T) {
	o := set(365, model.Where{})
	o.Set["names"] = []string{"x", "y"}
	j := configured(t, overrides(o, set(20, model.Where{Tags: map[string]string{"a": "b"}})), interval)
	r := j.Rules()[0]
	require.Equal(t, model.Param{Type: "integer", Value: 365, Default: 90, Why: "board"}, r.Params["max"])
	require.Equal(t, []string{"x", "y"}, r.Params["names"].Value)
	require.Contains(t, r.Reads, "resource.tags", "what decides the threshold is read")
	require.NotContains(t, configured(t, Settings{}, interval).Rules()[0].Reads, "resource.tags")
}

func TestFrameworks(t *testing.T) {
	soc2 := configured(t, Settings{Frameworks: []Choice{{Name: "soc2"}}}, interval)
	require.Len(t, soc2.Rules(), 1)
	all := realJudge(t)
	j, err := New(t.Context(), Options{Settings: Settings{Frameworks: []Choice{{Name: "hipaa"}}}}, rules.FS())
	require.NoError(t, err)
	require.Len(t, j.Frameworks(), 1)
	require.Less(t, len(j.Rules()), len(all.Rules()))
	for _, r := range j.Rules() {
		require.Equal(t, []string{"hipaa"}, sortedKeys(r.Controls))
	}
}

func TestBadSettings(t *testing.T) {
	at := model.Origin{File: "k.yaml", Line: 7}
	override := func(id model.RuleID, o model.Override) Settings {
		o.Origin = at
		return Settings{Overrides: map[model.RuleID][]model.Override{id: {o}}}
	}
	scoped := set(1, model.Where{Name: "x"})
	scoped.Origin = model.Origin{File: "k.yaml", Line: 3}
	everywhere := set(1, model.Where{})
	everywhere.Origin = at
	trail := ruleText("trail", "T-2", "trail", thresholds, `violation contains {"message": "x"} if input.params.max > 1`)
	own := ruleText("own", "WAIVER-001", "secret", "", `violation contains {"message": "x"}`)
	for _, c := range []struct {
		name     string
		settings Settings
		rule     string
		want     string
	}{
		{"no such rule", override("T-11", set(1, model.Where{})), interval, `k.yaml:7: rule "T-11" does not exist, did you mean T-1?; ` + "`keyproof rules` lists them"},
		{"no such parameter", override("T-1", model.Override{Set: map[string]any{"maxx": 1}}), interval, `k.yaml:7: rule T-1: there is no parameter "maxx", did you mean max?; it has low, max, names`},
		{"text for a number", override("T-1", model.Override{Set: map[string]any{"max": "1"}}), interval, `k.yaml:7: rule T-1: parameter max must be a whole number, not 1`},
		{"number for a list", override("T-1", model.Override{Set: map[string]any{"names": 1}}), interval, `parameter names must be a list of texts, not 1`},
		{"tags of a trail", override("T-2", set(1, model.Where{Tags: map[string]string{"a": "b"}})), trail, `no tags are read of a trail`},
		{"everywhere comes first", overrides(scoped, everywhere), interval, `k.yaml:7: rule T-1: the values that hold everywhere would undo those of k.yaml:3 above`},
		{"off", Settings{Off: map[model.RuleID]model.Off{"T-9": {Origin: at}}}, interval, `k.yaml:7: rule "T-9" does not exist`},
		{"waiver", Settings{Waivers: []model.Waiver{{Rule: "T-9", Origin: at}}}, interval, `k.yaml:7: rule "T-9" does not exist`},
		{"framework", Settings{Frameworks: []Choice{{"soc3", at}}}, interval, `k.yaml:7: framework "soc3" does not exist, did you mean soc2?`},
		{"an id of ours", Settings{}, own, `ids WAIVER-… are those of the results on waivers`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(t.Context(), Options{Settings: c.settings}, files(c.rule))
			require.ErrorContains(t, err, c.want)
		})
	}
}
