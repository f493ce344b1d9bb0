package terraform

import "github.com/keyproof/keyproof/model"

// reader makes a resource of a block and of the blocks that are about it.
type resourceReader struct {
	kind model.Kind
	read func(*builder, *block) *model.Resource
}

// readers are the resource types that make a resource of the snapshot.
func readers() map[string]resourceReader {
	return map[string]resourceReader{
		"aws_secretsmanager_secret":    {model.KindSecret, (*builder).secret},
		"aws_ssm_parameter":            {model.KindParameter, (*builder).parameter},
		"aws_kms_key":                  {model.KindKey, (*builder).key},
		"aws_kms_external_key":         {model.KindKey, (*builder).externalKey},
		"aws_kms_replica_key":          {model.KindKey, (*builder).replicaKey},
		"aws_kms_replica_external_key": {model.KindKey, (*builder).replicaKey},
		"data.aws_kms_key":             {model.KindKey, (*builder).dataKey},
		"aws_cloudtrail":               {model.KindTrail, (*builder).trail},
		"aws_lambda_function":          {model.KindFunction, (*builder).function},
		"aws_db_instance":              {model.KindDatabase, (*builder).instance},
		"aws_rds_cluster_instance":     {model.KindDatabase, (*builder).member},
		"aws_rds_cluster":              {model.KindDatabase, (*builder).cluster},
		"aws_docdb_cluster":            {model.KindDatabase, (*builder).cluster},
		"aws_neptune_cluster":          {model.KindDatabase, (*builder).cluster},
		"aws_iam_policy":               {model.KindIAMPolicy, (*builder).iamPolicy},
		"aws_iam_role":                 {model.KindPrincipal, (*builder).principal},
		"aws_iam_user":                 {model.KindPrincipal, (*builder).principal},
		"aws_iam_group":                {model.KindPrincipal, (*builder).principal},
	}
}

// kindOf is the kind of resource that a type makes or is about; empty for types
// that are not read.
func kindOf(resourceType string) model.Kind {
	switch resourceType {
	case "aws_secretsmanager_secret", "aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret_policy", "aws_secretsmanager_secret_version",
		"aws_serverlessapplicationrepository_cloudformation_stack":
		return model.KindSecret
	case "aws_ssm_parameter":
		return model.KindParameter
	case "aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key", "aws_kms_alias", "aws_kms_key_policy":
		return model.KindKey
	case "aws_cloudtrail", "aws_cloudtrail_event_data_store", "aws_s3_bucket", "aws_s3_bucket_policy", "aws_s3_bucket_acl",
		"aws_s3_bucket_public_access_block", "aws_s3_bucket_logging", "aws_s3_bucket_server_side_encryption_configuration", "aws_cloudwatch_log_group":
		return model.KindTrail
	case "aws_lambda_function", "aws_lambda_permission", "aws_lambda_alias":
		return model.KindFunction
	case "aws_db_instance", "aws_rds_cluster_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_global_cluster":
		return model.KindDatabase
	case "aws_iam_policy":
		return model.KindIAMPolicy
	case "aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy",
		"aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_iam_policy_attachment":
		return model.KindPrincipal
	default:
		return ""
	}
}

// wanted says whether blocks of a type are kept, be they resources or data.
func wanted(resourceType string) bool {
	switch resourceType {
	case "aws_caller_identity", "aws_region", "aws_iam_policy_document":
		return true
	}
	return kindOf(resourceType) != ""
}

// keyTypes are the types that make KMS keys.
func keyTypes() []string {
	return []string{"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"}
}
