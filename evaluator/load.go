package evaluator

import (
	"cmp"
	"fmt"
	"io/fs"
	slash "path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// rule is one compiled rule.
type rule struct {
	model.Rule
	file       string
	source     string // the text of the file
	module     *ast.Module
	violation  *entry
	applicable *entry // not_applicable; nil when the rule always applies
	params     *ast.Term
	tags       *model.Field // to choose between overrides by; nil when none names a tag
}

type ruleSet struct {
	modules    map[string]*ast.Module // by file
	texts      map[string]string      // by file
	rules      []*rule
	frameworks []model.Framework
}

// load parses all files of the sources and checks what rules say of themselves.
func load(sources []fs.FS) (*ruleSet, error) {
	set := &ruleSet{modules: map[string]*ast.Module{}, texts: map[string]string{}}
	for i, src := range sources {
		prefix := ""
		if i > 0 {
			prefix = fmt.Sprintf("rules%d/", i) // keeps equal file names of two sources apart
		}
		if err := set.read(src, prefix); err != nil {
			return nil, err
		}
	}
	known := map[string]map[string]bool{}
	for _, f := range set.frameworks {
		known[f.ID] = map[string]bool{}
		for _, c := range f.Controls {
			known[f.ID][c.ID] = true
		}
	}
	ids, packages, topics := map[model.RuleID]string{}, map[string]string{}, set.topics()
	for _, file := range sortedKeys(set.modules) {
		m := set.modules[file]
		isRule, err := checkModule(file, m)
		if err != nil {
			return nil, err
		}
		if !isRule {
			continue
		}
		if other, ok := packages[packagePath(m)]; ok {
			return nil, fmt.Errorf("%s: package %s is in %s already; a rule is one file", at(file, m.Package.Location), packagePath(m), other)
		}
		packages[packagePath(m)] = file
		r, err := newRule(file, m, known)
		if err != nil {
			return nil, err
		}
		if err := checkTopics(at(file, m.Package.Location), &r.Rule, topics); err != nil {
			return nil, err
		}
		set.propose(&r.Rule)
		r.source = set.texts[file]
		if other, ok := ids[r.ID]; ok {
			return nil, fmt.Errorf("%s: rule id %s is taken by %s; ids are never reused", at(file, m.Package.Location), r.ID, other)
		}
		ids[r.ID] = file
		set.rules = append(set.rules, r)
	}
	if len(set.rules) == 0 {
		return nil, fmt.Errorf("no rules found: a rule is a .rego file of a package rules.<service>.<name>")
	}
	return set, nil
}

func (s *ruleSet) read(src fs.FS, prefix string) error {
	return fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("read rules: %w", err)
		case d.IsDir(), strings.HasSuffix(name, "_test.rego"):
			return nil
		case slash.Dir(name) == "controls" && slash.Ext(name) == ".yaml":
			return s.readFramework(src, name)
		case slash.Ext(name) != ".rego":
			return nil
		}
		raw, err := fs.ReadFile(src, name)
		if err != nil {
			return fmt.Errorf("read rules: %w", err)
		}
		m, err := ast.ParseModuleWithOpts(prefix+name, string(raw), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
		if err != nil {
			return fmt.Errorf("read rules: %w", err) // OPA names file and line
		}
		s.modules[prefix+name], s.texts[prefix+name] = m, string(raw)
		return nil
	})
}

func newRule(file string, m *ast.Module, known map[string]map[string]bool) (*rule, error) {
	meta, err := readMetadata(file, m)
	if err != nil {
		return nil, err
	}
	if err := checkControls(at(file, m.Package.Location), meta, known); err != nil {
		return nil, err
	}
	if err := checkShape(file, m); err != nil {
		return nil, err
	}
	return &rule{Rule: *meta, file: file, module: m}, nil
}

func checkControls(where string, r *model.Rule, known map[string]map[string]bool) error {
	n := 0
	for _, framework := range sortedKeys(r.Controls) {
		if known[framework] == nil {
			return fmt.Errorf("%s: framework %q does not exist; controls/ has %s", where, framework, strings.Join(sortedKeys(known), ", "))
		}
		for _, c := range r.Controls[framework] {
			if !known[framework][c] {
				return fmt.Errorf("%s: control %q of %s does not exist in controls/%s.yaml", where, c, framework, framework)
			}
			n++
		}
	}
	if n == 0 && r.Severity != model.SeverityInfo { // advice may be evidence for nothing
		return fmt.Errorf("%s: custom.controls names no control; name at least one", where)
	}
	return nil
}

func at(file string, loc *ast.Location) string {
	if loc == nil {
		return file
	}
	return fmt.Sprintf("%s:%d", file, loc.Row)
}

// compareIDs orders SM-2 before SM-10 however the numbers are written.
func compareIDs(a, b model.RuleID) int {
	pa, na, _ := strings.Cut(string(a), "-")
	pb, nb, _ := strings.Cut(string(b), "-")
	return cmp.Or(strings.Compare(pa, pb), cmp.Compare(len(na), len(nb)), strings.Compare(na, nb))
}

func sortedKeys[M ~map[K]V, K cmp.Ordered, V any](m M) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
