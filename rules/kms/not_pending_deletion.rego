# METADATA
# title: No key is about to be deleted
# description: >-
#   What a deleted key encrypted can never be read again. The waiting period is the last time to
#   notice that something still needs it.
# scope: package
# custom:
#   id: KMS-002
#   kind: key
#   severity: high
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   remediation:
#     action: cancel-key-deletion
#     text: Unless you are sure that nothing needs the key, cancel its deletion and enable it again.
#     command: >-
#       aws kms cancel-key-deletion --key-id {id} --region {region} &&
#       aws kms enable-key --key-id {id} --region {region}
package rules.kms.not_pending_deletion

import data.lib.keys
import data.lib.text

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

violation contains {"attribute": "state", "message": message} if {
	input.resource.state == "PendingDeletion"
	message := sprintf("KMS will delete it %s", [due])
}

# A primary waits here until its replicas are gone, and for a date until then.
violation contains {"attribute": "state", "message": "KMS will delete it once its replica keys are deleted"} if {
	input.resource.state == "PendingReplicaDeletion"
}

due := sprintf("in %s", [text.days(input.resource.deletion_in_days)])

due := "soon" if not input.resource.deletion_in_days
