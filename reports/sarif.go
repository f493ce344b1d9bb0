package reports

import (
	"io"

	"github.com/keyproof/keyproof/model"
)

// sarifSchema is the name of the schema, as the standard gives it.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// writeSARIF writes one run of SARIF 2.1.0 (OASIS, with errata 01) that GitHub
// code scanning takes as well. Results flow.
//
// Only failures, unknown and waived results are in it. GitHub makes an alert of
// every result and looks neither at kind nor at suppressions nor at
// baselineState (its page "SARIF support for code scanning"), so what passes,
// and what a change fixes, would come up there as an open alert; the numbers of
// both are properties of the run. GitHub refuses a run of more than 25,000
// results, and results without a place in a file, as those of an account. An unknown result is of kind open, which the
// standard has for what could not be decided, and so of level none.
func writeSARIF(w io.Writer, r *model.Report, o Options) error {
	all, err := tallyOf(r)
	if err != nil {
		return err
	}
	j := newJSONWriter(w)
	j.w.WriteString("{")
	j.member("$schema", sarifSchema)
	j.member("version", "2.1.0")
	j.name("runs")
	j.w.WriteString("[{")
	j.members = 0
	j.member("tool", sarifTool(r))
	j.member("columnKind", "utf16CodeUnits")
	j.member("properties", sarifNumbers(r, o, all))
	index := map[model.RuleID]int{}
	for i := range r.Rules {
		index[r.Rules[i].ID] = i
	}
	j.open("results")
	for res, err := range r.Results {
		if err != nil {
			return readError(err)
		}
		if in := partOf(res); in == partQuiet || in == partFixed {
			continue
		}
		i, ok := index[res.Rule]
		if !ok {
			i = -1 // "not known", by the standard
		}
		if j.element(sarifResultOf(ruleOf(r, res.Rule), i, res)); j.err != nil {
			break
		}
	}
	j.shut()
	j.w.WriteString("\n}]}\n")
	if j.err != nil {
		return j.err
	}
	return j.w.Flush()
}

// sarifNumbers are what the results of the run do not tell.
func sarifNumbers(r *model.Report, o Options, all tally) map[string]any {
	numbers := map[string]any{
		"verdict": o.Verdict.String(), "source": Clean(r.Source), "takenAt": r.TakenAt.UTC(), "counts": r.Total(),
	}
	if isGate(r) {
		numbers["introduced"], numbers["existing"], numbers["fixed"] = all[partIntroduced], all[partExisting], all[partFixed]
	}
	if gaps := gapLines(r.Gaps()); len(gaps) > 0 {
		for i, line := range gaps {
			gaps[i] = Clean(line)
		}
		numbers["gaps"] = gaps
	}
	return numbers
}

// tallyOf counts the results of a change. For a scan the summary has the
// numbers, so nothing is read.
func tallyOf(r *model.Report) (all tally, err error) {
	if !isGate(r) {
		return all, nil
	}
	for res, err := range r.Results {
		if err != nil {
			return all, readError(err)
		}
		all[partOf(res)]++
	}
	return all, nil
}
