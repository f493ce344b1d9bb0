package remediator

import (
	"fmt"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// noFunction says how to come by a rotation function.
func noFunction(t *Target) error {
	var have []string
	for f := range t.Related.All(model.KindFunction, t.Resource.ID.Account, t.Resource.ID.Region) {
		body, ok := f.Body.(*model.Function)
		if rotates, known := body.RotationFunction.Get(); ok && known && rotates {
			have = append(have, f.Name)
		}
	}
	next := "plan again with --set enable-rotation.function=NAME"
	if len(have) > 0 {
		next += fmt.Sprintf(" (other secrets use %s; it must suit the credential)", strings.Join(have, ", "))
	}
	next += "; where there is none that suits, deploy " + deployRotation(t.Resource.Name)
	return notApplicable(next, "no rotation function is named for it, and keyproof does not guess one")
}

// template is an application of AWS's Serverless Application Repository that makes
// a rotation function (User Guide, "AWS Secrets Manager rotation function
// templates").
type template struct {
	word, name string // word is in names of such secrets
}

func templates() []template {
	return []template{
		{"postgres", "SecretsManagerRDSPostgreSQLRotationSingleUser"},
		{"mysql", "SecretsManagerRDSMySQLRotationSingleUser"},
		{"mariadb", "SecretsManagerRDSMariaDBRotationSingleUser"},
		{"oracle", "SecretsManagerRDSOracleRotationSingleUser"},
		{"sqlserver", "SecretsManagerRDSSQLServerRotationSingleUser"},
		{"redshift", "SecretsManagerRedshiftRotationSingleUser"},
		{"docdb", "SecretsManagerMongoDBRotationSingleUser"},
		{"mongo", "SecretsManagerMongoDBRotationSingleUser"},
	}
}

// deployRotation is Terraform that deploys a rotation function from AWS's template
// for a secret that is called so.
func deployRotation(name string) string {
	app := "SecretsManagerRotationTemplate" // an empty one, whose four steps are to be written
	for _, t := range templates() {
		if strings.Contains(strings.ToLower(name), t.word) {
			app = t.name
			break
		}
	}
	return fmt.Sprintf(`the template %s of the Serverless Application Repository, in Terraform:
  resource "aws_serverlessapplicationrepository_cloudformation_stack" "rotation" {
    name           = "rotation"
    application_id = "arn:aws:serverlessrepo:us-east-1:297356227824:applications/%s"
    capabilities   = ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"]
    parameters     = { functionName = "rotation", endpoint = "https://secretsmanager.REGION.amazonaws.com" }
  }`, app, app)
}
