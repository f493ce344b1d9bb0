# METADATA
# title: No parameter expires unnoticed
# description: >-
#   Parameter Store deletes a parameter on the date of its Expiration policy, with all its versions
#   and without asking its readers.
# scope: package
# custom:
#   id: SSM-004
#   kind: parameter
#   severity: medium
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["A1.2"]
#   params:
#     warn_days:
#       type: integer
#       unit: days
#       default: 30
#       why: time enough to replace the value and tell its readers
#   remediation:
#     text: >-
#       Store a new value with a later expiration, or see to it that nobody needs the parameter any
#       more.
#     command: >-
#       aws ssm describe-parameters --region {region} --parameter-filters Key=Name,Values={name}
#     cloudformation: |-
#       NAME:
#         Type: AWS::SSM::Parameter
#         Properties:
#           Tier: Advanced
#           Policies: '[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"LATER_TIME"}}]'
package rules.ssm.not_expiring

import data.lib.text

not_applicable contains "it has no Expiration policy" if not "Expiration" in input.resource.policies

violation contains {"attribute": "expires_at", "message": message} if {
	days := input.resource.expires_in_days
	days >= 0
	days <= input.params.warn_days
	message := sprintf("expires in %s", [text.days(days)])
}

violation contains {"attribute": "expires_at", "message": "has expired: Parameter Store is about to delete it"} if {
	input.resource.expires_in_days < 0
}
