package events

// Filter says which events are wanted: by service, the names of its events; nil
// for all of the service's.
type Filter map[string]map[string]bool

// match works on bytes of the text, without copying them.
func (f Filter) match(source, name []byte) bool {
	names, ok := f[string(source)]
	return ok && (names == nil || names[string(name)])
}

// Relevant is the filter for all that touches secrets, parameters, their keys,
// the functions and databases that they belong to, and the trails that record it.
//
// The use of keys (Decrypt, GenerateDataKey, …) is left out: it is most of what
// CloudTrail records, and the read of the secret stands beside it.
func Relevant() Filter {
	return Filter{
		"secretsmanager.amazonaws.com": nil,
		"ssm.amazonaws.com": set(
			"GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory",
			"PutParameter", "DeleteParameter", "DeleteParameters", "LabelParameterVersion", "UnlabelParameterVersion",
			"PutResourcePolicy", "DeleteResourcePolicy",
		),
		"kms.amazonaws.com": set(
			"CreateKey", "DisableKey", "EnableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "DeleteKey",
			"PutKeyPolicy", "CreateGrant", "RevokeGrant", "RetireGrant",
			"ImportKeyMaterial", "DeleteImportedKeyMaterial", "DisconnectCustomKeyStore", "DeleteCustomKeyStore",
			"EnableKeyRotation", "DisableKeyRotation", "RotateKey", "RotateKeyOnDemand",
			"CreateAlias", "UpdateAlias", "DeleteAlias", "ReplicateKey", "UpdatePrimaryRegion", "SynchronizeMultiRegionKey",
		),
		"cloudtrail.amazonaws.com": set(
			"CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging", "PutEventSelectors", "PutInsightSelectors",
			"CreateEventDataStore", "UpdateEventDataStore", "DeleteEventDataStore",
			"StartEventDataStoreIngestion", "StopEventDataStoreIngestion", "PutResourcePolicy", "DeleteResourcePolicy",
		),
		// The names of Lambda's events end in the version of its API ("Logging AWS
		// Lambda API calls using CloudTrail").
		"lambda.amazonaws.com": set(
			"UpdateFunctionCode20150331v2", "UpdateFunctionConfiguration20150331v2", "DeleteFunction20150331",
			"AddPermission20150331v2", "RemovePermission20150331v2", "PutFunctionConcurrency20171031",
		),
		"rds.amazonaws.com": set(
			"CreateDBInstance", "ModifyDBInstance", "DeleteDBInstance", "CreateDBCluster", "ModifyDBCluster", "DeleteDBCluster",
		),
		// What happens to the bucket that a trail delivers to.
		"s3.amazonaws.com": set(
			"DeleteBucket", "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "PutBucketPublicAccessBlock",
			"DeleteBucketPublicAccessBlock", "PutBucketLifecycle", "PutBucketVersioning", "PutBucketEncryption", "DeleteBucketEncryption",
		),
	}
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}
