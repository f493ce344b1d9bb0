# METADATA
# title: No parameter is open to an outside account
# description: >-
#   A parameter that is shared with an account which is neither the owner's, nor of its organization,
#   nor trusted, is read by whom somebody else's administrators let. Parameters are shared by resource shares of
#   AWS RAM, or by a resource policy of one's own. One that lets in everyone who comes through a network, as
#   aws:SourceVpce does alone, lets in principals of every account that get there.
# scope: package
# custom:
#   id: SSM-013
#   kind: parameter
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
#       Take the account out of the resource share, or delete the policy if it is of your own making; or add the
#       account to trusted_accounts with a reason.
#     command: aws ssm get-resource-policies --resource-arn {id} --region {region}
#     hcl: |-
#       resource "aws_ram_resource_share" "NAME" {
#         name                      = "NAME"
#         allow_external_principals = false # of this organization only
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::RAM::ResourceShare
#         Properties:
#           Name: NAME
#           AllowExternalPrincipals: false # of this organization only
package rules.ssm.policy_no_outside_account

import data.lib.policy

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
