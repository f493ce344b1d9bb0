package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// completeValues tells the shell the values of flags that take one of a few, by what
// their usage calls the value, so that a flag of another verb is completed alike.
func completeValues(cmd *cobra.Command) error {
	for _, c := range cmd.Commands() {
		if err := completeValues(c); err != nil {
			return err
		}
	}
	var err error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		what, _ := pflag.UnquoteUsage(f)
		values := valuesOf(what)
		if cmd.Name() == "report" && f.Name == "format" {
			values = valuesOf("format[=path]")
		}
		if values == nil || err != nil {
			return
		}
		err = cmd.RegisterFlagCompletionFunc(f.Name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			if strings.Contains(typed, "=") {
				return nil, cobra.ShellCompDirectiveDefault // the path of a report
			}
			return values, cobra.ShellCompDirectiveNoFileComp
		})
	})
	return err
}

func valuesOf(what string) (values []string) {
	switch what {
	case "severity":
		for _, s := range model.Severities() {
			values = append(values, string(s))
		}
	case "format[=path]":
		for _, f := range reports.Formats() {
			values = append(values, f.Name)
		}
	case "introduced or any":
		values = []string{"introduced", "any"}
	}
	return values
}
