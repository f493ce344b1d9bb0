# METADATA
# title: No parameter is open to the public
# description: >-
#   A resource policy that lets any principal in, without a condition that narrows it to fixed
#   values, opens the parameter to every AWS account. Resource shares of AWS RAM name whom they let in; a
#   policy of one's own need not.
# scope: package
# custom:
#   id: SSM-012
#   kind: parameter
#   severity: critical
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   remediation:
#     text: >-
#       Delete the policy with aws ssm delete-resource-policy, and share the parameter through AWS RAM with those
#       that need it. Change the value if it is a credential.
#     command: aws ssm get-resource-policies --resource-arn {id} --region {region}
#     hcl: |-
#       resource "aws_ram_resource_share" "NAME" { # names whom it lets in
#         name                      = "NAME"
#         allow_external_principals = false
#       }
#     cloudformation: |-
#       NAME: # names whom it lets in
#         Type: AWS::RAM::ResourceShare
#         Properties:
#           Name: NAME
#           AllowExternalPrincipals: false
package rules.ssm.policy_not_public

import data.lib.policy

violation contains {"attribute": "policy_public", "message": message} if {
	input.resource.policy_public
	message := policy.lets_anyone_in(input.resource.policy_statements)
}
