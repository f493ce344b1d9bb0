# METADATA
# title: No credential is kept in an environment variable
# description: >-
#   Environment variables of a function are shown to everybody who may read its configuration, and
#   end up in templates and logs. A variable that names a secret is what to use instead, and is fine.
# scope: package
# custom:
#   id: LAM-001
#   kind: function
#   severity: high
#   topics: [WORKLOAD-ENV-SECRETS]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.2"]
#   remediation:
#     text: >-
#       Keep the credential in Secrets Manager, give the function the secret's ARN and the permission
#       to read it, and change the credential: it was readable.
#     hcl: |-
#       resource "aws_lambda_function" "NAME" {
#         environment {
#           variables = {
#             SECRET_ARN = aws_secretsmanager_secret.SECRET.arn # the code reads the value by it
#           }
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::Lambda::Function
#         Properties:
#           Environment:
#             Variables:
#               SECRET_ARN: !Ref SECRET # the code reads the value by it
package rules.lambda.no_plaintext_env

violation contains {"attribute": "env_credentials", "message": message} if {
	some credential in input.resource.env_credentials
	variable := object.get(credential, "place", "?")
	message := sprintf("the variable %s holds a credential: %s", [variable, credential.title])
}
