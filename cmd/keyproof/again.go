package main

import "strings"

// Commands that are printed for the user to type have the flags that this one was
// given, where they matter there too: else the next would be about another ledger
// or another account.

// flag is how to name the same ledger in the next command.
func (o *ledgerOptions) flag() string { return again("--ledger", o.path) }

// flags are how to work as the same identity in the next command. Regions are not
// among them: a plan and a run have theirs.
func (o *accessOptions) flags() string {
	text := again("--profile", o.profiles...) + again("--assume-role", o.roles...) + again("--external-id", o.externalID) + again("--trusted-account", o.trusted...)
	if o.noLimits {
		text += " --no-rate-limit"
	}
	return text
}

// flags are how to judge by the same rules in the next command.
func (o *judgeOptions) flags() string {
	return again("--rules", o.dirs...) + again("--config", o.config) + again("--param", o.params...)
}

// flags are how to change as this command does, in the next one.
func (o *applyOptions) flags() string { return o.ledger.flag() + o.access.typed + o.judge.flags() }

// again writes a flag for each of its values, behind a space; an empty value is one
// that was not given.
func again(flag string, values ...string) string {
	var text strings.Builder
	for _, v := range values {
		if v != "" {
			text.WriteString(" " + flag + " " + shellWord(v))
		}
	}
	return text.String()
}
