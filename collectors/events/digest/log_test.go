package digest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/model"
)

// TestChainOfARecord: only a time that every chain proves is proven, and a pass is
// one of the whole time of the record.
func TestChainOfARecord(t *testing.T) {
	hour := func(n int) time.Time { return time.Date(2026, 3, 14, n, 0, 0, 0, time.UTC) }
	good := Report{Chains: []Chain{{From: hour(1), To: hour(9)}, {From: hour(2), To: hour(8)}}, Digests: Count{Verified: 14}}
	c := good.Chain(hour(2), hour(8))
	assert.Equal(t, model.EventChain{Verdict: model.VerdictPass, From: hour(2), Until: hour(8), Gaps: []string{}}, c)
	for _, span := range [][2]time.Time{{hour(1), hour(8)}, {hour(2), hour(9)}} {
		c = good.Chain(span[0], span[1])
		assert.Equal(t, model.VerdictUnknown, c.Verdict)
		assert.Len(t, c.Gaps, 1)
		assert.Equal(t, hour(2), c.From)
	}
	apart := Report{Chains: []Chain{{From: hour(1), To: hour(2)}, {From: hour(3), To: hour(4)}}, Digests: Count{Verified: 2}}
	assert.True(t, apart.Chain(hour(1), hour(2)).From.IsZero())
	none := (&Report{}).Chain(hour(1), hour(2))
	assert.Equal(t, model.VerdictUnknown, none.Verdict)
	assert.Contains(t, none.Gaps[0], "no digest file")
}

// TestDistrust: what was tampered with says nothing; what nobody can explain is no
// reason for that.
func TestDistrust(t *testing.T) {
	scopes := func() []model.EventScope {
		return []model.EventScope{{Account: "111122223333", Region: "eu-west-1"}, {Account: "111122223333", Region: "us-east-1"}}
	}
	const log = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/14/111122223333_CloudTrail_eu-west-1_20260314T0005Z_a.json.gz"
	for _, tt := range []struct {
		kind              Kind
		more              int
		ireland, virginia bool // with a gap
	}{
		{KindMissingLog, 0, true, false}, {KindTimeGap, 0, false, false}, {KindAlteredLog, 5, true, true},
	} {
		r := &Report{}
		r.add(Problem{tt.kind, log, "x"})
		r.MoreProblems = tt.more
		list := scopes()
		r.Distrust(list)
		assert.Equal(t, tt.ireland, list[0].Gap != nil, tt.kind)
		assert.Equal(t, tt.virginia, list[1].Gap != nil, tt.kind)
	}
}
