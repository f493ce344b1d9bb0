# METADATA
# title: Master passwords are managed in Secrets Manager
# description: >-
#   When RDS manages the master password it makes it, keeps it in Secrets Manager and rotates it.
#   Otherwise somebody typed it, and it stays in templates, histories and heads.
# scope: package
# custom:
#   id: RDS-001
#   kind: database
#   severity: medium
#   topics: [SM-ROT-ENABLED]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)", "164.308(a)(4)(ii)(B)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.3"]
#   remediation:
#     action: manage-master-password
#     text: >-
#       Let RDS manage the password (modify-db-instance or modify-db-cluster with
#       --manage-master-user-password). RDS then sets a new password: be ready to read it from the
#       secret. Where RDS cannot manage it, as in an Aurora global database, accept the failure.
#     command: >-
#       aws rds modify-db-instance --db-instance-identifier {name} --region {region}
#       --manage-master-user-password
#     hcl: |-
#       # the same in aws_rds_cluster
#       resource "aws_db_instance" "NAME" {
#         manage_master_user_password = true # in place of password
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::RDS::DBInstance # the same in AWS::RDS::DBCluster
#         Properties:
#           ManageMasterUserPassword: true # in place of MasterUserPassword
package rules.rds.managed_password

not_applicable contains "a member of a cluster, which is judged" if input.resource.member

not_applicable contains "a read replica: its source is judged" if input.resource.replica_of

# Neptune has no passwords; RDS Custom cannot have one managed (RDS User Guide, "Password management
# with Secrets Manager").
not_applicable contains "Neptune has no master password" if input.resource.engine == "neptune"

not_applicable contains "RDS Custom cannot keep its password in Secrets Manager" if {
	startswith(input.resource.engine, "custom-")
}

violation contains {"attribute": "managed_password", "message": "RDS does not manage its master password"} if {
	not input.resource.managed_password
}
