package cloudformation

// awsPolicy is the text of a policy of AWS's own, as far as it concerns secrets,
// parameters and keys (AWS Managed Policy Reference, September 2026; all of these
// are at stable versions). It knows those that nearly every template attaches, and
// those that open secrets wide. Of all others nobody can say here what they allow.
func awsPolicy(name string) (document string, ok bool) {
	allow := func(actions string) string {
		return `{"Statement": [{"Effect": "Allow", "Action": [` + actions + `], "Resource": "*"}]}`
	}
	const logs = `"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"`
	switch name {
	case "AdministratorAccess":
		return allow(`"*"`), true
	case "PowerUserAccess":
		return `{"Statement": [{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}]}`, true
	case "SecretsManagerReadWrite":
		return allow(`"secretsmanager:*", "kms:DescribeKey", "kms:ListAliases", "kms:ListKeys"`), true
	case "AmazonSSMFullAccess":
		return allow(`"ssm:*"`), true
	case "AmazonSSMReadOnlyAccess":
		return allow(`"ssm:Describe*", "ssm:Get*", "ssm:List*"`), true
	case "AmazonSSMManagedInstanceCore":
		return allow(`"ssm:DescribeAssociation", "ssm:GetDocument", "ssm:GetManifest", "ssm:GetParameter", "ssm:GetParameters", "ssm:PutInventory", "ssmmessages:*", "ec2messages:*"`), true
	case "AWSKeyManagementServicePowerUser":
		return allow(`"kms:CreateAlias", "kms:CreateKey", "kms:DeleteAlias", "kms:Describe*", "kms:GenerateRandom", "kms:Get*", "kms:List*", "kms:TagResource", "kms:UntagResource"`), true
	case "AWSLambdaBasicExecutionRole":
		return allow(logs), true
	case "AWSLambdaVPCAccessExecutionRole", "AWSLambdaENIManagementAccess":
		return allow(logs + `, "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"`), true
	case "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess":
		return allow(`"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules"`), true
	case "AWSLambdaSQSQueueExecutionRole":
		return allow(logs + `, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"`), true
	case "AWSLambdaKinesisExecutionRole":
		return allow(logs + `, "kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:ListStreams"`), true
	case "AWSLambdaDynamoDBExecutionRole":
		return allow(logs + `, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:ListStreams"`), true
	case "AmazonRDSEnhancedMonitoringRole":
		return allow(logs), true
	case "AmazonAPIGatewayPushToCloudWatchLogs":
		return allow(logs), true
	case "AmazonEKSClusterPolicy", "AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy",
		"AmazonECSTaskExecutionRolePolicy", "AmazonS3ReadOnlyAccess", "AmazonS3FullAccess", "AmazonDynamoDBFullAccess",
		"AmazonDynamoDBReadOnlyAccess", "AmazonSQSFullAccess", "AmazonSNSFullAccess":
		// None of them names an action of Secrets Manager, Parameter Store or the
		// use of keys on all resources.
		return allow(`"none:none"`), true
	default:
		return "", false
	}
}
