# METADATA
# title: Secrets that must survive a region are replicated
# description: >-
#   A secret without a replica in sync is lost to its readers together with its region. A tag says
#   which secrets need one.
# scope: package
# custom:
#   id: SM-011
#   kind: secret
#   severity: medium
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   params:
#     tag_key: {type: string, default: dr, why: the tag that marks what disaster recovery needs}
#     tag_value: {type: string, default: required, why: the value of that tag which asks for a replica}
#     required:
#       type: boolean
#       default: false
#       why: not every secret is worth a replica; true asks for one of each
#   remediation:
#     action: enable-replication
#     text: Replicate the secret to another region.
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
package rules.secretsmanager.replicated

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains message if {
	not required
	message := sprintf("no tag %s=%s asks for a replica", [input.params.tag_key, input.params.tag_value])
}

violation contains {"attribute": "replicas", "message": "has no replica in another region"} if {
	count(input.resource.replicas) == 0
}

violation contains {"attribute": "replicas", "message": message} if {
	count(input.resource.replicas) > 0
	not in_sync
	message := sprintf("has no replica in sync: %s", [concat(", ", states)])
}

states := [sprintf("%s is %s", [replica.region, replica.status]) | some replica in input.resource.replica_states]

in_sync if {
	some replica in input.resource.replica_states
	replica.status == "InSync"
}

required if input.params.required

required if input.resource.tags[input.params.tag_key] == input.params.tag_value
