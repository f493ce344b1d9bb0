package cloudformation

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/collectors"
)

// manifest is what the CDK writes beside its templates, as far as it is needed
// (AWS CDK, "cloud assembly schema").
type manifest struct {
	Artifacts map[string]struct {
		Type        string
		Environment string // aws://ACCOUNT/REGION
		Properties  struct {
			TemplateFile  string
			DirectoryName string
			Parameters    map[string]string
		}
	}
}

const manifestName = "manifest.json"

// ReadAssembly reads a folder that the CDK wrote (cdk.out): each stack of its
// manifest, those of nested assemblies, and nested stacks. Account and region are
// those of each stack where the user gives none.
func ReadAssembly(ctx context.Context, fsys fs.FS, o Options) ([]*collectors.Proposal, error) {
	a := &assembly{fsys: fsys, seen: map[string]bool{}}
	if err := a.folder(ctx, ".", o); err != nil {
		return nil, err
	}
	if len(a.out) == 0 {
		return nil, fmt.Errorf("%s: the manifest names no stack: run `cdk synth`", path.Join(o.Name, manifestName))
	}
	return a.out, nil
}

type assembly struct {
	fsys fs.FS
	out  []*collectors.Proposal
	seen map[string]bool // manifests
}

// A nested stack may be in several stacks, with other parameters each time. Far
// fewer of them stand in each other in any real one.
const (
	maxNesting = 10
	maxStacks  = 2000
)

func (a *assembly) folder(ctx context.Context, dir string, o Options) error {
	file := path.Join(dir, manifestName)
	name := path.Join(o.Name, file)
	if a.seen[file] {
		return nil
	}
	a.seen[file] = true
	raw, err := a.read(file)
	if err != nil {
		return fmt.Errorf("%s: %w: name a folder that `cdk synth` wrote, or a template", name, err)
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("%s: it is no manifest of the CDK: %w", name, err)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		artifact := m.Artifacts[id]
		switch artifact.Type {
		case "aws:cloudformation:stack":
			of := o
			of.Account, of.Region = place(artifact.Environment, o)
			of.Parameters = maps.Clone(artifact.Properties.Parameters)
			if of.Parameters == nil {
				of.Parameters = map[string]string{}
			}
			maps.Copy(of.Parameters, o.Parameters)
			if err := a.stack(ctx, path.Join(dir, artifact.Properties.TemplateFile), of, nil, 0); err != nil {
				return err
			}
		case "cdk:cloud-assembly":
			if err := a.folder(ctx, path.Join(dir, artifact.Properties.DirectoryName), o); err != nil {
				return err
			}
		}
	}
	return nil
}

// place is where a stack goes. The CDK writes unknown-account and unknown-region
// where its author left that open.
func place(environment string, o Options) (account, region string) {
	account, region, _ = strings.Cut(strings.TrimPrefix(environment, "aws://"), "/")
	if strings.HasPrefix(account, "unknown") {
		account = ""
	}
	if strings.HasPrefix(region, "unknown") {
		region = ""
	}
	return or(o.Account, account), or(o.Region, region)
}

// stack reads a template and those of the stacks in it.
func (a *assembly) stack(ctx context.Context, file string, o Options, given map[string]value, depth int) error {
	top := o
	top.Name = path.Join(o.Name, file)
	if depth > maxNesting || len(a.out) >= maxStacks {
		return fmt.Errorf("%s: stacks are nested too deeply, or there are too many", top.Name)
	}
	raw, err := a.read(file)
	if err != nil {
		return fmt.Errorf("%s: %w: run `cdk synth` again", top.Name, err)
	}
	p, r, err := readTemplate(ctx, raw, top, given)
	if err != nil {
		return err
	}
	a.out = append(a.out, p)
	for _, res := range r.resources {
		asset := member(member(res.node, "Metadata"), "aws:asset:path")
		if res.kind != "AWS::CloudFormation::Stack" || res.exists == fails || asset == nil {
			continue
		}
		inner := path.Join(path.Dir(file), asset.Value)
		if _, err := fs.Stat(a.fsys, inner); err != nil {
			continue // the note says that it was not judged
		}
		values := map[string]value{}
		if list := r.properties(res).get("Parameters"); list.form == formObject {
			for _, name := range list.object.names {
				values[name] = handed(list.object.members[name])
			}
		}
		of := o
		of.Parameters = nil
		if err := a.stack(ctx, inner, of, values, depth+1); err != nil {
			return err
		}
		prefix := fmt.Sprintf("%s:%d: %s is a stack of its own", top.Name, max(1, res.line), res.id)
		p.Notes = slices.DeleteFunc(p.Notes, func(note string) bool { return strings.HasPrefix(note, prefix) })
	}
	return nil
}

// handed is a value that a template hands to a nested stack: references to its
// own resources mean nothing there.
func handed(v value) value {
	switch v.form {
	case formText:
		out := v
		out.text = nil
		for _, p := range v.text {
			if p.ref.id != "" || p.secret.id != "" {
				p = part{why: "Ref of a resource of another template"}
			}
			out.text = append(out.text, p)
		}
		return out
	case formList:
		out := v
		out.list = nil
		for _, item := range v.list {
			out.list = append(out.list, handed(item))
		}
		return out
	default:
		return unknown(or(v.why, "Ref of a parameter that another template hands in"))
	}
}

func (a *assembly) read(file string) ([]byte, error) {
	info, err := fs.Stat(a.fsys, file)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	if info.IsDir() || info.Size() > maxSize {
		return nil, fmt.Errorf("it is a folder, or has more than %d MiB", maxSize>>20)
	}
	return fs.ReadFile(a.fsys, file)
}
