# METADATA
# title: Secrets are replicated to allowed regions only
# description: >-
#   A replica is the secret itself in another jurisdiction, open to whoever may read secrets there.
# scope: package
# custom:
#   id: SM-019
#   kind: secret
#   severity: high
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["7.2.5"]
#   params:
#     allowed_regions:
#       type: strings
#       default: []
#       why: which regions may hold secrets is for you to say; none named allows all
#   remediation:
#     text: >-
#       Remove the replica from the region, or add the region to allowed_regions with a reason.
#     command: >-
#       aws secretsmanager remove-regions-from-replication --secret-id {id} --region {region}
#       --remove-replica-regions REPLICA_REGION
#     hcl: |-
#       resource "aws_secretsmanager_secret" "NAME" {
#         replica {
#           region = "ALLOWED_REGION"
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           ReplicaRegions:
#             - Region: ALLOWED_REGION
package rules.secretsmanager.replica_region_allowed

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains "no regions are named in allowed_regions, so that all are allowed" if count(input.params.allowed_regions) == 0

not_applicable contains secret.unreplicated if count(input.resource.replicas) == 0

violation contains {"attribute": "replicas", "message": message} if {
	some replica in input.resource.replicas
	not replica.region in input.params.allowed_regions
	message := sprintf("is replicated to %s, allowed are %s", [replica.region, concat(", ", input.params.allowed_regions)])
}
