// Package evaluator judges a snapshot with Rego rules.
//
// Its promise: a rule passes a resource only if it could read nothing unknown.
// For each rule the paths of the input that it can read are computed when it is
// loaded. If all of them are known the rule is evaluated as usual. If some are
// unknown, the rule is evaluated partially, and only a failure that holds
// whatever the unknowns are is an answer; everything else is unknown. The
// author of a rule need not think of it.
//
// Rules are compiled strictly, type-checked against the attributes of their
// kind, and cannot reach the network, the clock or chance: the same snapshot
// gives the same results at any time.
package evaluator

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// Judge holds compiled rules. It is safe for concurrent use.
type Judge struct {
	rules      []*rule // sorted by id
	whole      panel   // all rules
	told       panel   // those that judge no events
	quiet      panel   // those that need no record of events
	layouts    map[model.Kind]*layout
	frameworks []model.Framework
	waivers    []model.Waiver
	refused    []Refusal
	limits     limits
	// terms guards the terms of the compiled rules, which all workers share:
	// partial evaluation writes in them while it works (OPA 1.22, ast.Transform
	// on constant objects), ordinary evaluation hands them out.
	terms sync.RWMutex
	used  results
	// How many entry points and clauses the rules have, and how many variables
	// the largest screen.
	entries, clauses, locals int
}

// limits bound what judging takes. Tests choose smaller ones.
type limits struct {
	workers int
	// evaluation is how long one rule may take on one resource. Ordinary ones
	// take microseconds.
	evaluation time.Duration
	// remembered bounds what a worker remembers, in verdicts and values; past
	// it, it forgets all and starts again.
	remembered int
	// noScreens leaves all to OPA.
	noScreens bool
	// hide makes something of an event unknown; nil for nothing.
	hide func(*model.EventView)
}

func defaultLimits() limits {
	// The memory is far above what one organization needs.
	return limits{workers: runtime.GOMAXPROCS(0), evaluation: 5 * time.Second, remembered: 1 << 18}
}

// Options change how rules are loaded.
type Options struct {
	// Params override parameters: rule id, parameter name, value as text.
	Params map[model.RuleID]map[string]string
	// Only limits the rules to these ids; empty means all.
	Only []model.RuleID
	// Kinds limits the rules to those on these kinds, for who knows what there is
	// to judge; nil means all.
	Kinds []model.Kind
	// Settings are what a configuration file says. Params win over them.
	Settings Settings
	// Users are sources of users' rules. A file of theirs that does not load is
	// left out and listed by Refused; the others judge.
	Users []Source
	// Trusted says that the types in the rules of ours need no checking again: they
	// were checked when this program was tested. It saves most of the time that
	// loading takes; what users add is checked all the same.
	Trusted bool
	// Strict makes a file of a user's that does not load an error.
	Strict bool
}

// New loads the rules of one or more file systems, all of them or none, and
// those of opts.Users. Each holds .rego files of packages rules.* and lib.*, and
// controls/*.yaml. Errors name file and line.
func New(ctx context.Context, opts Options, sources ...fs.FS) (*Judge, error) {
	set, err := load(sources, opts.Users, opts.Strict)
	if err != nil {
		return nil, err
	}
	if err := set.configure(&opts.Settings); err != nil {
		return nil, err
	}
	if err := set.override(opts.Params); err != nil {
		return nil, err
	}
	if err := set.keep(opts.Only); err != nil {
		return nil, err
	}
	if err := set.choose(opts.Settings.Frameworks); err != nil {
		return nil, err
	}
	set.limit(opts.Kinds)
	set.trusted = opts.Trusted
	if err := set.compile(ctx); err != nil {
		return nil, err
	}
	j := &Judge{rules: set.rules, frameworks: covered(set.frameworks, set.rules), waivers: opts.Settings.Waivers, refused: set.refused, limits: defaultLimits()}
	j.arrange()
	return j, nil
}

// arrange sorts the rules and makes all that follows from which there are.
func (j *Judge) arrange() {
	slices.SortFunc(j.rules, func(a, b *rule) int { return compareIDs(a.ID, b.ID) })
	j.whole = newPanel(j.rules, func(*rule) bool { return true })
	j.told = newPanel(j.rules, func(r *rule) bool { return r.Kind != model.KindEvent })
	j.quiet = newPanel(j.rules, func(r *rule) bool { return r.Needs != model.NeedsEvents })
	j.number()
	j.layouts = layouts(j.whole.byKind)
}

// Rules lists what the rules say of themselves, sorted by id.
func (j *Judge) Rules() []model.Rule {
	list := make([]model.Rule, len(j.rules))
	for i, r := range j.rules {
		list[i] = r.Rule
	}
	return list
}

// Frameworks lists the frameworks that the rules' controls belong to, each
// control with the coverage that these rules give it.
func (j *Judge) Frameworks() []model.Framework { return j.frameworks }

// limit keeps the rules on some kinds.
func (s *ruleSet) limit(kinds []model.Kind) {
	if kinds != nil {
		s.rules = slices.DeleteFunc(s.rules, func(r *rule) bool { return !slices.Contains(kinds, r.Kind) })
	}
	kept := map[string]bool{}
	for _, r := range s.rules {
		kept[r.file] = true
	}
	// What is not asked need not be compiled. Libraries stay.
	maps.DeleteFunc(s.modules, func(file string, m *ast.Module) bool {
		return strings.HasPrefix(packagePath(m), "rules.") && !kept[file]
	})
}

func (s *ruleSet) keep(only []model.RuleID) error {
	if len(only) == 0 {
		return nil
	}
	have := map[model.RuleID]*rule{}
	for _, r := range s.rules {
		have[r.ID] = r
	}
	kept := map[model.RuleID]*rule{}
	for _, id := range only {
		if s.isRefused(id) {
			continue
		}
		if have[id] == nil {
			return fmt.Errorf("rule %q does not exist%s; `keyproof rules` lists them", id, meant(string(id), slices.Sorted(maps.Keys(have))))
		}
		kept[id] = have[id]
	}
	s.rules = slices.Collect(maps.Values(kept))
	// Nobody asked for the others; one without an id may be among those asked for.
	s.refused = slices.DeleteFunc(s.refused, func(r Refusal) bool { return r.Rule != "" && !slices.Contains(only, r.Rule) })
	return nil
}
