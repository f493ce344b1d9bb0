# METADATA
# title: Replicas are encrypted with a customer key where their primary is
# description: >-
#   A replica has a key of its own. Where none is named AWS takes the default key of that region, so
#   that the copy is less protected than the original and nothing in the primary's own region shows
#   it.
# scope: package
# custom:
#   id: SM-018
#   kind: secret
#   severity: medium
#   topics: [SM-CMK]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.3.2"]
#   params:
#     required:
#       type: boolean
#       default: false
#       why: SM-007 judges whether the primary needs a customer key; true asks for one of each replica in any case
#   remediation:
#     text: >-
#       Take the region out of the replication and add it again with a customer managed key of that
#       region.
#     command: >-
#       aws secretsmanager replicate-secret-to-regions --secret-id {id} --region {region}
#       --add-replica-regions Region=REPLICA_REGION,KmsKeyId=KEY_ARN
#     hcl: |-
#       resource "aws_secretsmanager_secret" "NAME" {
#         replica {
#           region     = "REPLICA_REGION"
#           kms_key_id = "REPLICA_KEY_ARN" # a customer managed key of that region
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           ReplicaRegions:
#             - Region: REPLICA_REGION
#               KmsKeyId: REPLICA_KEY_ARN # a customer managed key of that region
package rules.secretsmanager.replica_customer_key

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains secret.unreplicated if count(input.resource.replicas) == 0

not_applicable contains "it has the default key itself, which SM-007 judges" if {
	input.resource.default_key
	not input.params.required
}

violation contains {"attribute": "replicas", "message": message} if {
	some replica in input.resource.replicas
	replica.default_key
	message := sprintf("its replica in %s is encrypted with the default key aws/secretsmanager", [replica.region])
}
