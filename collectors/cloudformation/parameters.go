package cloudformation

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// refer evaluates Ref.
func (r *reader) refer(name string) value {
	if s, ok := r.loop[name]; ok {
		return literal(s)
	}
	if strings.HasPrefix(name, "AWS::") {
		return r.pseudo(name)
	}
	if n := member(r.parameters, name); n != nil {
		return r.parameter(name, n)
	}
	// SAM knows the alias and the version that it publishes by the function.
	if id, what, ok := strings.Cut(name, "."); ok && (what == "Alias" || what == "Version") && r.byID[id] != nil {
		return r.attribute(id, what)
	}
	if r.byID[name] != nil {
		return value{form: formText, text: text{{ref: ref{id: name}}}}
	}
	return unknown("Ref " + shorten(name))
}

// pseudo evaluates the pseudo parameters. What follows from a region is known
// with it (AWS General Reference, "Amazon Resource Names": partitions).
func (r *reader) pseudo(name string) value {
	switch name {
	case "AWS::NoValue":
		return nothing()
	case "AWS::AccountId":
		if r.o.Account != "" {
			return literal(r.o.Account)
		}
	case "AWS::Region":
		if r.o.Region != "" {
			return literal(r.o.Region)
		}
	case "AWS::Partition":
		if r.o.Region != "" {
			return literal(partition(r.o.Region))
		}
	case "AWS::URLSuffix":
		switch {
		case strings.HasPrefix(r.o.Region, "cn-"):
			return literal("amazonaws.com.cn")
		case r.o.Region != "" && !strings.Contains(r.o.Region, "-iso"):
			return literal("amazonaws.com")
		}
	case "AWS::NotificationARNs":
		return unknown("Ref " + name)
	case "AWS::StackName", "AWS::StackId":
	default:
		return unknown("Ref " + shorten(name))
	}
	return value{form: formText, text: text{{pseudo: name}}}
}

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

// parameter is the value that was given, else the default. A parameter whose
// type says that the value is looked up in Parameter Store is not known: what
// is given is a name there ("Specify existing resources at runtime").
func (r *reader) parameter(name string, n *yaml.Node) value {
	if v, ok := r.values[name]; ok {
		return v
	}
	v := r.parameterValue(name, n)
	r.values[name] = v
	return v
}

func (r *reader) parameterValue(name string, n *yaml.Node) value {
	kind := "String"
	if t := member(n, "Type"); t != nil {
		kind = t.Value
	}
	if strings.HasPrefix(kind, "AWS::SSM::Parameter::Value") {
		return unknown("Ref " + shorten(name) + ", a parameter that Parameter Store has")
	}
	given, outside := r.o.Parameters[name]
	if !outside {
		def := member(n, "Default")
		if def == nil || def.Kind != yaml.ScalarNode || def.Tag == "!!null" {
			return unknown("Ref " + shorten(name) + ", a parameter without a default")
		}
		given = def.Value
	}
	if kind != "CommaDelimitedList" && !strings.HasPrefix(kind, "List<") {
		return value{form: formText, line: n.Line, text: dynamics(text{{lit: given, outside: outside}})}
	}
	list := value{form: formList, line: n.Line}
	for _, s := range strings.Split(given, ",") {
		list.list = append(list.list, value{form: formText, text: text{{lit: strings.TrimSpace(s), outside: outside}}})
	}
	return list
}
