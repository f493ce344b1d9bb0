# METADATA
# title: Imported key material does not expire unnoticed
# description: >-
#   KMS deletes imported material on its expiry date. From then on nothing that the key encrypted
#   can be read until the same material is imported again, and only its owner has a copy.
# scope: package
# custom:
#   id: KMS-009
#   kind: key
#   severity: high
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   params:
#     warn_days:
#       type: integer
#       unit: days
#       default: 30
#       why: time enough to fetch the material from where it is kept
#     import_days:
#       type: integer
#       unit: days
#       default: 1
#       why: a new key waits for its material, and what KMS gives to import that with is valid for 24 hours
#   remediation:
#     text: >-
#       Import the material again with a later expiry, or let it not expire. A key that never had material,
#       and is not meant to get any, is better deleted.
#     command: >-
#       aws kms get-parameters-for-import --key-id {id} --region {region} --wrapping-algorithm
#       RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096
package rules.kms.material_not_expiring

import data.lib.keys
import data.lib.text

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

not_applicable contains "its material was not imported" if input.resource.origin != "EXTERNAL"

not_applicable contains "its material does not expire" if {
	input.resource.origin == "EXTERNAL"
	not input.resource.material_expires_in_days
	input.resource.state != "PendingImport"
}

violation contains {"attribute": "material_expires_at", "message": message} if {
	days := input.resource.material_expires_in_days
	days >= 0
	days <= input.params.warn_days
	message := sprintf("its imported material expires in %s", [text.days(days)])
}

# With the material KMS drops the date of its expiry, and the key waits for it as a new one does.
violation contains {"attribute": "state", "message": message} if {
	input.resource.state == "PendingImport"
	input.resource.created_days_ago >= input.params.import_days
	message := "it has no key material: that has expired, was deleted, or was never imported"
}

violation contains {"attribute": "material_expires_at", "message": "its imported material has expired"} if {
	input.resource.material_expires_in_days < 0
}
