package cloudformation

import (
	"github.com/keyproof/keyproof/model"
	"strings"
)

func (r *reader) serverlessPolicy(e *entity, v value, name string) {
	switch {
	case v.form == formText:
		if s, ok := v.text.literal(); ok && !strings.HasPrefix(s, "arn:") {
			e.attach(s) // SAM takes the bare name of a policy of AWS's own
			return
		}
		r.attachPolicy(e, v)
	case v.form == formObject && v.get("Statement").given():
		p := r.document(v, true)
		p.name = name
		e.inline = append(e.inline, p)
	case v.form == formObject && len(v.object.names) == 1:
		p, ok := r.samPolicy(v.object.names[0], v.object.members[v.object.names[0]])
		if !ok {
			e.maybe(model.Unknown{Reason: model.ReasonUnresolved, Detail: "the policy template " + shorten(v.object.names[0])})
			return
		}
		p.name = name
		e.inline = append(e.inline, p)
	default:
		e.maybe(v.reason())
	}
}

// samPolicy is what a policy template of SAM allows that concerns secrets,
// parameters and keys (SAM Developer Guide, "Policy template list"). Those of
// services that keep none allow nothing of it.
func (r *reader) samPolicy(name string, v value) (policy, bool) {
	arn := func(service, resource string, of value) value {
		t := text{{lit: "arn:"}, {pseudo: "AWS::Partition"}, {lit: ":" + service + ":"}, {pseudo: "AWS::Region"}, {lit: ":"}, {pseudo: "AWS::AccountId"}, {lit: ":" + resource}}
		return value{form: formText, text: append(t, of.parts()...)}
	}
	allow := func(on value, condition value, actions ...string) value {
		list := value{form: formList}
		for _, a := range actions {
			list.list = append(list.list, literal(a))
		}
		o := &object{names: []string{"Effect", "Action", "Resource"}, members: map[string]value{"Effect": literal("Allow"), "Action": list, "Resource": on}}
		if condition.given() {
			o.names = append(o.names, "Condition")
			o.members["Condition"] = condition
		}
		return value{form: formObject, object: o}
	}
	var s value
	switch name {
	case "AWSSecretsManagerGetSecretValuePolicy":
		s = allow(v.get("SecretArn"), nothing(), "secretsmanager:GetSecretValue")
	case "AWSSecretsManagerRotationPolicy":
		function := map[string]value{"secretsmanager:resource/AllowRotationLambdaArn": arn("lambda", "function:", v.get("FunctionName"))}
		test := value{form: formObject, object: &object{names: []string{"secretsmanager:resource/AllowRotationLambdaArn"}, members: function}}
		s = allow(arn("secretsmanager", "secret:", literal("*")), value{form: formObject, object: &object{names: []string{"StringEquals"}, members: map[string]value{"StringEquals": test}}},
			"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage")
	case "SSMParameterReadPolicy":
		s = allow(arn("ssm", "parameter/", v.get("ParameterName")), nothing(), "ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath")
	case "SSMParameterWithSlashPrefixReadPolicy":
		s = allow(arn("ssm", "parameter", v.get("ParameterName")), nothing(), "ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath")
	case "KMSDecryptPolicy":
		s = allow(arn("kms", "key/", v.get("KeyId")), nothing(), "kms:Decrypt")
	case "KMSEncryptPolicy":
		s = allow(arn("kms", "key/", v.get("KeyId")), nothing(), "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
	default:
		for _, service := range []string{"DynamoDB", "S3", "SQS", "SNS", "Kinesis", "Firehose", "Lambda", "CloudWatch", "StepFunctions", "EventBridge", "Athena", "SES", "Polly", "Rekognition", "Comprehend", "Textract"} {
			if strings.HasPrefix(name, service) {
				s = allow(literal("*"), nothing(), strings.ToLower(service)+":none")
			}
		}
		if s.form != formObject {
			return policy{}, false
		}
	}
	doc := value{form: formObject, object: &object{names: []string{"Statement"}, members: map[string]value{"Statement": {form: formList, list: []value{s}}}}}
	return r.document(doc, true), true
}
