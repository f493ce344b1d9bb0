package terraform

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/model"
)

// TestPlanAndStateAgree: what a plan says of what it will make is what the state
// says when it is made, wherever both know. The state is of the same code, applied
// to a stand-in for AWS.
func TestPlanAndStateAgree(t *testing.T) {
	planned, made := of(t, fixture(t, "new", "plan.json").After), of(t, fixture(t, "change", "state.json").After)
	// Where they differ, and why.
	differ := map[string]string{
		"aws_iam_role.turn aws_managed_policies": "the stand-in has no policies of AWS's own, so that this one was not attached",
	}
	for _, rotation := range []string{"rotation_enabled", "rotation_schedule", "rotation_interval_days", "rotation_window_hours"} {
		differ["aws_secretsmanager_secret.one "+rotation] = "the apply ended before it was made"
	}
	compared := 0
	for address, p := range planned {
		m, ok := made[address]
		if !ok {
			continue
		}
		state := map[string]model.Attribute{}
		for name, a := range m.Attributes() {
			state[name] = a
		}
		for name, a := range p.Attributes() {
			if a.State() == model.StateUnknown || state[name].State() == model.StateUnknown {
				continue
			}
			compared++
			if _, ok := differ[address+" "+name]; ok {
				assert.NotEqual(t, show(a), show(state[name]), "%s no longer differs", address+" "+name)
				continue
			}
			assert.Equal(t, show(a), show(state[name]), "%s of %s", name, address)
		}
		for role := range p.Refs {
			if to, ok := p.Refs[role].Get(); ok && made[to.ID] != nil && (address != "aws_secretsmanager_secret.one" || role == "key") {
				assert.Equal(t, to.ID, made.ref(address, role), "%s of %s", role, address)
			}
		}
	}
	assert.Greater(t, compared, 150)
}
