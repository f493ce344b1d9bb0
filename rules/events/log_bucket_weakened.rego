# METADATA
# title: The bucket of a trail keeps its protection
# description: >-
#   Whoever changes the policy, the lifecycle or the protection of the bucket can make the record unreadable,
#   short-lived or public, and the trail itself looks as before.
# scope: package
# custom:
#   id: EVT-033
#   kind: event
#   severity: high
#   events:
#     - "s3.amazonaws.com:DeleteBucket"
#     - "s3.amazonaws.com:PutBucketPolicy"
#     - "s3.amazonaws.com:DeleteBucketPolicy"
#     - "s3.amazonaws.com:PutBucketAcl"
#     - "s3.amazonaws.com:PutBucketLifecycle"
#     - "s3.amazonaws.com:PutBucketVersioning"
#     - "s3.amazonaws.com:PutBucketPublicAccessBlock"
#     - "s3.amazonaws.com:DeleteBucketPublicAccessBlock"
#     - "s3.amazonaws.com:PutBucketEncryption"
#     - "s3.amazonaws.com:DeleteBucketEncryption"
#   mitre: [T1562.008]
#   topics: [CT-ENABLED]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.3.1", "10.3.2"]
#   remediation:
#     text: >-
#       Compare the settings of the bucket with what they should be, and set them again.
package rules.events.log_bucket_weakened

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "trail_bucket", "message": message} if {
	input.resource.trail_bucket
	message := sprintf("%s changed the bucket of a trail", [input.resource.name])
}
