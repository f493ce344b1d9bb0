package evaluator

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	slash "path"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/sync/errgroup"

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
	slow       atomic.Int32 // how often it took too long
	tags       *model.Field // to choose between overrides by; nil when none names a tag
}

type ruleSet struct {
	files      []string               // of modules: ours before those of users, each source's by name
	modules    map[string]*ast.Module // by file
	texts      map[string]string      // by file
	rules      []*rule
	frameworks []model.Framework

	trusted bool            // the types in ours need no checking
	strict  bool            // a file of a user that does not load is an error too
	theirs  map[string]bool // files of users
	refused []Refusal
}

// load parses all files of the sources and checks what rules say of themselves.
// A file of ours that is wrong is an error; one of a user's is refused.
func load(ours []fs.FS, theirs []Source, strict bool) (*ruleSet, error) {
	set := &ruleSet{modules: map[string]*ast.Module{}, texts: map[string]string{}, strict: strict, theirs: map[string]bool{}}
	for i, src := range ours {
		prefix := ""
		if i > 0 {
			prefix = fmt.Sprintf("rules%d/", i) // keeps equal file names of two sources apart
		}
		if err := set.read(src, prefix, false); err != nil {
			return nil, err
		}
	}
	for _, src := range theirs {
		if err := set.readTheirs(src); err != nil {
			return nil, err
		}
	}
	seen := newNames(set)
	for _, file := range set.files {
		if err := set.add(file, seen); err != nil {
			if err := set.refuse(file, err); err != nil {
				return nil, err
			}
		}
	}
	if len(set.rules)+len(set.refused) == 0 {
		return nil, errNoRules
	}
	return set, nil
}

var errNoRules = errors.New("no rules found: a rule is a .rego file of a package rules.<service>.<name>")

// names are those that rules share: what exists, and what is taken by which file.
type names struct {
	controls map[string]map[string]bool // by framework
	topics   map[string]bool
	ids      map[model.RuleID]string
	packages map[string]string // of rules
	ours     []string          // packages of all our files, which no user may add to
}

func newNames(set *ruleSet) *names {
	n := &names{controls: map[string]map[string]bool{}, topics: set.topics(), ids: map[model.RuleID]string{}, packages: map[string]string{}}
	for _, f := range set.frameworks {
		n.controls[f.ID] = map[string]bool{}
		for _, c := range f.Controls {
			n.controls[f.ID][c.ID] = true
		}
	}
	for _, file := range set.files {
		if !set.theirs[file] {
			n.ours = append(n.ours, packagePath(set.modules[file]))
		}
	}
	return n
}

// add makes a rule of a file, unless it is a library.
func (s *ruleSet) add(file string, seen *names) error {
	m := s.modules[file]
	isRule, err := checkModule(file, m)
	if err != nil {
		return err
	}
	where := at(file, m.Package.Location)
	if s.theirs[file] && !isRule {
		if own := overlap(seen.ours, packagePath(m)); own != "" {
			return fmt.Errorf("%s: package %s would change package %s of keyproof; choose another name", where, packagePath(m), own)
		}
	}
	if !isRule {
		return nil
	}
	if other, ok := seen.packages[packagePath(m)]; ok {
		return fmt.Errorf("%s: package %s is in %s already; a rule is one file", where, packagePath(m), other)
	}
	r, err := newRule(file, m, seen.controls)
	if err != nil {
		return err
	}
	if err := checkTopics(where, &r.Rule, seen.topics); err != nil {
		return err
	}
	if other, ok := seen.ids[r.ID]; ok {
		return fmt.Errorf("%s: rule id %s is taken by %s; ids are never reused", where, r.ID, other)
	}
	for prefix, about := range reserved() {
		if strings.HasPrefix(string(r.ID), prefix) {
			return fmt.Errorf("%s: ids %s… are those of the results on %s; choose another", where, prefix, about)
		}
	}
	s.propose(&r.Rule)
	r.source = s.texts[file]
	seen.ids[r.ID], seen.packages[packagePath(m)] = file, file
	s.rules = append(s.rules, r)
	return nil
}

// overlap returns the package among some that another one adds to, or "".
func overlap(packages []string, with string) string {
	for _, p := range packages {
		if strings.HasPrefix(p+".", with+".") || strings.HasPrefix(with+".", p+".") {
			return p
		}
	}
	return ""
}

// read parses the files of a source.
func (s *ruleSet) read(src fs.FS, prefix string, theirs bool) error {
	var files []*ruleFile
	err := fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		f := &ruleFile{
			src: src, name: name, path: s.free(prefix + name), err: err,
			framework: slash.Dir(name) == "controls" && slash.Ext(name) == ".yaml",
		}
		rego := slash.Ext(name) == ".rego" && !strings.HasSuffix(name, "_test.rego")
		if err != nil || !d.IsDir() && (rego || f.framework) {
			files = append(files, f)
		}
		return nil // the error is the file's
	})
	if err != nil {
		return fmt.Errorf("read rules: %w", err)
	}
	// Reading is most of what a short run does, and needs no order; what is done
	// with the files does.
	var reading errgroup.Group
	reading.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range files {
		reading.Go(func() error { f.read(); return nil })
	}
	_ = reading.Wait() // each file has its own error
	for _, f := range files {
		if theirs {
			s.theirs[f.path] = true
		}
		if err := s.take(f); err != nil {
			if err := s.refuse(f.path, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// free is the path of a file as no file read before has it: a user's folder may be
// named like one of ours, whose rules and libraries it must not take the place of.
func (s *ruleSet) free(path string) string {
	for s.modules[path] != nil || s.theirs[path] {
		path = "./" + path
	}
	return path
}

// ruleFile is a file of a source.
type ruleFile struct {
	src        fs.FS
	name, path string // in the source, and as errors say it
	framework  bool
	text       string
	module     *ast.Module // of a rule or a library
	err        error
}

func (f *ruleFile) read() {
	if f.err == nil {
		var raw []byte
		raw, f.err = fs.ReadFile(f.src, f.name)
		f.text = strings.TrimPrefix(string(raw), "\ufeff") // some editors begin a file so
	}
	if f.err == nil && !f.framework {
		// OPA names file and line.
		f.module, f.err = ast.ParseModuleWithOpts(f.path, f.text, ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
	}
}

func (s *ruleSet) take(f *ruleFile) error {
	switch {
	case f.err != nil:
		return fmt.Errorf("read rules: %w", f.err)
	case f.framework:
		return s.readFramework(f.path, f.text)
	}
	s.files = append(s.files, f.path)
	s.modules[f.path], s.texts[f.path] = f.module, f.text
	return nil
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
