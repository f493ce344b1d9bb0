package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	fixture "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

// peerCase is one false result of another tool, and the right one: which rule
// of ours says what about which resource of testdata/peers.yaml.
type peerCase struct {
	check    string       // "prowler kms_cmk_rotation_enabled"
	says     string       // beginning of what is known of it
	rule     model.RuleID // ours
	resource string       // name, or name@region outside us-east-1; "*" for a list that was refused
	want     model.Status // empty: there is no result
	account  string       // an account file of its own; empty: testdata/peers.yaml
}

func peerWorld(t *testing.T) map[string]model.Status {
	t.Helper()
	file, err := os.Open("testdata/peers.yaml")
	require.NoError(t, err)
	defer file.Close()
	world, err := fixture.Load(file, scriptNow)
	require.NoError(t, err)
	server, err := fixture.Serve(t.Context(), world)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	s := scanAcme(t, t.Context(), server, world)
	require.Equal(t, 3, s.code, s.stderr)
	require.NotContains(t, s.all(), sentinel)
	var report struct{ Results []model.Result }
	require.NoError(t, json.Unmarshal([]byte(s.json), &report))
	found := map[string]model.Status{}
	for _, r := range report.Results {
		name := r.Name
		if r.Gap {
			name = "*"
		}
		if r.Resource.Region != demoRegions[0] {
			name += "@" + r.Resource.Region
		}
		found[string(r.Rule)+" "+name] = r.Status
	}
	return found
}

// TestPeersFalseResults scans what other tools are known to judge wrongly, with
// all of the program and the real rules.
func TestPeersFalseResults(t *testing.T) {
	found := peerWorld(t)
	for _, c := range peerCases() {
		if c.account != "" {
			continue
		}
		got, ok := found[string(c.rule)+" "+c.resource]
		if assert.True(t, ok, "%s: %s: no result of %s on %s", c.check, c.says, c.rule, c.resource) {
			assert.Equal(t, c.want, got, "%s: %s: %s on %s", c.check, c.says, c.rule, c.resource)
		}
	}
}

// TestPeersFalseResultsByThemselves has an account for each of the others.
func TestPeersFalseResultsByThemselves(t *testing.T) {
	for _, c := range peerCases() {
		if c.account == "" {
			continue
		}
		want := map[string]model.Status{}
		if c.want != "" {
			want[c.resource] = c.want
		}
		assert.Equal(t, want, verdicts(t, c.account, c.rule), "%s: %s", c.check, c.says)
	}
}

// TestPeersAreAllAnswered: each false result that the collection knows is a case
// above, or is listed with the reason why it concerns none of our rules.
func TestPeersAreAllAnswered(t *testing.T) {
	used := map[string]bool{}
	match := func(check, known string) (hit bool) {
		for _, c := range peerCases() {
			if c.check == check && strings.HasPrefix(known, c.says) {
				used[c.check+": "+c.says], hit = true, true
			}
		}
		return hit
	}
	n := 0
	topics := peerTopics()
	for _, c := range peerChecks(t) {
		check := c.Peer + " " + c.ID
		for _, known := range c.Known {
			n++
			answers := 0
			if match(check, known) {
				answers++
			}
			if topics[c.Topic].why != "" {
				answers++
			}
			for _, o := range peerOutside() {
				if o.check == check && strings.HasPrefix(known, o.says) {
					used[o.check+": "+o.says] = true
					answers++
				}
			}
			assert.Equal(t, 1, answers, "%s | %s | %s: write a case, or a reason, and not both", c.Topic, check, known)
		}
	}
	assert.Greater(t, n, 150)
	// What names nothing in the collection is misspelt.
	for _, c := range peerCases() {
		assert.True(t, used[c.check+": "+c.says], "%s: %s", c.check, c.says)
	}
	for _, o := range peerOutside() {
		assert.NotEmpty(t, o.why)
		assert.True(t, used[o.check+": "+o.says], "%s: %s", o.check, o.says)
	}
}
