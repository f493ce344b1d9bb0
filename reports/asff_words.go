package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// asffStatus is a result in the format's words: of compliance, and of the work
// on it.
func asffStatus(res *model.Result) (compliance, workflow string) {
	switch res.Status {
	case model.StatusFail:
		return "FAILED", "NEW"
	case model.StatusWaived:
		return "FAILED", "SUPPRESSED"
	case model.StatusPass:
		return "PASSED", "RESOLVED"
	case model.StatusNotApplicable:
		return "NOT_AVAILABLE", "RESOLVED"
	default:
		return "WARNING", "NEW"
	}
}

func asffSeverity(s model.Severity) string {
	switch s {
	case model.SeverityCritical, model.SeverityHigh, model.SeverityMedium, model.SeverityLow:
		return strings.ToUpper(string(s))
	default:
		return "INFORMATIONAL"
	}
}

// asffType is what Security Hub calls a resource (the details that its API has a
// type for), and Other for what it has no name for. The ARN tells apart what is
// one kind here and several there.
func asffType(id model.ResourceID) string {
	has := func(part string) bool { return strings.Contains(id.ID, part) }
	switch {
	case id.Kind == model.KindDatabase && has(":cluster:"):
		return "AwsRdsDbCluster"
	case id.Kind == model.KindDatabase && has(":db:"):
		return "AwsRdsDbInstance"
	case id.Kind == model.KindPrincipal && has(":user/"):
		return "AwsIamUser"
	case id.Kind == model.KindPrincipal && has(":group/"):
		return "AwsIamGroup"
	case id.Kind == model.KindPrincipal && has(":role/"):
		return "AwsIamRole"
	}
	names := map[model.Kind]string{
		model.KindSecret: "AwsSecretsManagerSecret", model.KindKey: "AwsKmsKey", model.KindTrail: "AwsCloudTrailTrail",
		model.KindFunction: "AwsLambdaFunction", model.KindIAMPolicy: "AwsIamPolicy",
	}
	return or(names[id.Kind], "Other")
}

// asffRegion is where a finding is kept; what has no region of its own is with
// the services that have one end point for the world.
func asffRegion(region string) string {
	if region = Clean(region); region == "" || region == model.RegionGlobal {
		return "us-east-1"
	}
	return region
}

// partition is the part of AWS that a region is in, by the region's name.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// asffRequirements are the controls that the rule is evidence for.
func asffRequirements(r *model.Report, rule *model.Rule) []string {
	all := []string{}
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		for _, control := range rule.Controls[f.ID] {
			all = append(all, Clean(frameworkTitle(f)+" "+control))
		}
	}
	return all
}

// cut leaves the first n characters, with an ellipsis for the rest.
func cut(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
