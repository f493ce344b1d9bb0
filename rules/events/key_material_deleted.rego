# METADATA
# title: No imported key material is deleted
# description: >-
#   Without its material the key cannot decrypt anything, at once and without a waiting period. Only who keeps a
#   copy of the very same material can bring it back.
# scope: package
# custom:
#   id: EVT-026
#   kind: event
#   severity: critical
#   events: ["kms.amazonaws.com:DeleteImportedKeyMaterial"]
#   mitre: [T1485]
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   remediation:
#     text: >-
#       Import the same material again.
#     command: aws kms describe-key --key-id {id} --region {region}
package rules.events.key_material_deleted

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "name", "message": "its imported material was deleted"} if {
	input.resource.name == "DeleteImportedKeyMaterial"
}
