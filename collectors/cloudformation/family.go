package cloudformation

import (
	"github.com/keyproof/keyproof/model"
	"strings"
)

// family is a group of resource types that make resources of one kind.
type family struct {
	kind  model.Kind
	types []string
	// mark is what stands before the name in an ARN.
	mark string
}

func secrets() family {
	return family{model.KindSecret, []string{"AWS::SecretsManager::Secret"}, ":secret:"}
}

func keys() family {
	return family{model.KindKey, []string{"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}, ":key/"}
}

func functions() family {
	return family{model.KindFunction, []string{"AWS::Lambda::Function", "AWS::Serverless::Function"}, ":function:"}
}

func databases() family {
	return family{model.KindDatabase, []string{
		"AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBInstance", "AWS::DocDB::DBCluster",
		"AWS::Neptune::DBInstance", "AWS::Neptune::DBCluster",
	}, ":cluster:"}
}

func buckets() family { return family{"", []string{"AWS::S3::Bucket"}, ":::"} }

func entities(kind string) family {
	return family{model.KindPrincipal, []string{"AWS::IAM::" + kind}, ":" + strings.ToLower(kind) + "/"}
}

func managedPolicies() family {
	return family{model.KindIAMPolicy, []string{"AWS::IAM::ManagedPolicy"}, ":policy/"}
}
