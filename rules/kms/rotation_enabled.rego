# METADATA
# title: Customer keys rotate automatically
# description: >-
#   Rotation limits how much was encrypted with any one key material. Only symmetric encryption keys
#   whose material KMS made can rotate by themselves; others are not judged.
# scope: package
# custom:
#   id: KMS-001
#   kind: key
#   severity: medium
#   topics: [KMS-ROT]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["3.7.4"]
#   remediation:
#     action: enable-key-rotation
#     text: Turn on automatic rotation of the key.
#     command: aws kms enable-key-rotation --key-id {id} --region {region}
#     hcl: |-
#       resource "aws_kms_key" "NAME" {
#         enable_key_rotation = true
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::KMS::Key
#         Properties:
#           EnableKeyRotation: true
package rules.kms.rotation_enabled

import data.lib.keys

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

not_applicable contains keys.cannot_rotate if not input.resource.rotation_supported

not_applicable contains keys.replica if {
	input.resource.replica
	input.related.primary.exists
}

not_applicable contains keys.asleep(input.resource.state)

violation contains {"attribute": "rotation_enabled", "message": "automatic rotation is off"} if {
	not input.resource.rotation_enabled
}
