package main

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// peerTopic is what we have for a kind of check that other tools have: rules, or
// the reason why there is none.
type peerTopic struct {
	rules []model.RuleID
	why   string
}

// peerTopics lists every kind of check in the collection.
//
// "Block Public Policy not used" is no rule: BlockPublicPolicy is a parameter of
// one call of PutResourcePolicy, and no answer of AWS (DescribeSecret,
// GetResourcePolicy, ListSecrets) says whether a policy was put with it.
// ValidateResourcePolicy judges a text that the caller hands in. SM-009 judges
// what it would have kept out.
func peerTopics() map[string]peerTopic {
	by := func(ids ...model.RuleID) peerTopic { return peerTopic{rules: ids} }
	none := func(why string) peerTopic { return peerTopic{why: why} }
	return map[string]peerTopic{
		"SM-ROT-ENABLED": by("SM-001", "SM-005", "SM-006"), "SM-ROT-AGE": by("SM-003", "SM-016", "SM-017"), "SM-ROT-PERIOD": by("SM-002"),
		"SM-ROT-SUCCESS": by("SM-003", "SM-004"), "SM-UNUSED": by("SM-013"), "SM-CMK": by("SM-007", "SM-008"), "SM-TAGS": by("SM-014"),
		"SM-POLICY-PUBLIC": by("SM-009"), "SM-POLICY-RESTRICTIVE": by("SM-010", "SM-023"), "SM-REPLICATION": by("SM-011", "SM-012", "SM-022"),
		"SSM-CMK": by("SSM-002"), "SSM-PLAINTEXT": by("SSM-001"), "SSM-SECURESTRING": by("SSM-001"), "WORKLOAD-ENV-SECRETS": by("LAM-001"),
		"KMS-ROT": by("KMS-001", "KMS-007"), "KMS-PENDING-DELETION": by("KMS-002", "KMS-005"), "KMS-DISABLED": by("KMS-005"),
		"KMS-PUBLIC": by("KMS-003", "KMS-004", "KMS-006"),
		"CT-ENABLED": by("CT-001", "ACC-001"), "CT-MULTIREGION": by("CT-002", "ACC-001"), "CT-MGMT-EVENTS": by("CT-005", "CT-011", "ACC-001"),
		"CT-VALIDATION": by("CT-003"), "CT-KMS": by("CT-004", "CT-012"), "CT-CWL": by("CT-010"), "CT-BUCKET-PUBLIC": by("CT-007"),
		"CT-BUCKET-LOGGING": by("CT-009"), "CT-ALARM-KMS": by("ACC-002"),
		"IAM-KMS-WILDCARD":     by("IAM-001", "IAM-005", "IAM-006", "IAM-011", "IAM-012"),
		"IAM-SECRETS-WILDCARD": by("IAM-002", "IAM-003", "IAM-008", "IAM-009"),

		"CT-BUCKET-MFADELETE": none("MFA delete keeps files from being deleted; that files are whole is what signing proves (CT-003), and who may reach the bucket is CT-007's"),
		"CT-DATAEVENTS":       none("what is done with secrets, parameters and keys are management events"),
		"CT-INSIGHTS":         none("about unusual rates of calls, not about how secrets are kept"),
		"CT-THREAT":           none("about what people did, not about how secrets are kept"),
		"LAMBDA-ENV-CMK":      none("no credential belongs into an environment variable (LAM-001), whatever key encrypts it"),
		"SSM-DOC-PUBLIC":      none("documents of Systems Manager are no kind of resource here"),
		"SSM-DOC-SECRETS":     none("documents of Systems Manager are no kind of resource here"),
		"KMS-MULTIREGION":     none("replicated secrets need multi-Region keys or one in each region: to forbid them is against recovery"),
		"KMS-UNUSED":          none("a key that nobody uses harms nobody; one that is used and cannot be is KMS-005's"),
		"KMS-DELETION-WINDOW": none("about the waiting period in a template; a live key has a date (KMS-002)"),
		"KMS-POLICY-DEFINED":  none("about a template: a live key always has a policy, which KMS-003 and KMS-004 judge"),
		"IAM-KEY-AGE":         none("access keys of users are credentials of IAM, and no secret that is kept anywhere"),
		"REMEDIATION":         none("about repairs; rules repair nothing"),
		"OTHER":               none("about another subject"),
		"NONE":                none("there is no check to be wrong"),
	}
}

// peerCheck is a check of another tool.
type peerCheck struct {
	Peer, ID string
	Topic    string   `json:"check_kind"`
	Known    []string `json:"known_fp_fn"`
}

func peerChecks(t *testing.T) []peerCheck {
	t.Helper()
	raw, err := os.ReadFile(needs.Shared(t, "..", "catalogue", "peer-checks.json"))
	require.NoError(t, err)
	var catalogue struct{ Checks []peerCheck }
	require.NoError(t, json.Unmarshal(raw, &catalogue))
	require.Greater(t, len(catalogue.Checks), 150)
	return catalogue.Checks
}

// TestPeersTopics: every kind of check that another tool has is judged by rules
// of ours that exist, or has a reason; what several have and we say belongs to a
// rule, the rule says of itself too.
func TestPeersTopics(t *testing.T) {
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	byID, published := map[model.RuleID]model.Rule{}, map[string]bool{}
	for _, r := range judge.Rules() {
		byID[r.ID] = r
	}
	for _, f := range judge.Frameworks() {
		for _, c := range f.Controls {
			for _, m := range c.Mappings {
				published[m.Topic] = true
			}
		}
	}
	topics, peers := peerTopics(), map[string][]string{}
	for _, c := range peerChecks(t) {
		if assert.Contains(t, topics, c.Topic, "%s %s: name our rules, or why there is none", c.Peer, c.ID) && !slices.Contains(peers[c.Topic], c.Peer) {
			peers[c.Topic] = append(peers[c.Topic], c.Peer)
		}
	}
	for name, topic := range topics {
		assert.NotEmpty(t, peers[name], "%s is no kind of check of the collection", name)
		assert.NotEqual(t, len(topic.rules) > 0, topic.why != "", "%s: rules or a reason", name)
		for _, id := range topic.rules {
			assert.Contains(t, byID, id, name)
		}
		if published[name] && len(topic.rules) > 0 {
			assert.True(t, slices.ContainsFunc(topic.rules, func(id model.RuleID) bool { return slices.Contains(byID[id].Topics, name) }),
				"%s: none of %v has it among its topics", name, topic.rules)
		}
	}
}
