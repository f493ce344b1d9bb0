package main

import (
	"fmt"
	"strings"

	"github.com/keyproof/keyproof/internal/dr"
	"github.com/keyproof/keyproof/model"
)

// drText prints the report for people. source are the flags that name the same data
// in the next command.
func (sys system) drText(r *dr.Report, limit int, source string) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintln(&b, cleanf(format, args...)) }
	line("If %s is lost (as of %s)", r.Region, r.TakenAt.Format("2006-01-02 15:04 MST"))
	if len(r.Regions) == 0 {
		line("No other region was scanned: copies elsewhere are not seen.")
	} else {
		line("Copies were looked for in %s.", strings.Join(r.Regions, ", "))
	}
	for _, kind := range dr.Kinds() {
		n := r.Counts(kind)
		var parts []string
		for _, f := range dr.Fates() {
			if n[f] > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", n[f], fateWords(f)))
			}
		}
		if len(parts) == 0 {
			continue
		}
		line("\n%ss: %s", title(string(kind)), strings.Join(parts, ", "))
		for _, f := range dr.Fates() {
			sys.drItems(line, r, kind, f, limit)
		}
	}
	if r.Doomed > 0 {
		line("\n%d secrets are left out: they are marked for deletion.", r.Doomed)
	}
	if len(r.Gaps) > 0 {
		line("\nNot known:")
		for _, g := range r.Gaps {
			line("  %ss of account %s: %s%s", g.Kind, g.Account, g.Why, afterDash(g.Next))
		}
	}
	drNext(line, r, source)
	_, err := fmt.Fprint(sys.stdout, b.String())
	return err
}

func (sys system) drItems(line func(string, ...any), r *dr.Report, kind model.Kind, f dr.Fate, limit int) {
	shown, all := 0, 0
	for _, i := range r.Items {
		if i.Resource.Kind != kind || i.Fate != f {
			continue
		}
		if all++; limit > 0 && shown >= limit {
			continue
		}
		shown++
		line("  %-9s %s (%s): %s", f, i.Name, i.Resource.Account, i.Why)
		for _, c := range i.Copies {
			if len(i.Copies) == 1 {
				break // all is said
			}
			line("            %s: %s", c.Region, copyWords(c))
		}
	}
	if all > shown {
		line("  … and %d more; --limit 0 shows all", all-shown)
	}
}

func copyWords(c dr.Copy) string {
	var parts []string
	if len(c.Lacks) > 0 {
		parts = append(parts, "lacks "+strings.Join(c.Lacks, "; "))
	}
	if len(c.Unknown) > 0 {
		parts = append(parts, "not known: "+strings.Join(c.Unknown, "; "))
	}
	if len(parts) == 0 {
		return "ready"
	}
	return strings.Join(parts, "; ")
}

func fateWords(f dr.Fate) string {
	return map[dr.Fate]string{
		dr.Lost: "lost", dr.Unknown: "unknown", dr.Lacking: "with a copy that lacks something", dr.Promote: "with a copy that can take over",
		dr.Impaired: "impaired", dr.Survives: "that live on elsewhere",
	}[f]
}

// drNext says how to promote the copies, and how to get those that are missing.
func drNext(line func(string, ...any), r *dr.Report, source string) {
	lost := 0
	var ready []string
	for _, i := range r.Items {
		if i.Resource.Kind != model.KindSecret {
			continue
		}
		if i.Fate == dr.Lost {
			lost++
		}
		for _, c := range i.Copies {
			if i.Fate == dr.Promote && len(c.Lacks)+len(c.Unknown) == 0 && len(ready) < 3 {
				ready = append(ready, shellWord(i.Name+"@"+c.Region))
			}
		}
	}
	if len(ready) > 0 {
		line("\nOn the day a replica becomes a secret of its own, which cannot be undone, by\n  keyproof dr --lose %s%s --promote %s --plan promote.json\n  keyproof remediate apply promote.json", r.Region, source, strings.Join(ready, " --promote "))
	}
	if lost > 0 {
		line("\nTo give a secret a copy now:\n  aws secretsmanager replicate-secret-to-regions --region %s --secret-id NAME --add-replica-regions Region=REGION", r.Region)
	}
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func afterDash(s string) string {
	if s == "" {
		return ""
	}
	return " — " + s
}
