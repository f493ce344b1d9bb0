package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// judgeOptions are the flags that say which rules judge.
type judgeOptions struct {
	dirs   []string
	only   []string
	params []string
	// frameworks, config: see config.go. noSearch says to read no file that
	// nobody named.
	frameworks []string
	config     string
	noSearch   bool
	strict     bool
	file       *config.Config     // what load read
	users      []evaluator.Source // what load opened
	loaded     evaluator.Options  // what load judges with
	// also are waivers beside those of the configuration; kinds limits the rules
	// to those on them, nil for all.
	also  []model.Waiver
	kinds []model.Kind
}

func (o *judgeOptions) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.dirs, "rules", nil, "also judge with the rules in this `directory` or OPA bundle, .tar.gz (repeatable)")
	cmd.Flags().BoolVar(&o.strict, "strict", false, "end with exit code 2 when a rule of --rules does not load, instead of judging with the others")
	cmd.Flags().Var(listFlag{&o.only}, "rule", "judge with this rule `id` only (repeatable or with commas)")
	cmd.Flags().Var(listFlag{&o.frameworks}, "framework", "report this `framework` only, and judge with its rules (repeatable or with commas)")
	cmd.Flags().StringVar(&o.config, "config", "", "`file` to read instead of the nearest keyproof.yaml here or above; none reads no file")
	cmd.Flags().StringArrayVar(&o.params, "param", nil, "set a rule's parameter, `RULE.NAME=VALUE`, such as SM-002.max_days=365 (repeatable)")
}

// given says whether a flag says what to judge with.
func (o *judgeOptions) given() bool {
	return len(o.dirs)+len(o.only)+len(o.params)+len(o.frameworks) > 0 || o.config != "" || o.strict
}

// load compiles the rules. It comes before anything is collected, so that a
// bad rule costs no time.
func (o *judgeOptions) load(ctx context.Context) (*evaluator.Judge, error) {
	file, err := o.readConfig()
	if err != nil {
		return nil, err
	}
	return o.loadWith(ctx, file)
}

// loadWith compiles the rules with a configuration that was read already.
func (o *judgeOptions) loadWith(ctx context.Context, file *config.Config) (*evaluator.Judge, error) {
	o.file = file
	opts := evaluator.Options{Params: map[model.RuleID]map[string]string{}, Settings: o.settings(file), Kinds: o.kinds}
	opts.Settings.Waivers = append(slices.Clone(opts.Settings.Waivers), o.also...)
	for _, id := range o.only {
		opts.Only = append(opts.Only, model.RuleID(id))
	}
	for _, p := range o.params {
		name, value, ok := strings.Cut(p, "=")
		id, param, ok2 := strings.Cut(name, ".")
		if !ok || !ok2 || id == "" || param == "" {
			return nil, usagef("--param %q: write RULE.NAME=VALUE, such as SM-002.max_days=365", p)
		}
		if opts.Params[model.RuleID(id)] == nil {
			opts.Params[model.RuleID(id)] = map[string]string{}
		}
		opts.Params[model.RuleID(id)][param] = value
	}
	users, err := userRules(slices.Concat(file.RuleDirs, o.dirs))
	if err != nil {
		return nil, err
	}
	o.users = users
	opts.Users, opts.Strict, opts.Trusted = users, o.strict, true
	o.loaded = opts
	j, err := evaluator.New(ctx, opts, rules.FS())
	if err != nil {
		return nil, usageError{err}
	}
	if err := readable(j); err != nil {
		return nil, usageError{err}
	}
	return j, nil
}

// sayRefused names the files of rules that do not load. The report has a row for
// each of them too, and no verdict that counts them can be a pass.
func (sys system) sayRefused(j *evaluator.Judge) {
	for _, r := range j.Refused() {
		fmt.Fprintln(sys.stderr, clean(fmt.Sprintf("keyproof: %s does not load and judges nothing: %v", r.File, r.Err)))
	}
	if len(j.Refused()) > 0 {
		fmt.Fprintln(sys.stderr, "keyproof: going on with the other rules; --strict would stop here")
	}
}
