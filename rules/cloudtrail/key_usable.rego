# METADATA
# title: The key behind a trail can be used
# description: >-
#   A trail whose key is disabled or gone delivers nothing more, and what it delivered before cannot
#   be read. The trail itself looks encrypted and in order.
# scope: package
# custom:
#   id: CT-012
#   kind: trail
#   severity: high
#   topics: [CT-KMS]
#   controls:
#     hipaa: ["164.312(c)(1)", "164.312(b)"]
#     soc2: ["CC7.3"]
#     pci_dss: ["10.3.2"]
#   remediation:
#     text: >-
#       Enable the key, or cancel its deletion and then enable it. If it is gone, name another key.
#     command: >-
#       aws cloudtrail update-trail --name {id} --region {region} --kms-key-id KEY_ARN
#     hcl: |-
#       resource "aws_kms_key" "KEY" {
#         is_enabled = true
#       }
#       resource "aws_cloudtrail" "NAME" {
#         kms_key_id = aws_kms_key.KEY.arn
#       }
#     cloudformation: |-
#       KEY:
#         Type: AWS::KMS::Key
#         Properties:
#           Enabled: true
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           KMSKeyId: !GetAtt KEY.Arn
package rules.cloudtrail.key_usable

import data.lib.keys

not_applicable contains "its logs are not encrypted with a KMS key, which CT-004 judges" if not input.resource.kms_encrypted

violation contains {"attribute": "kms_key", "message": "its key does not exist"} if {
	input.related.key.exists == false
}

violation contains {"attribute": "kms_key", "message": message} if {
	not input.related.key.state in keys.usable
	message := sprintf("its key is %s", [input.related.key.state])
}
