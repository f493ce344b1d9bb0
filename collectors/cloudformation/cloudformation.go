// Package cloudformation reads CloudFormation templates as a change to accounts:
// YAML and JSON, SAM, and what the CDK writes.
//
// Its promise: what the template leaves out has the value that AWS documents as
// the default, and what it does not tell is unknown with the expression that
// could not be resolved, never guessed. Nothing is fetched: no macro is run, no
// export and no parameter of an account is looked up. The value of a secret
// that stands in a template ends in the answer to whether there is one.
package cloudformation

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// Options are what a template does not say of itself.
type Options struct {
	Name    string    // of the file, for messages and origins
	TakenAt time.Time // ages are relative to it
	Tool    string    // version of keyproof
	// Region and Account are where the template is to be deployed; empty when
	// the user does not say.
	Region, Account string
	// Parameters are values for the parameters of the template, by name. Those
	// that are not here have their defaults.
	Parameters map[string]string
	// Declared is called for each parameter that a template has. Nil: nobody asks.
	Declared func(name string)
	Detector Detector // nil: plain values are not classified
	Trusted  []string // accounts and organizations that policies may let in
	// WaiversWithoutExpiry accepts waivers in comments that have no date of expiry.
	WaiversWithoutExpiry bool
}

// Detector says which kinds of credential a plain value holds.
type Detector interface {
	Classify(name, value string) []model.Credential
}

// Read reads one template.
func Read(ctx context.Context, data []byte, o Options) (*collectors.Proposal, error) {
	p, _, err := readTemplate(ctx, data, o, nil)
	return p, err
}

// readTemplate reads a template. given are values of parameters that the template
// around it hands in.
func readTemplate(ctx context.Context, data []byte, o Options, given map[string]value) (*collectors.Proposal, *reader, error) {
	t, err := parse(data, o.Name)
	if err != nil {
		return nil, nil, err
	}
	r := newReader(t, o, data)
	for name, v := range given {
		if member(r.parameters, name) != nil {
			r.values[name] = v
		}
	}
	if err := r.build(ctx); err != nil {
		return nil, nil, err
	}
	waivers, err := r.waivers(data)
	if err != nil {
		return nil, nil, err
	}
	return &collectors.Proposal{After: r.snapshot(), Waivers: waivers, Notes: r.notes}, r, nil
}

// declares matches what a template has and other files of YAML or JSON do not.
var declares = regexp.MustCompile(`AWSTemplateFormatVersion|AWS::Serverless-2016-10-31|["']?Type["']?\s*:\s*["']?AWS::[A-Za-z0-9]+::[A-Za-z0-9]+`)

// Sniff says whether a file looks like a template, by how it begins and what
// it is called.
func Sniff(head []byte, name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".yaml", ".yml", ".template", ".cfn", ".txt", "":
	default:
		return false
	}
	if bytes.Contains(head, []byte(`"terraform_version"`)) {
		return false
	}
	return declares.Match(head) || strings.HasSuffix(name, ".template.json") || strings.HasSuffix(name, ".template")
}
