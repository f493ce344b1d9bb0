package cloudformation

import (
	"bytes"
	"fmt"
	"strings"
)

// ownRegion stands in a policy for a region that nobody gave.
const ownRegion = "own-region-1"

// These stand for what a template makes and AWS names.
const (
	ownVPC      = "vpc-0a"
	ownEndpoint = "vpce-0a"
)

// ownAccount returns an account that does not occur in a template, to stand in
// its policies for the one that it is deployed to.
func ownAccount(data []byte) string {
	for n := 1; ; n++ {
		if id := fmt.Sprintf("%012d", n); !bytes.Contains(data, []byte(id)) {
			return id
		}
	}
}

// standIn writes a text out for the analysis of policies. What AWS decides when
// the template is deployed is one fixed value there, never a pattern, so that
// any value of the same form stands for it: the account, the region, the ARN of
// a resource of the template. What cannot be resolved may be a pattern, and
// becomes wild; unresolved then names the first such expression.
func (r *reader) standIn(t text, wild string) (s, unresolved string) {
	var b strings.Builder
	for _, p := range t {
		switch {
		case p.isLiteral():
			b.WriteString(p.lit)
		case p.pseudo != "":
			b.WriteString(r.pseudoStandIn(p.pseudo))
		case p.ref.id != "" && r.fixed(p.ref):
			b.WriteString(r.refStandIn(p.ref))
		default:
			if b.WriteString(wild); unresolved == "" {
				unresolved = text{p}.unresolved().Detail
			}
		}
	}
	return b.String(), unresolved
}

func (r *reader) region() string { return or(r.o.Region, ownRegion) }

func (r *reader) pseudoStandIn(name string) string {
	switch name {
	case "AWS::AccountId":
		return r.own
	case "AWS::Region":
		return r.region()
	case "AWS::Partition":
		return r.partition
	case "AWS::URLSuffix":
		return "amazonaws.com" // what service principals end in, everywhere but in China
	default:
		return "own-stack"
	}
}

// fixed says whether what a reference returns is an id or an ARN that AWS makes.
// Custom resources and other stacks return what their authors like.
func (r *reader) fixed(to ref) bool {
	switch kind := r.byID[to.id].kind; kind {
	case "AWS::CloudFormation::Stack", "AWS::Serverless::Application", "AWS::CloudFormation::CustomResource":
		return to.attr == "" && kind != "AWS::CloudFormation::CustomResource"
	case "AWS::SSM::Parameter":
		return to.attr == "" // its value is the author's
	default:
		return strings.HasPrefix(kind, "AWS::") && !strings.HasSuffix(kind, "::MODULE")
	}
}

func (r *reader) refStandIn(to ref) string {
	res := r.byID[to.id]
	name := to.id
	if s, ok := r.physical(ref{id: to.id}).text.literal(); ok && s != "" {
		name = s
	}
	services := strings.Split(res.kind, "::")
	service := strings.ToLower(services[1])
	arn := func(resource string) string {
		return "arn:" + r.partition + ":" + service + ":" + r.region() + ":" + r.own + ":" + resource
	}
	isARN := to.attr == "" && refIsARN(res.kind) || strings.HasSuffix(to.attr, "Arn") || strings.HasSuffix(to.attr, "ARN") || to.attr == "Id" && passes(res.kind) != ""
	switch {
	case service == "iam" && isARN:
		kind := strings.ToLower(services[2])
		if kind == "managedpolicy" {
			kind = "policy"
		}
		return "arn:" + r.partition + ":iam::" + r.own + ":" + kind + "/" + name
	case service == "s3" && isARN:
		return "arn:" + r.partition + ":s3:::" + strings.ToLower(name)
	case service == "secretsmanager" && (isARN || passes(res.kind) != ""):
		return arn("secret:" + name + "-AbCdEf")
	case service == "serverless" && isARN:
		service = "lambda"
		return arn("function:" + name)
	case service == "lambda" && isARN:
		return arn("function:" + name)
	case service == "kms" && isARN:
		return arn("key/" + name)
	case isARN:
		return arn(name)
	case res.kind == "AWS::EC2::VPC":
		return ownVPC
	case res.kind == "AWS::EC2::VPCEndpoint":
		return ownEndpoint
	case to.attr == "":
		return name
	default:
		return name + "-" + strings.ToLower(to.attr)
	}
}

// asWritten takes the stand-ins out of what people read.
func (r *reader) asWritten(s string) string {
	if r.o.Account == "" {
		s = strings.ReplaceAll(s, r.own, "${AWS::AccountId}")
	}
	return strings.ReplaceAll(s, ownRegion, "${AWS::Region}")
}
