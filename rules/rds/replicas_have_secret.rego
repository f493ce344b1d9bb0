# METADATA
# title: Credentials are where the replicas of a database are
# description: >-
#   When a region fails, a database can go on in another one, and applications there need its credentials. Nothing of
#   AWS says which secret these are in, but for passwords that RDS manages, and RDS manages none for Aurora global
#   databases and, but for SQL Server, for sources of read replicas. So name the secret's ARN in the tag keyproof:secret
#   of the database; without it the answer is unknown.
# scope: package
# custom:
#   id: RDS-003
#   kind: database
#   severity: medium
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   remediation:
#     text: >-
#       Replicate the secret to each region that has a replica of the database. A secret that RDS manages cannot be
#       replicated: keep one of your own, with rotation, for what must survive a region.
#     command: >-
#       aws secretsmanager replicate-secret-to-regions --region {region} --secret-id SECRET_ARN
#       --add-replica-regions Region=OTHER_REGION
#     hcl: |-
#       resource "aws_secretsmanager_secret" "SECRET" {
#         replica {
#           region = "OTHER_REGION" # where the database has a replica
#         }
#       }
#       resource "aws_db_instance" "NAME" {
#         tags = {
#           "keyproof:secret" = aws_secretsmanager_secret.SECRET.arn
#         }
#       }
#     cloudformation: |-
#       SECRET:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           ReplicaRegions:
#             - Region: OTHER_REGION # where the database has a replica
#       NAME:
#         Type: AWS::RDS::DBInstance
#         Properties:
#           Tags:
#             - {Key: "keyproof:secret", Value: !Ref SECRET}
package rules.rds.replicas_have_secret

# A replica is judged too: it can be the one that has replicas in another region, of which its source shows nothing
# (RDS User Guide, "Creating cross-Region cascading read replicas with RDS for PostgreSQL").
not_applicable contains "it has no replica in another region" if count(input.resource.replica_regions) == 0

violation contains {"attribute": "replica_regions", "message": message} if {
	input.related.credential_secret.exists
	some region in input.resource.replica_regions
	not region in secret_regions
	message := sprintf("it has a replica in %s, where the secret with its credentials is not", [region])
}

violation contains {"attribute": "credential_secret", "message": message} if {
	count(input.resource.replica_regions) > 0
	input.related.credential_secret.exists == false
	message := sprintf("the secret with its credentials does not exist: %s", [input.resource.credential_secret])
}

# Its own region is in the ARN: arn:aws:secretsmanager:us-east-1:…
secret_regions contains split(input.resource.credential_secret, ":")[3]

secret_regions contains replica.region if some replica in input.related.credential_secret.replicas
