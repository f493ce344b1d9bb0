# METADATA
# title: Other accounts reach a secret under conditions only
# description: >-
#   A statement that lets another account in without any condition lets in whatever that account's
#   administrators allow: from any network, by any service, outside any organization. Trusted
#   accounts are judged too; whether an account may be let in at all is for SM-010 to say.
# scope: package
# custom:
#   id: SM-023
#   kind: secret
#   severity: low
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   remediation:
#     text: >-
#       Add a condition to the statement, such as aws:PrincipalOrgID, aws:SourceVpce or
#       aws:PrincipalTag.
#     command: >-
#       aws secretsmanager get-resource-policy --secret-id {id} --region {region}
#     hcl: |-
#       resource "aws_secretsmanager_secret_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect    = "Allow"
#           Principal = { AWS = "arn:aws:iam::OTHER_ACCOUNT:role/READER" }
#           Action    = "secretsmanager:GetSecretValue"
#           Resource  = "*"
#           Condition = { StringEquals = { "aws:PrincipalOrgID" = "ORGANIZATION_ID" } }
#         }] })
#       }
#     cloudformation: |-
#       POLICY:
#         Type: AWS::SecretsManager::ResourcePolicy
#         Properties:
#           ResourcePolicy:
#             Version: "2012-10-17"
#             Statement:
#               - Effect: Allow
#                 Principal: {AWS: "arn:aws:iam::OTHER_ACCOUNT:role/READER"}
#                 Action: secretsmanager:GetSecretValue
#                 Resource: "*"
#                 Condition: {StringEquals: {"aws:PrincipalOrgID": ORGANIZATION_ID}}
package rules.secretsmanager.policy_conditional

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains "it has no policy" if not input.resource.policy_present

# A public statement names nobody, and is for SM-009 to judge.
violation contains {"attribute": "policy_statements", "message": message} if {
	some statement in input.resource.policy_statements
	statement.effect == "Allow"
	count(statement.conditions) == 0
	some account in statement.accounts
	message := sprintf("statement %s lets in %s without any condition", [object.get(statement, "sid", "?"), account])
}
