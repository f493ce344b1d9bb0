package cloudformation

import (
	"github.com/keyproof/keyproof/model"
	"slices"
	"strings"
)

// refIsARN says whether Ref returns the ARN rather than the name.
func refIsARN(kind string) bool {
	return kind == "AWS::SecretsManager::Secret" || kind == "AWS::IAM::ManagedPolicy"
}

// index is the resources of a family by their names in lower case.
type index struct {
	byName map[string]string
	open   *model.Unknown // some resource may have any name
}

// physical is the name that the template gives to a resource. Nothing, when AWS
// makes one up.
func (r *reader) physical(to ref) value {
	res := r.byID[to.id]
	if res == nil || to.attr != "" {
		return unknown(to.String())
	}
	property := map[string]string{
		"AWS::SecretsManager::Secret": "Name", "AWS::KMS::Alias": "AliasName", "AWS::SSM::Parameter": "Name",
		"AWS::Lambda::Function": "FunctionName", "AWS::Serverless::Function": "FunctionName",
		"AWS::RDS::DBInstance": "DBInstanceIdentifier", "AWS::RDS::DBCluster": "DBClusterIdentifier",
		"AWS::DocDB::DBInstance": "DBInstanceIdentifier", "AWS::DocDB::DBCluster": "DBClusterIdentifier",
		"AWS::Neptune::DBInstance": "DBInstanceIdentifier", "AWS::Neptune::DBCluster": "DBClusterIdentifier",
		"AWS::RDS::GlobalCluster": "GlobalClusterIdentifier", "AWS::S3::Bucket": "BucketName", "AWS::CloudTrail::Trail": "TrailName",
		"AWS::IAM::Role": "RoleName", "AWS::IAM::User": "UserName", "AWS::IAM::Group": "GroupName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
	}[res.kind]
	if property == "" {
		return nothing()
	}
	if v, ok := r.names[res.id]; ok {
		return v
	}
	if r.busy["name "+res.id] {
		return unknown("a name that depends on itself")
	}
	r.busy["name "+res.id] = true
	defer delete(r.busy, "name "+res.id)
	v := r.properties(res).get(property)
	if strings.Contains(res.kind, "::DB") && v.form == formText { // RDS stores them in lower case
		v.text = slices.Clone(v.text)
		for i := range v.text {
			v.text[i].lit = strings.ToLower(v.text[i].lit)
		}
	}
	r.names[res.id] = v
	return v
}
