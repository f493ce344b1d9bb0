# METADATA
# title: Keys in use can be used
# description: >-
#   A secret, parameter, trail or database password whose key is disabled or about to be deleted is
#   out of reach, or soon will be for good.
# scope: package
# custom:
#   id: KMS-005
#   kind: key
#   severity: critical
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   remediation:
#     action: cancel-key-deletion
#     text: >-
#       Enable the key. If its deletion is scheduled, cancel that first; the first command changes nothing if it
#       is not.
#     command: >-
#       aws kms cancel-key-deletion --key-id {id} --region {region};
#       aws kms enable-key --key-id {id} --region {region}
#     hcl: |-
#       resource "aws_kms_key" "KEY" {
#         is_enabled = true
#       }
#     cloudformation: |-
#       KEY:
#         Type: AWS::KMS::Key
#         Properties:
#           Enabled: true
package rules.kms.in_use_usable

import data.lib.keys

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

not_applicable contains "nothing that was seen uses it" if count(users) == 0

violation contains {"attribute": "state", "message": message} if {
	not input.resource.state in keys.usable
	message := sprintf("it is %s and yet used by %s", [input.resource.state, concat(", ", users)])
}

users contains "databases" if input.related.used_by.database

users contains "parameters" if input.related.used_by.parameter

users contains "secrets" if input.related.used_by.secret

users contains "trails" if input.related.used_by.trail
