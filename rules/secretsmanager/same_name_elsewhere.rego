# METADATA
# title: Secrets of one name are replicas of one another
# description: >-
#   Secrets of the same name in several regions look like one, and are not: when one is rotated or
#   corrected by hand the others keep the old value, and whoever fails over reads it.
# scope: package
# custom:
#   id: SM-024
#   kind: secret
#   severity: low
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2"]
#   params:
#     regional:
#       type: boolean
#       default: false
#       why: true where each region is meant to hold a value of its own under one name; set it for those names
#   remediation:
#     text: >-
#       Keep one of them as the primary, delete the others and replicate it in their place; or give
#       them names that say the region.
#     command: >-
#       aws secretsmanager replicate-secret-to-regions --secret-id {id} --region {region}
#       --add-replica-regions Region=REPLICA_REGION
#     hcl: |-
#       resource "aws_secretsmanager_secret" "NAME" {
#         replica {
#           region = "REPLICA_REGION"
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           ReplicaRegions:
#             - Region: REPLICA_REGION
package rules.secretsmanager.same_name_elsewhere

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains "each region holds its own" if input.params.regional

not_applicable contains "one region of the account was scanned" if not input.resource.same_name_regions

violation contains {"attribute": "same_name_regions", "message": message} if {
	count(input.resource.same_name_regions) > 0
	message := sprintf("another secret of this name, and no replica, is in %s", [concat(", ", input.resource.same_name_regions)])
}
