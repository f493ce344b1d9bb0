# METADATA
# title: No secret is open to an outside account
# description: >-
#   A resource policy that names an account which is neither the owner's, nor of its organization,
#   nor trusted, hands the secret to somebody else's administrators. One that lets in everyone who
#   comes through a network, as aws:SourceVpce does alone, is not public by AWS's definition, and yet
#   lets in principals of every account that get there.
# scope: package
# custom:
#   id: SM-010
#   kind: secret
#   severity: high
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   params:
#     trusted_accounts:
#       type: strings
#       default: []
#       why: which outside accounts are trusted is for you to say
#     trusted_networks:
#       type: strings
#       default: []
#       why: which networks only your own principals can come through is for you to say
#   remediation:
#     text: >-
#       Take the account out of the policy, or add it to trusted_accounts with a reason. Where only a
#       network is named, say who calls as well, with aws:PrincipalOrgID or aws:PrincipalAccount.
#     command: aws secretsmanager get-resource-policy --secret-id {id} --region {region}
#     hcl: |-
#       resource "aws_secretsmanager_secret_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect    = "Allow"
#           Principal = { AWS = aws_iam_role.READER.arn } # of this account
#           Action    = "secretsmanager:GetSecretValue"
#           Resource  = "*"
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
#                 Principal: {AWS: !GetAtt READER.Arn} # of this account
#                 Action: secretsmanager:GetSecretValue
#                 Resource: "*"
package rules.secretsmanager.policy_no_outside_account

import data.lib.policy
import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

violation contains {"attribute": "outside_accounts", "message": message} if {
	some account in input.resource.outside_accounts
	not account in input.params.trusted_accounts
	message := sprintf("its policy lets in %s", [policy.outsider(account)])
}

# One that is outside for certain is so whatever nobody could say of others.
violation contains {"attribute": "outside_accounts", "message": message} if {
	some outsider in input.resource.outsiders
	outsider.certain
	not outsider.account in input.params.trusted_accounts
	message := sprintf("its policy lets in %s%s", [
		policy.outsider(outsider.account),
		policy.doubtful(input.resource.outsiders, input.params.trusted_accounts),
	])
}

violation contains {"attribute": "open_networks", "message": message} if {
	some network in input.resource.open_networks
	not network in input.params.trusted_networks
	message := sprintf("its policy lets in %s", [policy.through(network)])
}
