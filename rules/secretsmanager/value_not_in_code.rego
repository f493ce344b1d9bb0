# METADATA
# title: No secret value is written in code
# description: >-
#   A value that stands in a template, in a Terraform file or in the default of a parameter is known to
#   everybody who may read the repository, now and later, and stays in its history. A live account has no
#   code, so that the rule speaks of plans and templates only.
# scope: package
# custom:
#   id: SM-033
#   kind: secret
#   severity: high
#   topics: [SSM-PLAINTEXT]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.2"]
#   remediation:
#     text: >-
#       Let AWS make the value, or hand it in at the time of the change without storing it, and change the
#       credential: it was readable.
#     hcl: |-
#       ephemeral "aws_secretsmanager_random_password" "NAME" {
#         password_length = 32
#       }
#       resource "aws_secretsmanager_secret_version" "NAME" {
#         secret_string_wo         = ephemeral.aws_secretsmanager_random_password.NAME.random_password
#         secret_string_wo_version = 1 # another number stores another value
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           GenerateSecretString: # in place of SecretString
#             PasswordLength: 32
package rules.secretsmanager.value_not_in_code

not_applicable contains "no code is at hand to look into" if not code_at_hand

violation contains {"attribute": "value_in_code", "message": "its value is written in the code"} if {
	input.resource.value_in_code
}

# A helper of its own: a call in `not` is undefined where its argument is.
code_at_hand if is_boolean(input.resource.value_in_code)
