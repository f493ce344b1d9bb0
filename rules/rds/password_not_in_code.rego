# METADATA
# title: No master password is written in code
# description: >-
#   A master password that stands in a template, in a Terraform file or in the default of a parameter is
#   known to everybody who may read the repository, now and later, and stays in its history. A live
#   account has no code, so that the rule speaks of plans and templates only.
# scope: package
# custom:
#   id: RDS-004
#   kind: database
#   severity: high
#   topics: [SSM-PLAINTEXT]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.2"]
#   remediation:
#     text: >-
#       Let RDS manage the password in Secrets Manager, which sets a new one: be ready to read it from the
#       secret. Where RDS cannot manage it, refer to a secret that AWS generates, and change the password.
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
package rules.rds.password_not_in_code

not_applicable contains "no code is at hand to look into" if not code_at_hand

violation contains {"attribute": "password_in_code", "message": "its master password is written in the code"} if {
	input.resource.password_in_code
}

# A helper of its own: a call in `not` is undefined where its argument is.
code_at_hand if is_boolean(input.resource.password_in_code)
