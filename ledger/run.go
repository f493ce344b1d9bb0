package ledger

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// RunID names a run: when it was recorded, to the minute in UTC, and four
// letters that tell apart what was recorded in the same minute. Ids sort by time.
type RunID string

// Run is what the record says of a run without its results: it stays when those
// are pruned.
type Run struct {
	ID      RunID     `json:"id"`
	At      time.Time `json:"at"`       // when it was recorded, UTC
	TakenAt time.Time `json:"taken_at"` // when its snapshot was taken, UTC
	Source  string    `json:"source"`   // as in model.Header
	Tool    string    `json:"tool"`     // version of keyproof
	// Accounts and Regions are what was looked at, sorted. Runs of the same Scope
	// looked at the same accounts in the same regions, and can be compared.
	Accounts []string `json:"accounts"`
	Regions  []string `json:"regions"`
	Scope    string   `json:"scope"`
	// Verdict is pass, fail or unknown; MinSeverity the mildest that counted in it.
	Verdict     string         `json:"verdict"`
	MinSeverity model.Severity `json:"min_severity"`
	Resources   int            `json:"resources"` // that were judged
	// Counts are the numbers of results, all, and those of rules of a severity or
	// that are evidence for a framework.
	Counts     model.Counts                    `json:"counts"`
	Severities map[model.Severity]model.Counts `json:"severities"`
	Frameworks map[string]model.Counts         `json:"frameworks"`
	// Snapshot is the SHA-256 of the stored snapshot; nil when none was stored.
	Snapshot *Hash `json:"snapshot,omitempty"`
	// Rules is the SHA-256 of the stored rules and settings that it was judged with;
	// nil when none were stored.
	Rules *Hash `json:"rules,omitempty"`
	Form  int   `json:"form"` // of the body
	Body  Hash  `json:"body"`

	// What follows is not in the record but said of it.

	Link   int  `json:"-"` // its place in the chain, from 1
	Hash   Hash `json:"-"` // of the link
	Pruned bool `json:"-"` // the results and the snapshot are gone
}

// describe makes the record of a report, all but its id and its hashes.
func describe(r *model.Report, verdict model.Verdict, policy model.VerdictPolicy) Run {
	least := policy.MinSeverity
	if least == "" {
		least = model.SeverityLow // the default of model.VerdictPolicy
	}
	run := Run{
		TakenAt: r.TakenAt.UTC(), Source: r.Source, Tool: r.Tool, Verdict: verdict.String(), MinSeverity: least, Counts: r.Total(),
		Severities: map[model.Severity]model.Counts{}, Frameworks: map[string]model.Counts{}, Form: bodyForm,
	}
	for _, n := range r.Summary.Resources {
		run.Resources += n
	}
	for _, s := range model.Severities() {
		if c := r.BySeverity(s); c.Total() > 0 {
			run.Severities[s] = c
		}
	}
	for i := range r.Frameworks {
		run.Frameworks[r.Frameworks[i].ID] = r.ByControl(r.Frameworks[i].ID, "")
	}
	run.Accounts, run.Regions, run.Scope = scopeOf(&r.Header)
	return run
}

// scopeOf says what a snapshot looked at, and a short name of that: the same for
// the same accounts and regions, whatever could be read there.
func scopeOf(h *model.Header) (accounts, regions []string, scope string) {
	seen := [3]map[string]bool{{}, {}, {}}
	for _, s := range h.Scopes {
		seen[0][s.Account], seen[1][s.Region], seen[2][s.Account+" "+s.Region] = true, true, true
	}
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(maps.Keys(seen[2])), "\n")))
	return slices.Sorted(maps.Keys(seen[0])), slices.Sorted(maps.Keys(seen[1])), fmt.Sprintf("%x", sum[:6])
}

// newID makes the id of a run of what tells it apart from all others. try counts
// up while the id is taken.
func newID(at time.Time, prev Hash, run *Run, try int) RunID {
	h := sha256.New()
	h.Write(prev[:])
	h.Write(run.Body[:])
	fmt.Fprint(h, run.TakenAt.UnixNano(), try)
	letters := base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").EncodeToString(h.Sum(nil)[:5])
	return RunID(at.UTC().Format("20060102-1504-") + letters[:4])
}
