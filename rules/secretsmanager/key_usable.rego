# METADATA
# title: The key behind a secret can be used
# description: >-
#   A secret whose key is disabled, gone or about to be deleted cannot be read, or soon never again.
#   Nothing in the secret itself shows it.
# scope: package
# custom:
#   id: SM-008
#   kind: secret
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
package rules.secretsmanager.key_usable

import data.lib.keys
import data.lib.secret

# A service's secret is judged too: its key is the customer's to keep.
not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains "encrypted with the default key, which AWS keeps usable" if input.resource.default_key

violation contains {"attribute": "kms_key", "message": "its key does not exist"} if {
	input.related.key.exists == false
}

violation contains {"attribute": "kms_key", "message": message} if {
	not input.related.key.state in keys.usable
	message := sprintf("its key is %s", [input.related.key.state])
}
