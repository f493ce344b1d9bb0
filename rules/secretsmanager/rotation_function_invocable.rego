# METADATA
# title: Secrets Manager can invoke the rotation function
# description: >-
#   Secrets Manager rotates through the function only if the function's own policy lets it, for this
#   secret, and if the function can run at all.
# scope: package
# custom:
#   id: SM-006
#   kind: secret
#   severity: high
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   remediation:
#     text: Let Secrets Manager invoke the function, or deploy a function that runs.
#     command: >-
#       aws lambda add-permission --function-name FUNCTION_ARN --region {region} --statement-id SecretsManager
#       --action lambda:InvokeFunction --principal secretsmanager.amazonaws.com --source-account {account}
#     hcl: |-
#       resource "aws_lambda_permission" "NAME" {
#         action        = "lambda:InvokeFunction"
#         function_name = aws_lambda_function.FUNCTION.function_name
#         principal     = "secretsmanager.amazonaws.com"
#         source_arn    = aws_secretsmanager_secret.NAME.arn
#       }
#     cloudformation: |-
#       PERMISSION:
#         Type: AWS::Lambda::Permission
#         Properties:
#           Action: lambda:InvokeFunction
#           FunctionName: !Ref FUNCTION
#           Principal: secretsmanager.amazonaws.com
#           SourceArn: !Ref NAME
package rules.secretsmanager.rotation_function_invocable

import data.lib.secret

# Functions are woken from Inactive by invoking them (State of FunctionConfiguration). A failed update
# of a function leaves its previous code in use, so LastUpdateStatus is not asked (Lambda Developer
# Guide, "Lambda function states").
can_run := {"Active", "Inactive"}

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

not_applicable contains secret.no_function if not input.resource.rotation_function

not_applicable contains "its rotation function does not exist, which SM-005 judges" if {
	input.related.rotation_function.exists == false
}

not_applicable contains "its rotation function has no such version or alias, which SM-005 judges" if {
	input.resource.rotation_qualifier in input.related.rotation_function.missing_qualifiers
}

violation contains {"attribute": "rotation_function", "message": message} if {
	not allowed
	message := "Secrets Manager may not invoke its rotation function for this secret"
}

violation contains {"attribute": "rotation_function", "message": message} if {
	not input.related.rotation_function.state in can_run
	message := sprintf("its rotation function is %s and cannot be invoked", [input.related.rotation_function.state])
}

allowed if "*" in input.related.rotation_function.secretsmanager_source_arns

allowed if {
	some pattern in input.related.rotation_function.secretsmanager_source_arns
	glob.match(pattern, null, input.resource.id) # null: * crosses every delimiter, as in aws:SourceArn
}
