package model

import "time"

// Secret is a secret of AWS Secrets Manager, or a replica of one. It has no
// field for the value. Facts of the API are those of the Secrets Manager API
// Reference, SecretListEntry and DescribeSecret.
type Secret struct {
	Name    Value[string]            `json:"name" doc:"the secret's name"`
	Tags    Value[map[string]string] `json:"tags" doc:"tags; {} when there are none"`
	TagKeys Value[[]string]          `json:"tag_keys" doc:"keys of the tags, sorted; [] when there are none"`

	OwningService Value[string] `json:"owning_service" doc:"the AWS service that made and manages the secret, e.g. rds; absent for the customer's own"`
	ExternalType  Value[string] `json:"external_type" doc:"the type of a managed external secret (one that a partner rotates); absent for an ordinary secret"`

	CreatedAt      Value[time.Time] `json:"created_at"`
	LastChangedAt  Value[time.Time] `json:"last_changed_at" doc:"last change of any kind, also of a tag"`
	LastAccessedAt Value[time.Time] `json:"last_accessed_at" doc:"last read of the value in this region, exact to the day; absent if never"`
	LastRotatedAt  Value[time.Time] `json:"last_rotated_at" doc:"absent if never rotated"`
	NextRotationAt Value[time.Time] `json:"next_rotation_at" doc:"end of the window of the next rotation; absent if none is scheduled"`
	DeletionAt     Value[time.Time] `json:"deletion_at" doc:"when the secret was marked for deletion; absent if it was not"`

	CreatedDaysAgo      Value[int] `json:"created_days_ago" doc:"whole days"`
	LastChangedDaysAgo  Value[int] `json:"last_changed_days_ago" doc:"whole days"`
	LastAccessedDaysAgo Value[int] `json:"last_accessed_days_ago" doc:"whole days, this region; absent if never"`
	LastUsedDaysAgo     Value[int] `json:"last_used_days_ago" doc:"whole days since the last read in any region, replicas included; absent if never"`
	LastRotatedDaysAgo  Value[int] `json:"last_rotated_days_ago" doc:"whole days; absent if never"`
	NextRotationInDays  Value[int] `json:"next_rotation_in_days" doc:"whole days, negative when it is past"`
	ValueDaysAgo        Value[int] `json:"value_days_ago" doc:"whole days since the current value was stored; known only where other dates leave no choice"`

	RotationEnabled      Value[bool]   `json:"rotation_enabled" doc:"automatic rotation is on"`
	RotationDays         Value[int]    `json:"rotation_days" doc:"AutomaticallyAfterDays; absent when the schedule is an expression"`
	RotationSchedule     Value[string] `json:"rotation_schedule" doc:"rate() or cron() expression; absent when there is none"`
	RotationIntervalDays Value[int]    `json:"rotation_interval_days" doc:"the longest time between two rotations by the schedule, in whole days rounded up; absent when there is no schedule"`
	RotationWindowHours  Value[int]    `json:"rotation_window_hours" doc:"length of the rotation window; absent when AWS chooses"`
	RotationFunction     Value[string] `json:"rotation_function" doc:"ARN of the rotation function without a qualifier; absent when rotation needs none"`
	RotationQualifier    Value[string] `json:"rotation_qualifier" doc:"version or alias of the rotation function that the secret names; absent when it names the function alone"`
	ManagedRotation      Value[bool]   `json:"managed_rotation" doc:"rotation is on and the owning service or a partner does it, without a function"`

	Versions        Value[[]Version] `json:"versions" doc:"versions that carry a staging label"`
	PendingVersion  Value[bool]      `json:"pending_version" doc:"a version is AWSPENDING and not AWSCURRENT: a rotation is under way or failed midway"`
	HasCurrentValue Value[bool]      `json:"has_current_value" doc:"a version is AWSCURRENT"`

	KMSKey     Value[string] `json:"kms_key" doc:"key ARN, key id or alias as AWS gives it; absent for the default key aws/secretsmanager"`
	KeyAccount Value[string] `json:"key_account" doc:"account in the ARN of kms_key; absent when AWS gives no ARN, which names a key of the secret's own account"`
	DefaultKey Value[bool]   `json:"default_key" doc:"encrypted with the AWS managed key aws/secretsmanager"`

	PolicyFacts

	DeletionScheduled Value[bool]      `json:"deletion_scheduled" doc:"marked for deletion, in its recovery window"`
	PrimaryRegion     Value[string]    `json:"primary_region" doc:"absent for a secret that is not replicated"`
	IsReplica         Value[bool]      `json:"is_replica" doc:"a replica: AWS refuses to change it, its primary is what can be judged and mended"`
	ReplicaOf         Value[string]    `json:"replica_of" doc:"ARN of the primary; absent for a primary or an unreplicated secret"`
	Replicas          Value[[]Replica] `json:"replicas" doc:"replicas of a primary; [] when there are none"`

	// ReplicaStates and Replicas are two attributes because infrastructure code
	// knows the one and not the other.
	ReplicaStates Value[[]ReplicaState] `json:"replica_states" doc:"how each replica fares, in the order of replicas"`
	ValueInCode   Value[bool]           `json:"value_in_code" doc:"the value is written out in the infrastructure code; absent in a live account, which has no code"`
	// SameNameRegions is filled when all regions of an account are read.
	SameNameRegions Value[[]string] `json:"same_name_regions" doc:"other scanned regions in which the account holds a secret of this name that is no replica of this one, nor its primary, nor marked for deletion; [] when there is none; absent when one region of the account was scanned"`

	// These are filled when events are read, once all resources are.
	Activity
	PolicyActivity
	RotationActivity
}

// Version is one version of a secret with its staging labels.
type Version struct {
	ID     string   `json:"id"`
	Stages []string `json:"stages"`
}

// Replica is one replica of a primary secret, as it is configured.
type Replica struct {
	Region     string `json:"region"`
	KMSKey     string `json:"kms_key,omitempty"` // empty: the default key of that region
	DefaultKey bool   `json:"default_key"`       // encrypted with aws/secretsmanager of that region
}

// ReplicaState is how a replica fares, as its primary reports it.
type ReplicaState struct {
	Region         string `json:"region"`
	Status         string `json:"status"`                       // InSync, Failed or InProgress
	Message        string `json:"message,omitempty"`            // AWS's own words for the status
	LastUsedDayAgo *int   `json:"last_used_days_ago,omitempty"` // nil: never read there
}

// Kind returns KindSecret.
func (*Secret) Kind() Kind { return KindSecret }

// Derive fills ages and what else follows from other attributes.
func (s *Secret) Derive(now time.Time) {
	s.CreatedDaysAgo = daysAgo(s.CreatedAt, now)
	s.LastChangedDaysAgo = daysAgo(s.LastChangedAt, now)
	s.LastAccessedDaysAgo = daysAgo(s.LastAccessedAt, now)
	s.LastRotatedDaysAgo = daysAgo(s.LastRotatedAt, now)
	s.NextRotationInDays = daysUntil(s.NextRotationAt, now)
	s.LastUsedDaysAgo = s.lastUsed()
	s.ValueDaysAgo = s.valueAge()
	s.KeyAccount, s.TagKeys = accountOf(s.KMSKey), keysOf(s.Tags)
}

// valueAge is known where the value cannot have been stored on any other day:
// not before the secret was made or last rotated, and not after its last change
// of any kind. The dates of versions themselves would take a call for each
// secret (ListSecretVersionIds).
func (s *Secret) valueAge() Value[int] {
	youngest, ok := s.LastChangedDaysAgo.Get()
	if !ok {
		return s.LastChangedDaysAgo
	}
	oldest, ok := s.CreatedDaysAgo.Get()
	if !ok {
		return s.CreatedDaysAgo
	}
	if rotated, ok := s.LastRotatedDaysAgo.Get(); ok {
		oldest = min(oldest, rotated)
	}
	if youngest < oldest {
		return Missing[int](Unknown{Reason: ReasonNotCollected, Detail: "AWS does not list when values were stored, and the secret has changed since it was made"})
	}
	return Known(oldest)
}

// lastUsed is the youngest read in any region. Access dates are kept per
// region, so a primary that only its replica's readers use is in use.
func (s *Secret) lastUsed() Value[int] {
	if s.LastAccessedDaysAgo.State() == StateUnknown {
		return s.LastAccessedDaysAgo
	}
	replicas, ok := s.ReplicaStates.Get()
	if !ok && s.ReplicaStates.State() == StateUnknown {
		return Missing[int](s.ReplicaStates.Why())
	}
	last := s.LastAccessedDaysAgo
	for _, r := range replicas {
		if r.LastUsedDayAgo == nil {
			continue
		}
		if d, ok := last.Get(); !ok || *r.LastUsedDayAgo < d {
			last = Known(*r.LastUsedDayAgo)
		}
	}
	return last
}
