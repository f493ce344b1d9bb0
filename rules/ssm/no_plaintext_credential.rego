# METADATA
# title: No credential is kept in a plain parameter
# description: >-
#   A String or StringList is stored and shown in clear to everybody who may read parameters, and its
#   old versions stay readable. The value itself is judged, not the type alone: most plain parameters
#   hold nothing secret.
# scope: package
# custom:
#   id: SSM-001
#   kind: parameter
#   severity: high
#   topics: [SSM-SECURESTRING, SSM-PLAINTEXT]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.3.2", "8.6.2"]
#   remediation:
#     action: convert-to-secure-string
#     text: >-
#       Keep the value in Secrets Manager or in a SecureString, delete the plain parameter with its
#       history, and change the credential: it was readable.
#     hcl: |-
#       # AWS does not change the type of a parameter: make another, then delete this one
#       resource "aws_ssm_parameter" "NEWNAME" {
#         type             = "SecureString"
#         key_id           = aws_kms_key.KEY.arn
#         value_wo         = var.NEW_VALUE # an ephemeral variable: in no file and in no state
#         value_wo_version = 1
#       }
#     cloudformation: |-
#       # a template cannot make a SecureString, so a secret takes the parameter's place
#       SECRET:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           KmsKeyId: !GetAtt KEY.Arn
#           GenerateSecretString:
#             PasswordLength: 32
package rules.ssm.no_plaintext_credential

# A SecureString has no plain value: its credentials are absent and it passes.
violation contains {"attribute": "credentials", "message": message} if {
	some credential in input.resource.credentials
	message := sprintf("holds a credential in clear%s: %s", [place(credential), credential.title])
}

place(credential) := sprintf(" in %s", [credential.place])

place(credential) := "" if not credential.place
