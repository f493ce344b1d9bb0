package terraform

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/keyproof/keyproof/model"
)

// sources say where in HCL files resources are written. The zero value is of a
// plan without its source.
type sources struct {
	name   string                  // of the plan
	lines  map[string]model.Origin // by module without keys, and address in it
	waived []waived
}

// waived is a waiver with the resource beside which it stands.
type waived struct {
	model.Waiver
	module, local string
}

// maxSource is far above any HCL file that people write, in bytes.
const maxSource = 1 << 20

// readSources reads the files of the root module, and of those child modules
// whose source is a directory beside it.
func readSources(o Options, f *file) (*sources, error) {
	s := &sources{name: o.Name, lines: map[string]model.Origin{}}
	if o.Source == nil {
		return s, nil
	}
	var errs []error
	var walk func(m *module, dir string)
	walk = func(m *module, dir string) {
		errs = append(errs, s.dir(o, f.config, m.path, dir)...)
		for _, child := range f.config.modules {
			if from := child.call.Get("source").Str; child.parent == m && (strings.HasPrefix(from, "./") || strings.HasPrefix(from, "../")) {
				if at := path.Join(dir, from); fs.ValidPath(at) { // else it lies outside
					walk(child, at)
				}
			}
		}
	}
	if root := f.config.modules[""]; root != nil {
		walk(root, ".")
	} else {
		walk(&module{}, ".")
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return s, errors.Join(errs...)
}

func (s *sources) dir(o Options, config *configuration, module, dir string) (errs []error) {
	entries, err := fs.ReadDir(o.Source, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the plan was made elsewhere
	}
	if err != nil {
		return []error{fmt.Errorf("read the source beside %s: %w", o.Name, err)}
	}
	for _, e := range entries {
		if ext := path.Ext(e.Name()); e.IsDir() || ext != ".tf" && ext != ".tofu" {
			continue
		}
		name := path.Join(dir, e.Name())
		info, err := e.Info()
		if err == nil && info.Size() > maxSource {
			err = fmt.Errorf("it is larger than %d KiB", maxSource>>10)
		}
		var raw []byte
		if err == nil {
			raw, err = fs.ReadFile(o.Source, name)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("read %s: %w", path.Join(o.Dir, name), err))
			continue
		}
		errs = append(errs, s.file(o, config, module, path.Join(o.Dir, name), raw)...)
	}
	return errs
}

// extent is the lines of a resource's block.
type extent struct {
	first, last int
	local       string
}

func (s *sources) file(o Options, config *configuration, module, name string, raw []byte) []error {
	tokens, diags := hclsyntax.LexConfig(raw, name, hcl.InitialPos)
	if !diags.HasErrors() && nested(tokens) {
		return []error{fmt.Errorf("read %s: it is nested too deeply", name)}
	}
	var parsed *hcl.File
	if !diags.HasErrors() {
		parsed, diags = hclsyntax.ParseConfig(raw, name, hcl.InitialPos)
	}
	if diags.HasErrors() {
		return []error{fmt.Errorf("read the source: %w", diags)}
	}
	var blocks []extent
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	for _, b := range body.Blocks {
		if b.Type == "locals" {
			for name, a := range b.Body.Attributes {
				config.locals[module+"|"+name] = variables(a.Expr)
			}
		}
		if b.Type == "resource" && len(b.Labels) == 2 {
			local := b.Labels[0] + "." + b.Labels[1]
			blocks = append(blocks, extent{b.Range().Start.Line, b.Body.Range().End.Line, local})
			s.lines[module+"|"+local] = model.Origin{File: name, Line: b.Range().Start.Line}
		}
	}
	return s.comments(o, module, name, tokens, blocks)
}

// variables are what an expression refers to, written as terraform writes it.
func variables(e hclsyntax.Expression) []string {
	list := []string{}
	for _, t := range e.Variables() {
		var b strings.Builder
	steps:
		for _, step := range t {
			switch step := step.(type) {
			case hcl.TraverseRoot:
				b.WriteString(step.Name)
			case hcl.TraverseAttr:
				b.WriteString("." + step.Name)
			case hcl.TraverseIndex:
				if step.Key.Type() == cty.String {
					b.WriteString("[" + strconv.Quote(step.Key.AsString()) + "]")
				} else if step.Key.Type() == cty.Number {
					n, _ := step.Key.AsBigFloat().Int64()
					b.WriteString("[" + strconv.FormatInt(n, 10) + "]")
				}
			default:
				break steps
			}
		}
		list = append(list, b.String())
	}
	return list
}

// maxNesting is of brackets in HCL: the parser calls itself for each.
const maxNesting = 200

func nested(tokens hclsyntax.Tokens) bool {
	depth := 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if depth++; depth > maxNesting {
				return true
			}
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			depth--
		default:
		}
	}
	return false
}
