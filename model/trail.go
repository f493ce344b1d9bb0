package model

import "time"

// Trail is a CloudTrail trail (Trail, GetTrailStatus and GetEventSelectors of
// the CloudTrail API Reference).
type Trail struct {
	Name         Value[string] `json:"name"`
	HomeRegion   Value[string] `json:"home_region"`
	MultiRegion  Value[bool]   `json:"multi_region"`
	Organization Value[bool]   `json:"organization" doc:"an organization trail, which also records the member accounts"`
	GlobalEvents Value[bool]   `json:"global_events" doc:"includes events of global services such as IAM"`
	Validation   Value[bool]   `json:"validation" doc:"log file validation (digest files) is on"`
	KMSKey       Value[string] `json:"kms_key" doc:"absent when logs are encrypted by S3's own keys"`
	KeyAccount   Value[string] `json:"key_account" doc:"account in the ARN of kms_key; absent when AWS gives no ARN"`
	KMSEncrypted Value[bool]   `json:"kms_encrypted" doc:"logs are encrypted with a KMS key, whichever that is"`
	Bucket       Value[string] `json:"bucket"`
	LogGroup     Value[string] `json:"log_group" doc:"ARN of the CloudWatch Logs group; absent when events are not sent there"`

	BucketFacts

	LogGroupError Value[string] `json:"log_group_error" doc:"latest error of delivery to CloudWatch Logs; absent when there is none"`

	Logging         Value[bool]      `json:"logging"`
	DeliveryError   Value[string]    `json:"delivery_error" doc:"latest error of delivery to S3; absent when there is none"`
	LastDeliveredAt Value[time.Time] `json:"last_delivered_at" doc:"absent if nothing was delivered yet"`
	LastDelivered   Value[int]       `json:"last_delivered_days_ago" doc:"whole days"`

	SelectorKind      Value[string] `json:"selector_kind" doc:"classic or advanced"`
	ManagementRead    Value[bool]   `json:"management_read" doc:"records all read management events, but for the KMS and RDS Data API ones that the next attributes speak of"`
	ManagementWrite   Value[bool]   `json:"management_write" doc:"records all write management events, with the same exception"`
	KMSEventsExcluded Value[bool]   `json:"kms_events_excluded" doc:"leaves out events of KMS, and so the use of keys"`
}

// Kind returns KindTrail.
func (*Trail) Kind() Kind { return KindTrail }

// Derive fills ages, whether the bucket lets anyone in, and what else follows
// from other attributes.
func (t *Trail) Derive(now time.Time) {
	t.LastDelivered = daysAgo(t.LastDeliveredAt, now)
	t.BucketPublic = t.public()
	t.KMSEncrypted = named(t.KMSEncrypted, t.KMSKey)
	t.KeyAccount = accountOf(t.KMSKey)
}
