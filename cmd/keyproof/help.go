package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newHelp is the library's verb, but that a verb that does not exist is an error.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [command]",
		Short:   "Explain a command and its flags",
		Long:    `Explain a command and its flags, as its --help does.`,
		Example: "  keyproof help scan\n  keyproof help events read",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			of, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, c := range of.Commands() {
				if c.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, _ := cmd.Root().Find(args) // what it did not find is in rest
			switch {
			case len(rest) > 0 && of.HasSubCommands():
				return unknownVerb(of, rest[0])
			case len(rest) > 0:
				return usagef("`%s` has no commands below it, so not %q\nSee `%s --help`.", of.CommandPath(), rest[0], of.CommandPath())
			}
			of.InitDefaultHelpFlag()
			of.InitDefaultVersionFlag()
			return of.Help()
		},
	}
}

func newVersion(sys system) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    `Print the version: that of the release, or the commit that it was built from.`,
		Example: "  keyproof version",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(sys.stdout, "keyproof version %s\n", sys.version)
			return err
		},
	}
}
