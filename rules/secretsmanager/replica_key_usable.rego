# METADATA
# title: The key behind a replica can be used
# description: >-
#   A replica is encrypted with a key of its own region. If that key is disabled, gone or about to
#   be deleted, the replica cannot be read when its region is needed, while the primary shows
#   nothing.
# scope: package
# custom:
#   id: SM-030
#   kind: secret
#   severity: high
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   remediation:
#     text: >-
#       Enable the key, or cancel its deletion and then enable it. If it is gone, take the region out
#       of the replication and add it again with another key.
#     hcl: |-
#       # in the replica's region
#       resource "aws_kms_replica_key" "KEY" {
#         enabled = true
#       }
#     cloudformation: |-
#       # in the replica's region
#       KEY:
#         Type: AWS::KMS::ReplicaKey
#         Properties:
#           Enabled: true
package rules.secretsmanager.replica_key_usable

import data.lib.keys
import data.lib.secret

not_applicable contains "not a replica" if not input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains "encrypted with the default key, which AWS keeps usable" if input.resource.default_key

violation contains {"attribute": "kms_key", "message": "its key does not exist"} if {
	input.related.key.exists == false
}

violation contains {"attribute": "kms_key", "message": message} if {
	not input.related.key.state in keys.usable
	message := sprintf("its key is %s", [input.related.key.state])
}
