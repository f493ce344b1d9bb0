package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/collectors/terraform"
	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/internal/nearest"
	"github.com/keyproof/keyproof/model"
)

// gateRead are the flags that say how to read files.
type gateRead struct {
	region, account string
	parameters      []string
	parameterFiles  []string
	trusted         []string
	source          string
}

func (o *gateRead) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.region, "region", "", "`region` where templates will be deployed (AWS::Region)")
	f.StringVar(&o.account, "account", "", "`account` where templates will be deployed (AWS::AccountId)")
	f.StringArrayVar(&o.parameters, "parameter", nil, "value of a template's parameter, `NAME=VALUE` (repeatable)")
	f.StringArrayVar(&o.parameterFiles, "parameters", nil, "`file` with values of templates' parameters, as for aws cloudformation deploy (repeatable)")
	f.Var(listFlag{&o.trusted}, "trusted-account", "`account` outside the organization that policies may let in (repeatable or with commas)")
	f.StringVar(&o.source, "source", "", "`directory` with the HCL of a plan, for line numbers and waivers in comments (default: where the plan is)")
}

// proposal is a file, or a stack of a folder, that was read.
type proposal struct {
	*collectors.Proposal
	name   string
	before *model.Snapshot // what was there before; nil when nothing says so
}

type proposals []proposal

// fileReader reads the files of a gate.
type fileReader struct {
	system
	options    *gateRead
	parameters map[string]string
	givenBy    map[string]string // file of --parameters by the parameter whose value it has
	detector   *lazyDetector
	trusted    []string
	noExpiry   bool
	base       proposals       // of --base, once it was read
	asked      bool            // git was asked for --base-ref
	declared   map[string]bool // parameters that templates have
}

// readFiles reads all files, and what they are compared with.
func (sys system) readFiles(ctx context.Context, o *gateOptions, c *config.Config, names []string) (proposals, error) {
	r := &fileReader{system: sys, options: &o.read, detector: &lazyDetector{}, declared: map[string]bool{}, trusted: o.read.trusted, noExpiry: c.WithoutExpiry}
	if len(r.trusted) == 0 {
		r.trusted = c.Scope.TrustedAccounts
	}
	var err error
	if r.parameters, r.givenBy, err = o.read.values(); err != nil {
		return nil, err
	}
	if o.read.source != "" {
		if _, err := os.Stat(o.read.source); err != nil {
			return nil, usagef("--source: %w", withoutCall(err))
		}
	}
	var all proposals
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, usagef("%s is named twice", name)
		}
		list, err := r.read(ctx, name)
		if err != nil {
			return nil, err
		}
		if err := r.addBase(ctx, o, name, list); err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	if err := r.checkParameters(); err != nil {
		return nil, err
	}
	r.sayUnused()
	if o.baseRef != "" && !r.asked {
		fmt.Fprintln(r.stderr, cleanf("keyproof: --base-ref %s is not used: plans say themselves what was there before", o.baseRef))
	}
	return all, nil
}

// checkParameters refuses a value for a parameter that no template has, as AWS
// does: what was meant by it would be judged without it.
func (r *fileReader) checkParameters() error {
	for _, p := range r.options.parameters {
		name, _, _ := strings.Cut(p, "=")
		if r.declared[name] {
			continue
		}
		return usagef("--parameter %s: no template has a parameter of this name%s", name, r.meant(name))
	}
	return nil
}

// sayUnused names the values of files that no template takes. It is no error, since
// one file often serves several templates of which a change touches some.
func (r *fileReader) sayUnused() {
	for _, name := range sortedKeys(r.givenBy) {
		if !r.declared[name] {
			fmt.Fprintln(r.stderr, cleanf("keyproof: %s: the value of %s is not used: no template has a parameter of this name%s", r.givenBy[name], name, r.meant(name)))
		}
	}
}

// meant is the declared parameter that somebody mistyped, as the end of a message.
func (r *fileReader) meant(name string) string {
	if near := nearest.Name(name, slices.Sorted(maps.Keys(r.declared))); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// read reads one file or folder by what is in it.
func (r *fileReader) read(ctx context.Context, name string) (proposals, error) {
	info, err := os.Stat(name)
	switch {
	case name == "-":
		raw, err := io.ReadAll(r.stdin)
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
		return r.content(ctx, "stdin", ".", raw)
	case err != nil:
		return nil, usagef("%w", withoutCall(err))
	case info.IsDir():
		return r.folder(ctx, name)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%w", withoutCall(err))
	}
	return r.content(ctx, filepath.ToSlash(name), filepath.Dir(name), raw)
}

// sniffed is how much of a file is looked at to tell what it is.
const sniffed = 1 << 20

func (r *fileReader) content(ctx context.Context, name, dir string, raw []byte) (proposals, error) {
	head := raw[:min(len(raw), sniffed)]
	var p *collectors.Proposal
	var err error
	switch {
	case terraform.Sniff(head) || isSavedPlan(raw):
		p, err = terraform.Read(ctx, bytes.NewReader(raw), r.terraform(name, dir))
	case cloudformation.Sniff(head, name) || name == "stdin":
		p, err = cloudformation.Read(ctx, raw, r.cloudformation(name))
	case strings.EqualFold(filepath.Ext(name), ".tf"):
		return nil, usagef("%s: HCL is judged as a plan, which says what it comes to: terraform plan -out plan.out && terraform show -json plan.out > plan.json && keyproof gate plan.json", name)
	default:
		return nil, usagef("%s: it is neither a Terraform plan or state (terraform show -json) nor a CloudFormation template", name)
	}
	if err != nil {
		return nil, err
	}
	return proposals{{Proposal: p, name: name, before: p.Before}}, nil
}

// isSavedPlan tells a plan that `terraform show` has not been asked about: a zip
// file. Its reader says what to type.
func isSavedPlan(raw []byte) bool { return bytes.HasPrefix(raw, []byte("PK\x03\x04")) }

func (r *fileReader) folder(ctx context.Context, name string) (proposals, error) {
	if _, err := os.Stat(filepath.Join(name, "manifest.json")); errors.Is(err, fs.ErrNotExist) {
		if hcl, _ := filepath.Glob(filepath.Join(name, "*.tf")); len(hcl) > 0 {
			return nil, usagef("%s holds HCL, which is judged as a plan: terraform plan -out plan.out && terraform show -json plan.out | keyproof gate --source %s -", name, name)
		}
		return nil, usagef("%s: a folder must be a cdk.out (cdk synth); name the files one by one", name)
	}
	list, err := cloudformation.ReadAssembly(ctx, os.DirFS(name), r.cloudformation(filepath.ToSlash(name)))
	if err != nil {
		return nil, err
	}
	var all proposals
	for _, p := range list {
		all = append(all, proposal{Proposal: p, name: p.After.Source})
	}
	return all, nil
}

func (r *fileReader) terraform(name, dir string) terraform.Options {
	o := terraform.Options{
		Name: name, TakenAt: r.now().UTC(), Tool: r.version, Detector: r.detector, Trusted: r.trusted, WithoutExpiry: r.noExpiry,
	}
	if r.options.source != "" {
		dir = r.options.source
	}
	if hcl, _ := filepath.Glob(filepath.Join(dir, "*.tf*")); len(hcl) > 0 || r.options.source != "" {
		o.Source = os.DirFS(dir)
		if o.Dir = filepath.ToSlash(filepath.Clean(dir)); o.Dir == "." {
			o.Dir = ""
		}
	}
	return o
}

func (r *fileReader) cloudformation(name string) cloudformation.Options {
	return cloudformation.Options{
		Name: name, TakenAt: r.now().UTC(), Tool: r.version, Region: r.options.region, Account: r.options.account,
		Parameters: r.parameters, Declared: func(name string) { r.declared[name] = true }, Detector: r.detector, Trusted: r.trusted, WaiversWithoutExpiry: r.noExpiry,
	}
}

// values are the values of templates' parameters. A flag wins over files, and a
// later file over an earlier one. givenBy names the file of those that files have.
func (o *gateRead) values() (all, givenBy map[string]string, err error) {
	all, givenBy = map[string]string{}, map[string]string{}
	for _, name := range o.parameterFiles {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, usagef("--parameters: %w", withoutCall(err))
		}
		values, err := cloudformation.ReadParameters(raw)
		if err != nil {
			return nil, nil, usagef("--parameters %s:%w", name, err)
		}
		for k, v := range values {
			all[k], givenBy[k] = v, name
		}
	}
	for _, p := range o.parameters {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, nil, usagef("--parameter %q: write NAME=VALUE", p)
		}
		all[name] = value
	}
	return all, givenBy, nil
}

// lazyDetector makes the detector when something is to be classified, which most
// files never need.
type lazyDetector struct{ made *detect.Detector }

func (d *lazyDetector) Classify(name, value string) []model.Credential {
	if d.made == nil {
		var err error
		if d.made, err = detect.New(); err != nil {
			panic(err) // its patterns are part of the program, and a test makes it
		}
	}
	return d.made.Classify(name, value)
}
