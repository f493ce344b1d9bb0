# METADATA
# title: The key behind a SecureString can be used
# description: >-
#   A SecureString whose key is disabled, gone or about to be deleted cannot be read, or soon never
#   again. Nothing in the parameter itself shows it.
# scope: package
# custom:
#   id: SSM-007
#   kind: parameter
#   severity: critical
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   remediation:
#     text: >-
#       Enable the key, or cancel its deletion and then enable it. If it is gone, the value is lost:
#       store a new one under another key.
#     hcl: |-
#       resource "aws_kms_key" "KEY" {
#         is_enabled = true
#       }
#     cloudformation: |-
#       KEY:
#         Type: AWS::KMS::Key
#         Properties:
#           Enabled: true
package rules.ssm.key_usable

import data.lib.keys

not_applicable contains "not a SecureString" if input.resource.type != "SecureString"

not_applicable contains "encrypted with the default key, which AWS keeps usable" if input.resource.default_key

violation contains {"attribute": "kms_key", "message": "its key does not exist"} if {
	input.related.key.exists == false
}

violation contains {"attribute": "kms_key", "message": message} if {
	not input.related.key.state in keys.usable
	message := sprintf("its key is %s", [input.related.key.state])
}
