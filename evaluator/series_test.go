package evaluator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// windowRule counts reads that are done, by who.
func windowRule(window, params string) string {
	text := ruleText("w", "T-1", "event", params, `not_applicable contains "not done" if input.resource.outcome != "done"

violation contains {"message": "reads"} if input.resource.name == "GetSecretValue"`)
	return strings.Replace(text, "#   severity: high\n", "#   severity: high\n#   events: [\"secretsmanager.amazonaws.com:GetSecretValue\"]\n#   window: "+window+"\n", 1)
}

// play are some events at random: few principals and secrets, many at the same
// time, some of which nobody knows whether they count or what they were about.
func play(r *rand.Rand, n int, unsure bool) []*model.Event {
	why := model.Unknown{Reason: model.ReasonNotInSource, Detail: "hidden"}
	var list []*model.Event
	for i := range n {
		e := &model.Event{
			Source: "secretsmanager.amazonaws.com", Name: "GetSecretValue", Time: now.Add(time.Duration(r.IntN(60)) * time.Minute),
			ID: model.Known(fmt.Sprint("e", i)), Account: model.Known("111122223333"), Region: model.Known("eu-west-1"),
			Outcome: model.Known(model.OutcomeDone), Targets: model.Known([]string{fmt.Sprint("s", r.IntN(6))}),
		}
		e.Principal.Issuer = model.Known(fmt.Sprint("arn:aws:iam::111122223333:role/r", r.IntN(3)))
		switch {
		case unsure && r.IntN(12) == 0:
			e.Outcome = model.Missing[model.Outcome](why)
		case unsure && r.IntN(40) == 0:
			e.Targets = model.Missing[[]string](why)
		case r.IntN(10) == 0:
			e.Outcome = model.Known(model.OutcomeDenied)
		}
		list = append(list, e)
		if r.IntN(5) == 0 { // two trails
			list = append(list, e)
		}
	}
	return list
}

// seriesOracle looks at each window that begins with an event, and at each subset that
// could matter: those that count for certain, and those that may.
func seriesOracle(list []*model.Event, who string, within time.Duration, count int, targets bool) model.Status {
	reaches := func(maybe bool) bool {
		for _, from := range list {
			seen := map[string]bool{}
			for i, e := range list {
				known := e.Outcome.State() == model.StateKnown && (!targets || e.Targets.State() == model.StateKnown)
				counts := e.Outcome.Or("") == model.OutcomeDone && known || maybe && !known && e.Outcome.Or(model.OutcomeDone) == model.OutcomeDone
				if e.Principal.Who() != who || !counts || e.Time.Before(from.Time) || e.Time.Sub(from.Time) > within {
					continue
				}
				switch {
				case targets && e.Targets.State() == model.StateUnknown:
					for k := range count { // any number of others
						seen[fmt.Sprint("?", i, k)] = true
					}
				case targets:
					seen[e.Targets.Or(nil)[0]] = true
				default:
					seen[e.ID.Or("")] = true
				}
			}
			if len(seen) >= count {
				return true
			}
		}
		return false
	}
	switch {
	case reaches(false):
		return model.StatusFail
	case reaches(true):
		return model.StatusUnknown
	default:
		return model.StatusPass
	}
}

// TestSeriesAgainstOracle: whatever the events and their order, a series fails
// when so many lie within a window, is unknown when so many may, and passes else.
func TestSeriesAgainstOracle(t *testing.T) {
	const params = `{minutes: {type: integer, default: 7, why: a test}, count: {type: integer, default: 4, why: a test}}`
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[model.Status]int{}
	for _, distinct := range []string{"", "distinct: targets, "} {
		j := judgeOf(t, windowRule("{by: [who], "+distinct+"minutes: minutes, count: count}", params))
		for round := range 100 {
			list := play(r, 5+r.IntN(60), round%2 == 0)
			for range 2 {
				r.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
				_, results := evaluate(t, j, record(list))
				got := map[string]model.Status{}
				for _, res := range results {
					if res.Resource.Kind == model.KindPrincipal {
						got[res.Resource.ID] = res.Status
					}
				}
				for i := range 3 {
					who := fmt.Sprint("arn:aws:iam::111122223333:role/r", i)
					want := seriesOracle(list, who, 7*time.Minute, 4, distinct != "")
					if got[who] == "" {
						got[who] = model.StatusPass // there is no row
					}
					require.Equal(t, want, got[who], "round %d, %s, %q", round, who, distinct)
					seen[want]++
				}
			}
		}
	}
	for _, s := range []model.Status{model.StatusFail, model.StatusUnknown, model.StatusPass} {
		require.Greater(t, seen[s], 50, s)
	}
}

// TestSilenceAgainstOracle: the same for silence.
func TestSilenceAgainstOracle(t *testing.T) {
	j := judgeOf(t, windowRule("{by: [targets], silence: days}", `{days: {type: integer, default: 5, why: a test}}`))
	r := rand.New(rand.NewPCG(3, 4))
	seen := map[bool]int{}
	for range 100 {
		list := play(r, 3+r.IntN(12), false)
		for _, e := range list {
			e.Time = now.Add(time.Duration(r.IntN(30*24)) * time.Hour)
		}
		_, results := evaluate(t, j, record(list))
		for i := range 6 {
			name := fmt.Sprint("s", i)
			var times []time.Time
			for _, e := range list {
				if e.Targets.Or(nil)[0] == name && e.Outcome.Or("") == model.OutcomeDone {
					times = append(times, e.Time)
				}
			}
			slices.SortFunc(times, time.Time.Compare)
			want := false
			for k := 1; k < len(times); k++ {
				want = want || times[k].Sub(times[k-1]) >= 5*24*time.Hour
			}
			got := slices.ContainsFunc(results, func(res *model.Result) bool { return res.Resource.ID == name && res.Status == model.StatusFail })
			require.Equal(t, want, got, "%s: %v", name, times)
			seen[want]++
		}
	}
	require.Greater(t, seen[true], 50)
	require.Greater(t, seen[false], 50)
}

// TestSilenceInDoubt: a use that may have been none, and a gap in the record, make
// a silence unknown, never a failure and never a pass.
func TestSilenceInDoubt(t *testing.T) {
	j := judgeOf(t, windowRule("{by: [targets], silence: days}", `{days: {type: integer, default: 5, why: a test}}`))
	at := func(day int, known bool) *model.Event {
		e := play(rand.New(rand.NewPCG(1, 1)), 1, false)[0]
		e.ID, e.Time, e.Targets = model.Known(fmt.Sprint(day)), now.Add(time.Duration(day)*24*time.Hour), model.Known([]string{"s"})
		if e.Outcome = model.Known(model.OutcomeDone); !known {
			e.Outcome = model.Missing[model.Outcome](denied)
		}
		return e
	}
	status := func(gap *model.Unknown, list ...*model.Event) model.Status {
		snap := record(list)
		snap.Header.Events.Scopes[1].Gap = gap
		_, results := evaluate(t, j, snap)
		for _, r := range results {
			if r.Resource.ID == "s" {
				return r.Status
			}
		}
		return model.StatusPass
	}
	require.Equal(t, model.StatusFail, status(nil, at(0, true), at(9, true)))
	require.Equal(t, model.StatusUnknown, status(&denied, at(0, true), at(9, true)))
	require.Equal(t, model.StatusUnknown, status(nil, at(0, true), at(9, true), at(4, false)))
	require.Equal(t, model.StatusUnknown, status(nil, at(0, true), at(9, false)))
	require.Equal(t, model.StatusPass, status(nil, at(0, true), at(4, false)))
}

// TestSilenceLongerThanRecord: a record that is no longer than the silence shows
// none, and says nothing by that.
func TestSilenceLongerThanRecord(t *testing.T) {
	j := judgeOf(t, windowRule("{by: [targets], silence: days}", `{days: {type: integer, default: 5, why: a test}}`))
	for days, want := range map[int]model.Status{3: model.StatusUnknown, 5: model.StatusUnknown, 6: model.StatusPass} {
		snap := record(nil)
		snap.Header.Events.Until = snap.Header.Events.From.AddDate(0, 0, days)
		_, results := evaluate(t, j, snap)
		require.NotEmpty(t, results)
		for _, r := range results {
			require.Equal(t, want, r.Status, days)
		}
		if want == model.StatusUnknown {
			require.Equal(t, "CloudTrail's record begins on 2026-01-01, too late to show 5 days without a use (--events-since)", results[0].Unknown["events"].Detail)
		}
	}
}

// TestSeriesBounds: a series of which times had to be left out is unknown, unless
// it fails all the same.
func TestSeriesBounds(t *testing.T) {
	j := judgeOf(t, windowRule("{by: [who], minutes: minutes, count: count}", `{minutes: {type: integer, default: 7, why: a test}, count: {type: integer, default: 4, why: a test}}`))
	r := j.rules[0]
	count := func(budget, spacing int) result {
		s := newSeries(r, &momentBudget{left: budget})
		f := &fold{header: &record(nil).Header}
		var hits []*hit
		for i := range 40 {
			e := play(rand.New(rand.NewPCG(1, 1)), 1, false)[0]
			e.ID, e.Time = model.Known(fmt.Sprint(i)), now.Add(time.Duration(i*spacing)*time.Minute)
			around, err := contextOf(record(nil), &index{})
			require.NoError(t, err)
			hits = append(hits, &hit{r, e.View(around), fails("name", "reads")})
		}
		for _, h := range hits {
			require.Nil(t, s.add(h))
		}
		for _, h := range hits {
			s.again(h)
		}
		of := &ruleFold{series: s, told: map[place]bool{}}
		for _, one := range s.all {
			return f.seriesResult(of, one)
		}
		return result{}
	}
	require.Equal(t, model.StatusPass, count(1000, 5).status)
	require.Equal(t, model.StatusFail, count(1000, 1).status)
	require.Equal(t, model.StatusFail, count(10, 1).status, "it fails before the bound")
	require.Equal(t, model.StatusUnknown, count(10, 5).status)
	require.Equal(t, model.StatusUnknown, count(2, 1).status)
}
