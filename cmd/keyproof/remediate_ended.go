package main

import (
	"fmt"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// ended says what became of a run, and how to go on. flags are those of the commands
// for that.
func (sys system) ended(out *remediator.Outcome, err error, flags string) error {
	if out == nil {
		return err
	}
	say := func(format string, args ...any) { fmt.Fprintln(sys.stdout, cleanf(format, args...)) }
	count := map[model.StepState]int{}
	say("")
	for _, r := range out.Run.Records {
		count[r.State]++
		say("%-10s %s  %s", stateWord(r), r.Change.Name, r.Change.Title)
		sayLines(say, "           ", "           ", r.Detail)
	}
	if out.Stopped != "" {
		say("The run ended early: %s.", out.Stopped)
	}
	if err != nil {
		return err
	}
	open, written := false, false
	for _, r := range out.Run.Records {
		open, written = open || r.Open(), written || r.State == model.StepVerified && r.Touched()
	}
	if open {
		say("Go on with `keyproof remediate resume %s`, or take it back with `keyproof remediate undo %s`.", out.Run.ID+flags, out.Run.ID+flags)
		return exitCode(exitFailed)
	}
	switch {
	case out.Failures > 0 || out.Stopped != "":
		return exitCode(exitFailed)
	case count[model.StepUnproven] > 0 || out.Refused > 0:
		return exitCode(model.VerdictFail.ExitCode())
	}
	if written && count[model.StepUndone] == 0 {
		say("Take it back with `keyproof remediate undo %s`.", out.Run.ID+flags)
	}
	return nil
}

// stateWord is how far a change has come, for people.
func stateWord(r *remediator.Record) string {
	switch r.State {
	case model.StepPlanned:
		return "waiting"
	case model.StepStarted:
		return "begun"
	case model.StepDone:
		return "unjudged"
	case model.StepSkipped:
		return "unchanged"
	case model.StepUnproven:
		return "NOT PROVEN"
	case model.StepFailed:
		return "FAILED"
	case model.StepUndoing:
		return "undoing"
	default:
		return string(r.State)
	}
}
