package remediator

import "github.com/keyproof/keyproof/model"

// repair is one action on one resource of an account: what all tests of all
// actions run over. A new action is a new case here.
type repair struct {
	name   string // of the case
	action Action
	// regions are those of the account, as an account file has them. They hold one
	// resource that fails a rule which the action settles, and no other.
	regions  string
	resource string // its name
	rules    []model.RuleID
	set      Settings
	// apply and undo are the calls that making the change and taking it back take.
	apply, undo map[string]int
	// leaves are the attributes that undoing does not put back, as the change
	// declares by its UndoNote; nil when it declares to be exact.
	leaves []string
}

const rotators = `
  functions:
    - {name: rotator, role: rotator, invokers: [{service: secretsmanager.amazonaws.com}]}
    - {name: broken, fails: testSecret, invokers: [{service: secretsmanager.amazonaws.com}]}
    - {name: failing, fails: setSecret, invokers: [{service: secretsmanager.amazonaws.com}]}
    - {name: uninvited}
    - {name: dead, state: Failed, state_reason: it was throttled, invokers: [{service: secretsmanager.amazonaws.com}]}`

func repairs() []repair {
	return append(otherRepairs(), []repair{
		{
			name: "rotation of a secret that never rotated", action: Rotation{}, resource: "app",
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a}]" + rotators,
			rules:   []model.RuleID{"SM-001"}, set: Settings{"function": "rotator", "days": "30"},
			apply: map[string]int{"secretsmanager:RotateSecret": 1}, undo: map[string]int{"secretsmanager:CancelRotateSecret": 1},
		},
		{
			name: "rotation at once", action: Rotation{}, resource: "app",
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a}]" + rotators,
			rules:   []model.RuleID{"SM-001"}, set: Settings{"function": "rotator", "now": "true"},
			apply: map[string]int{"secretsmanager:RotateSecret": 1}, undo: map[string]int{"secretsmanager:CancelRotateSecret": 1},
			leaves: []string{"last_rotated_at", "last_rotated_days_ago", "versions"},
		},
		{
			name: "a schedule that is too long", action: Rotation{}, resource: "app",
			regions: `us-east-1:
  secrets: [{name: app, value: SENTINEL-a, rotation: {function: rotator, schedule: "rate(200 days)", window: 3h, last: 10d, next: in 190d}}]` + rotators,
			rules: []model.RuleID{"SM-002"}, set: Settings{},
			apply: map[string]int{"secretsmanager:RotateSecret": 1}, undo: map[string]int{"secretsmanager:RotateSecret": 1},
			// The endpoint works no schedules out.
			leaves: []string{"next_rotation_at", "next_rotation_in_days"},
		},
		{
			name: "rotation whose function is gone", action: Rotation{}, resource: "app",
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a, rotation: {function: gone, days: 60, last: 10d}}]" + rotators,
			rules:   []model.RuleID{"SM-005"}, set: Settings{"function": "rotator"},
			apply: map[string]int{"secretsmanager:RotateSecret": 1},
		},
		{
			name: "replication with the default key", action: Replication{}, resource: "app",
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a, tags: {dr: required}}]\neu-west-1:",
			rules:   []model.RuleID{"SM-011"}, set: Settings{"regions": "eu-west-1"},
			apply: map[string]int{"secretsmanager:ReplicateSecretToRegions": 1}, undo: map[string]int{"secretsmanager:RemoveRegionsFromReplication": 1},
		},
		{
			name: "replication with a multi-Region key", action: Replication{}, resource: "app",
			regions: `us-east-1:
  keys: [{name: k, multi_region: true}]
  secrets: [{name: app, key: k, value: SENTINEL-a, tags: {dr: required}}]
eu-west-1:
  keys: [{name: k, replica_of: us-east-1}]`,
			rules: []model.RuleID{"SM-011"}, set: Settings{"regions": "eu-west-1"},
			apply: map[string]int{"secretsmanager:ReplicateSecretToRegions": 1}, undo: map[string]int{"secretsmanager:RemoveRegionsFromReplication": 1},
		},
	}...)
}
