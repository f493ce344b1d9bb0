package remediator

import "github.com/keyproof/keyproof/model"

const customerKeys = `
  keys:
    - {name: mine, aliases: [alias/mine]}
    - {name: off, aliases: [alias/off], state: Disabled}`

const publicPolicy = `'{"Version":"2012-10-17","Statement":[{"Sid":"Anyone","Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"},{"Sid":"Own","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/reader"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}]}'`

// otherRepairs are those of keys, trails, parameters, databases, and of secrets
// beside rotation and replication.
func otherRepairs() []repair {
	calls := func(action string) map[string]int { return map[string]int{action: 1} }
	return []repair{
		{
			name: "a key that does not rotate", action: newEnableKeyRotation(), resource: "alias/mine", rules: []model.RuleID{"KMS-001"},
			regions: "us-east-1:\n  keys: [{name: mine, aliases: [alias/mine]}]",
			set:     Settings{"period": "180"}, apply: calls("kms:EnableKeyRotation"), undo: calls("kms:DisableKeyRotation"),
		},
		{
			name: "a key that rotates too seldom", action: newEnableKeyRotation(), resource: "alias/mine", rules: []model.RuleID{"KMS-007"},
			regions: "us-east-1:\n  keys: [{name: mine, aliases: [alias/mine], rotation: {days: 1095, next: in 60d}}]",
			apply:   calls("kms:EnableKeyRotation"), undo: calls("kms:EnableKeyRotation"),
			leaves: []string{"next_rotation_at", "next_rotation_in_days"},
		},
		{
			name: "a key that is about to be deleted", action: newCancelKeyDeletion(), resource: "alias/mine", rules: []model.RuleID{"KMS-002"},
			regions: "us-east-1:\n  keys: [{name: mine, aliases: [alias/mine], state: PendingDeletion, deletion: in 3d, rotation: {next: in 30d}}]",
			apply:   map[string]int{"kms:CancelKeyDeletion": 1, "kms:EnableKey": 1}, undo: calls("kms:ScheduleKeyDeletion"),
			leaves: []string{"deletion_at", "deletion_in_days"},
		},
		{
			name: "a key in use that is disabled", action: newCancelKeyDeletion(), resource: "alias/mine", rules: []model.RuleID{"KMS-005"},
			regions: "us-east-1:\n  keys: [{name: mine, aliases: [alias/mine], state: Disabled}]\n  secrets: [{name: app, key: mine, value: SENTINEL-a}]",
			apply:   calls("kms:EnableKey"), undo: calls("kms:DisableKey"),
		},
		{
			name: "a trail that was stopped", action: newStartTrailLogging(), resource: "main", rules: []model.RuleID{"CT-001"},
			regions: "us-east-1:\n  trails: [{name: main, bucket: logs, multi_region: true, log_file_validation: true, stopped: 3d}]",
			apply:   calls("cloudtrail:StartLogging"), undo: calls("cloudtrail:StopLogging"),
		},
		{
			name: "a trail without digests", action: newValidateTrail(), resource: "main", rules: []model.RuleID{"CT-003"},
			regions: "us-east-1:\n  trails: [{name: main, bucket: logs, multi_region: true}]",
			apply:   calls("cloudtrail:UpdateTrail"), undo: calls("cloudtrail:UpdateTrail"),
		},
		{
			name: "a trail of one region", action: newExtendTrail(), resource: "main", rules: []model.RuleID{"CT-002"},
			regions: "us-east-1:\n  trails: [{name: main, bucket: logs, global_events: false}]\neu-west-1:",
			apply:   calls("cloudtrail:UpdateTrail"), undo: calls("cloudtrail:UpdateTrail"),
		},
		{
			name: "a trail whose classic selectors leave out KMS", action: newRecordKeyEvents(), resource: "main", rules: []model.RuleID{"CT-005"},
			regions: "us-east-1:\n  trails: [{name: main, bucket: logs, selectors: [{read_write: ReadOnly, exclude: [kms.amazonaws.com, rdsdata.amazonaws.com]}, {read_write: WriteOnly, exclude: [kms.amazonaws.com]}]}]",
			apply:   calls("cloudtrail:PutEventSelectors"), undo: calls("cloudtrail:PutEventSelectors"),
		},
		{
			name: "a trail whose advanced selectors leave out KMS", action: newRecordKeyEvents(), resource: "main", rules: []model.RuleID{"CT-005"},
			regions: "us-east-1:\n  trails: [{name: main, bucket: logs, advanced_selectors: [{name: all, fields: [{field: eventCategory, equals: [Management]}, {field: eventSource, not_equals: [kms.amazonaws.com]}]}]}]",
			apply:   calls("cloudtrail:PutEventSelectors"), undo: calls("cloudtrail:PutEventSelectors"),
		},
		{
			name: "a secret without tags", action: newAddTags(), resource: "app", rules: []model.RuleID{"SM-014"},
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a, tags: {owner: '', team: x}}]",
			set:     Settings{"tags": "owner=payments,env=prod,data-classification=pci"},
			apply:   calls("secretsmanager:TagResource"), undo: map[string]int{"secretsmanager:TagResource": 1, "secretsmanager:UntagResource": 1},
		},
		{
			name: "a parameter without tags", action: newAddTags(), resource: "/app", rules: []model.RuleID{"SSM-003"},
			regions: "us-east-1:\n  parameters: [{name: /app, value: SENTINEL-a, tags: {owner: payments}}]",
			set:     Settings{"tags": "env=prod,data-classification=pci,unasked=x"},
			apply:   calls("ssm:AddTagsToResource"), undo: calls("ssm:RemoveTagsFromResource"),
		},
		{
			name: "a secret in use that is to be deleted", action: newRestoreSecret(), resource: "app", rules: []model.RuleID{"SM-021"},
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a, deleted: 2d, accessed: 3d}]",
			apply:   calls("secretsmanager:RestoreSecret"), undo: calls("secretsmanager:DeleteSecret"),
			leaves: []string{"deletion_at"},
		},
		{
			name: "a replica without its primary", action: newPromoteReplica(), resource: "app", rules: []model.RuleID{"SM-020"},
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a, replica_of: eu-west-1}]\neu-west-1:",
			set:     Settings{"promote": "app@us-east-1"}, apply: calls("secretsmanager:StopReplicationToReplica"),
		},
		{
			name: "a secret with the default key", action: newUseCustomerKey(), resource: "app", rules: []model.RuleID{"SM-007"},
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a}]" + customerKeys,
			set:     Settings{"key": "alias/mine"}, apply: calls("secretsmanager:UpdateSecret"), undo: calls("secretsmanager:UpdateSecret"),
		},
		{
			name: "a SecureString with the default key", action: newUseCustomerKey(), resource: "/app", rules: []model.RuleID{"SSM-002"},
			regions: "us-east-1:\n  parameters: [{name: /app, type: SecureString, value: SENTINEL-a, description: the app, allowed_pattern: '.*', version: 4}]" + customerKeys,
			set:     Settings{"key": "alias/mine"}, apply: calls("ssm:PutParameter"), undo: calls("ssm:PutParameter"),
			leaves: []string{"version", "last_modified_at", "last_modified_days_ago"},
		},
		{
			name: "a password in clear", action: newConvertToSecureString(), resource: "/app/password", rules: []model.RuleID{"SSM-001"},
			regions: "us-east-1:\n  parameters: [{name: /app/password, value: [xox, b-263594206564-2343594206574-SENTINELfQc8aZr2LmTyXw1k], tier: Advanced}]" + customerKeys,
			set:     Settings{"key": "alias/mine"}, apply: calls("ssm:PutParameter"), undo: calls("ssm:PutParameter"),
			leaves: []string{"version", "last_modified_at", "last_modified_days_ago"},
		},
		{
			name: "a policy for anyone", action: newBlockPublicPolicy(), resource: "app", rules: []model.RuleID{"SM-009"},
			regions: "us-east-1:\n  secrets: [{name: app, value: SENTINEL-a, policy: " + publicPolicy + "}]",
			apply:   calls("secretsmanager:PutResourcePolicy"), undo: calls("secretsmanager:PutResourcePolicy"),
		},
		{
			name: "a policy for anyone that is all there is", action: newBlockPublicPolicy(), resource: "app", rules: []model.RuleID{"SM-009"},
			regions: `us-east-1:
  secrets: [{name: app, value: SENTINEL-a, policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"444455556666"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}}'}]`,
			set:   Settings{"public": "remove"},
			apply: calls("secretsmanager:DeleteResourcePolicy"), undo: calls("secretsmanager:PutResourcePolicy"),
		},
		{
			name: "an instance whose password is nobody's", action: newManageMasterPassword(), resource: "db", rules: []model.RuleID{"RDS-001"},
			regions: "us-east-1:\n  instances: [{name: db, engine: postgres}]" + customerKeys,
			set:     Settings{"key": "alias/mine"}, apply: calls("rds:ModifyDBInstance"),
		},
		{
			name: "a cluster whose password is nobody's", action: newManageMasterPassword(), resource: "db", rules: []model.RuleID{"RDS-001"},
			regions: "us-east-1:\n  clusters: [{name: db, engine: aurora-postgresql}]\n  instances: [{name: db-1, engine: aurora-postgresql, cluster: db}]",
			apply:   calls("rds:ModifyDBCluster"),
		},
	}
}
