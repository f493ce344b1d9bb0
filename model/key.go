package model

import (
	"slices"
	"time"
)

// Key is a KMS key (KeyMetadata of the KMS API Reference).
type Key struct {
	KeyID       Value[string]            `json:"key_id"`
	Aliases     Value[[]string]          `json:"aliases" doc:"alias names, with the prefix alias/; [] when there are none"`
	Manager     Value[string]            `json:"manager" doc:"AWS or CUSTOMER"`
	State       Value[string]            `json:"state" doc:"Enabled, Disabled, PendingDeletion, PendingReplicaDeletion, PendingImport, Creating, Updating or Unavailable"`
	Spec        Value[string]            `json:"spec" doc:"SYMMETRIC_DEFAULT, RSA_2048, HMAC_256 …"`
	Usage       Value[string]            `json:"usage" doc:"ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC or KEY_AGREEMENT"`
	Origin      Value[string]            `json:"origin" doc:"AWS_KMS, EXTERNAL, AWS_CLOUDHSM or EXTERNAL_KEY_STORE"`
	MultiRegion Value[bool]              `json:"multi_region"`
	Replica     Value[bool]              `json:"replica" doc:"a multi-Region replica key, whose rotation its primary decides"`
	ReplicaOf   Value[string]            `json:"replica_of" doc:"ARN of the primary key; absent for a key that is no replica"`
	Tags        Value[map[string]string] `json:"tags" doc:"tags; {} when there are none"`
	CreatedAt   Value[time.Time]         `json:"created_at"`
	Created     Value[int]               `json:"created_days_ago" doc:"whole days"`

	RotationSupported  Value[bool]      `json:"rotation_supported" doc:"automatic rotation exists for this kind of key: symmetric encryption, material made by KMS"`
	RotationEnabled    Value[bool]      `json:"rotation_enabled" doc:"automatic rotation is on; absent where it is not supported"`
	RotationPeriodDays Value[int]       `json:"rotation_period_days" doc:"absent when rotation is off or not supported"`
	LastRotatedAt      Value[time.Time] `json:"last_rotated_at" doc:"absent if never rotated, as far as KMS says"`
	NextRotationAt     Value[time.Time] `json:"next_rotation_at" doc:"absent when none is scheduled"`
	NextRotationInDays Value[int]       `json:"next_rotation_in_days" doc:"whole days"`

	DeletionAt     Value[time.Time] `json:"deletion_at" doc:"absent when no deletion is scheduled"`
	DeletionInDays Value[int]       `json:"deletion_in_days" doc:"whole days"`

	MaterialExpiresAt     Value[time.Time] `json:"material_expires_at" doc:"when KMS deletes imported key material; absent when it does not expire or was not imported"`
	MaterialExpiresInDays Value[int]       `json:"material_expires_in_days" doc:"whole days, negative when it is past"`

	PolicyFacts
	GrantCount   Value[int]      `json:"grant_count" doc:"number of grants"`
	GrantOutside Value[[]string] `json:"grant_outside_accounts" doc:"accounts outside the organization that hold a grant; [] when there are none"`
	// GrantOutsiders is to GrantOutside what Outsiders is to OutsideAccounts.
	GrantOutsiders Value[[]Outsider] `json:"grant_outsiders" doc:"accounts that hold a grant and are not known to be inside; [] when there are none"`

	KeyActivity // these are filled when events are read
	PolicyActivity
}

// Kind returns KindKey.
func (*Key) Kind() Kind { return KindKey }

// Derive fills ages and whether the key can rotate by itself. KMS rotates only
// symmetric encryption keys whose material it made (KMS Developer Guide,
// "Rotate AWS KMS keys").
func (k *Key) Derive(now time.Time) {
	k.Created = daysAgo(k.CreatedAt, now)
	k.NextRotationInDays = daysUntil(k.NextRotationAt, now)
	k.DeletionInDays = daysUntil(k.DeletionAt, now)
	k.MaterialExpiresInDays = daysUntil(k.MaterialExpiresAt, now)
	spec, okSpec := k.Spec.Get()
	origin, okOrigin := k.Origin.Get()
	switch {
	case okSpec && spec != "SYMMETRIC_DEFAULT", okOrigin && origin != "AWS_KMS":
		k.RotationSupported = Known(false)
	case okSpec && okOrigin:
		k.RotationSupported = Known(true)
	case !okSpec:
		k.RotationSupported = Missing[bool](k.Spec.Why())
	default:
		k.RotationSupported = Missing[bool](k.Origin.Why())
	}
}

// KeyUsable says whether a key in a state can encrypt and decrypt.
func KeyUsable(state string) bool {
	// Updating keys can be used; the others fail with KMSInvalidStateException
	// (KMS Developer Guide, "Key states of AWS KMS keys").
	return slices.Contains([]string{"Enabled", "Updating"}, state)
}
