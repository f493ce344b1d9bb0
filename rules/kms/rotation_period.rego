# METADATA
# title: Customer keys rotate often enough
# description: >-
#   Automatic rotation may be set to as rarely as every seven years, which a look at "rotation is on"
#   does not show.
# scope: package
# custom:
#   id: KMS-007
#   kind: key
#   severity: low
#   topics: [KMS-ROT]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["3.7.4"]
#   params:
#     max_days:
#       type: integer
#       unit: days
#       default: 365
#       why: the period that KMS uses by default; PCI DSS 3.7.4 leaves the cryptoperiod to you
#   remediation:
#     action: enable-key-rotation
#     text: Shorten the rotation period of the key.
#     command: aws kms enable-key-rotation --key-id {id} --region {region} --rotation-period-in-days 365
#     hcl: |-
#       resource "aws_kms_key" "NAME" {
#         enable_key_rotation     = true
#         rotation_period_in_days = 365
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::KMS::Key
#         Properties:
#           EnableKeyRotation: true
#           RotationPeriodInDays: 365
package rules.kms.rotation_period

import data.lib.keys
import data.lib.text

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

not_applicable contains keys.cannot_rotate if not input.resource.rotation_supported

not_applicable contains keys.replica if {
	input.resource.replica
	input.related.primary.exists
}

not_applicable contains keys.asleep(input.resource.state)

not_applicable contains "rotation is off, which KMS-001 judges" if not input.resource.rotation_enabled

violation contains {"attribute": "rotation_period_days", "message": message} if {
	days := input.resource.rotation_period_days
	days > input.params.max_days
	message := sprintf("rotates every %s, allowed are %d", [text.days(days), input.params.max_days])
}
