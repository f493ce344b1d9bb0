package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/keyproof/keyproof/internal/nearest"
)

// misnamed is an error for a verb that does not exist. The library lets it through
// below the first level: `keyproof ledger verfy` would print help and exit 0, which
// a CI job takes for a ledger that is whole.
func misnamed(root *cobra.Command, args []string) error {
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return nil // the shell asks, and the library makes that verb later
	}
	root.InitDefaultHelpCmd() // the library adds these two when it runs, which is too late here
	root.InitDefaultCompletionCmd(args...)
	cmd, rest, _ := root.Find(args) // its error is said better below
	if !cmd.HasSubCommands() || cmd.Runnable() {
		return nil
	}
	for _, arg := range rest {
		if arg == "--" {
			return nil
		}
		if !strings.HasPrefix(arg, "-") {
			return unknownVerb(cmd, arg)
		}
	}
	return nil
}

func unknownVerb(cmd *cobra.Command, typed string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	hint := ""
	if near := nearest.Name(typed, names); near != "" {
		hint = "; did you mean `" + cmd.CommandPath() + " " + near + "`?"
	}
	return usagef("unknown command %q for %q%s\nSee `%s --help`.", typed, cmd.CommandPath(), hint, cmd.CommandPath())
}

// strayArgs says it when a verb that takes no argument gets one. The library calls
// that an unknown command, which sends people looking for one.
func strayArgs(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		strayArgs(c)
	}
	check := cmd.Args
	if check == nil {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if err == nil || !strings.HasPrefix(err.Error(), "unknown command") {
			return err
		}
		if cmd.HasSubCommands() {
			return unknownVerb(cmd, args[0])
		}
		return usagef("`%s` takes no argument, and %q is one: is the flag before it missing?\nSee `%s --help`.", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
}

// flagError says which flag was meant, and what a flag takes.
func flagError(cmd *cobra.Command, err error) error {
	if typed := cmd.Flags().Args(); cmd.HasSubCommands() && len(typed) > 0 {
		return unknownVerb(cmd, typed[0]) // whose flag nobody can know
	}
	hint := ""
	var missing *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &missing) && missing.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		if near := nearest.Name(missing.GetSpecifiedName(), names); near != "" {
			hint = "; did you mean --" + near + "?"
		}
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "int":
		return usagef("--%s %q is not a whole number\nSee `%s --help`.", invalid.GetFlag().Name, invalid.GetValue(), cmd.CommandPath())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return usagef("--%s=%s: it is on when it is there, and takes no value but true or false\nSee `%s --help`.", invalid.GetFlag().Name, invalid.GetValue(), cmd.CommandPath())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == listFlag{}.Type():
		return usagef("--%s %q has a value that is empty: is a variable not set?\nSee `%s --help`.", invalid.GetFlag().Name, invalid.GetValue(), cmd.CommandPath())
	}
	return usagef("%w%s\nSee `%s --help`.", err, hint, cmd.CommandPath())
}
