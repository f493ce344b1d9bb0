# METADATA
# title: Rotation functions run on a supported runtime
# description: >-
#   A deprecated runtime gets no security updates, and the function cannot be changed for long. The dates are those
#   of the Lambda Developer Guide, "Lambda runtimes"; whoever runs a container image keeps it up to date alone.
# scope: package
# custom:
#   id: LAM-002
#   kind: function
#   severity: medium
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   params:
#     notice_days:
#       type: integer
#       unit: days
#       default: 0
#       why: AWS gives notice 180 days ahead; until the day itself the runtime is supported, so an earlier failure is your choice
#   remediation:
#     text: Move the function to a current runtime of its language, test a rotation, and publish it.
#     command: aws lambda update-function-configuration --function-name {name} --region {region} --runtime RUNTIME
#     hcl: |-
#       resource "aws_lambda_function" "NAME" {
#         runtime = "python3.13" # or the current runtime of another language
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::Lambda::Function
#         Properties:
#           Runtime: python3.13 # or the current runtime of another language
package rules.lambda.runtime_supported

import data.lib.text

not_applicable contains "no secret names it as its rotation function" if not input.resource.rotation_function

not_applicable contains "a container image, which has no runtime of Lambda" if not input.resource.runtime

violation contains {"attribute": "runtime", "message": message} if {
	left := input.resource.runtime_deprecated_in_days
	left < 0
	left < input.params.notice_days
	message := sprintf("%s is deprecated: the last support ended %s ago", [input.resource.runtime, text.days(0 - left)])
}

violation contains {"attribute": "runtime", "message": message} if {
	left := input.resource.runtime_deprecated_in_days
	left >= 0
	left < input.params.notice_days
	message := sprintf("the support of %s ends in %s", [input.resource.runtime, text.days(left)])
}
