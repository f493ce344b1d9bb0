package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
	"github.com/keyproof/keyproof/reports/evidence"
	"github.com/keyproof/keyproof/rules"
)

// evidenceOptions are the flags of evidence verify.
type evidenceOptions struct {
	keys   keyOptions
	output string
}

func newEvidenceVerify(sys system) *cobra.Command {
	var o evidenceOptions
	cmd := &cobra.Command{
		Use:   "verify BUNDLE",
		Short: "Verify an evidence bundle, and that its report follows from its data",
		Long: `Check the signature of a bundle, the hash of each of its parts, that its file has no
byte beside them, and that the report follows from the snapshot: the rules of the
bundle judge it again, and each result is compared. That those are keyproof's own rules is checked against the rules of this
keyproof: verify with the version that made the bundle. No connection is made, but to
KMS with --kms-key.

Exit codes: 0 all is proven, 3 something was altered or does not follow, 4 nothing
speaks against it but nobody can say who made it (no signature, or no --key to check
it with) or whose rules it has (another version made it, with other rules), 1 it is
no bundle, 2 the command line is wrong.`,
		Example: `  keyproof evidence verify bundle.zip --key pub.pem
  keyproof evidence verify bundle.zip --key pub.pem --output json`,
		Args: exactly(1, "name the bundle: keyproof evidence verify bundle.zip --key pub.pem"),
		RunE: func(cmd *cobra.Command, args []string) error { return sys.verifyEvidence(cmd.Context(), &o, args[0]) },
	}
	o.keys.register(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&o.keys.files, "key", nil, "`file` of a public key that may have signed it, PEM or DER (repeatable)")
	f.StringVarP(&o.output, "output", "o", "text", "`format`: text or json")
	return cmd
}

// verified is what verify prints.
type verified struct {
	Verdict string `json:"verdict"`
	evidence.About
	Parts int `json:"parts"`
	*evidence.Checked
	// Again is how the report compares with what follows from the data; nil when
	// parts were altered, which makes it pointless.
	Again *comparison `json:"judged_again,omitempty"`
	// OtherRules are the files of rules in which a bundle of another version differs
	// from this keyproof, which cannot say whether they are that version's own.
	OtherRules []string `json:"other_rules,omitempty"`
}

func (v *verified) verdict() model.Verdict {
	switch {
	case len(v.Problems) > 0 || v.Again != nil && len(v.Again.Differences) > 0:
		return model.VerdictFail
	case v.Unproven != "" || v.Again == nil || len(v.OtherRules) > 0:
		return model.VerdictUnknown
	default:
		return model.VerdictPass
	}
}

func (sys system) verifyEvidence(ctx context.Context, o *evidenceOptions, path string) error {
	if err := textOrJSON(o.output); err != nil {
		return err
	}
	keys, err := o.keys.verifiers(ctx)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	b, err := evidence.Open(f, info.Size())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	checked, err := b.Check(ctx, keys...)
	if err != nil {
		return err
	}
	v := &verified{About: b.Manifest.About, Parts: len(b.Manifest.Parts), Checked: checked}
	if len(checked.Problems) == 0 {
		if v.Again, err = judgeBundle(ctx, b); ctx.Err() != nil {
			return err
		} else if err != nil {
			v.Problems = append(v.Problems, evidence.Problem{File: evidence.ManifestName, Detail: fmt.Sprintf("its parts cannot be judged again: %v", err)})
		}
		others, err := otherRules(b)
		if err != nil {
			return err
		}
		if b.Manifest.Tool != sys.version {
			v.OtherRules, others = others, nil
		}
		for _, file := range others {
			v.Problems = append(v.Problems, evidence.Problem{File: file, Detail: "it is not as keyproof " + sys.version + " has it, which is said to have made the bundle"})
		}
	}
	v.Verdict = v.verdict().String()
	if o.output == "json" {
		err = sys.writeJSON(v)
	} else {
		err = sys.evidenceText(v)
	}
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	if code := v.verdict().ExitCode(); code != 0 {
		return exitCode(code)
	}
	return nil
}

// otherRules lists the files of keyproof's own rules that a bundle has otherwise
// than this keyproof, lacks or has beside them. Who weakens a rule gets a report
// that follows from the data.
func otherRules(b *evidence.Bundle) ([]string, error) {
	own := &recipe{files: map[string][]byte{}}
	if err := own.take(oursFolder, rules.FS()); err != nil {
		return nil, err
	}
	have, err := b.Folder(path.Join(partRules, oursFolder))
	if err != nil {
		return nil, err
	}
	var list []string
	for name, text := range own.files {
		name = strings.TrimPrefix(name, oursFolder+"/")
		if theirs, ok := have[name]; !ok || !bytes.Equal(theirs, text) {
			list = append(list, path.Join(partRules, oursFolder, name))
		}
		delete(have, name)
	}
	for name := range have {
		list = append(list, path.Join(partRules, oursFolder, name))
	}
	slices.Sort(list)
	return list, nil
}

// judgeBundle judges the snapshot of a bundle with its rules and compares.
func judgeBundle(ctx context.Context, b *evidence.Bundle) (c *comparison, err error) {
	files, err := b.Folder(partRules)
	if err != nil {
		return nil, err
	}
	recipe, err := unpackRecipe(files)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", partRules, err)
	}
	judge, err := recipe.judge(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", partRules, err)
	}
	dir, err := os.MkdirTemp("", "keyproof-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w; set TMPDIR to a writable directory", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, partSnapshot)
	if err := copyPart(b, partSnapshot, path); err != nil {
		return nil, err
	}
	snap, err := snapfile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", partSnapshot, err)
	}
	snap.Source = b.Manifest.Source
	spool, err := model.NewResultSpool("")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, spool.Close()) }()
	report, err := judge.Evaluate(ctx, snap, spool)
	if err != nil {
		return nil, err
	}
	return compareBundle(b, report)
}

// compareBundle compares the report of a bundle with another one on the same data.
func compareBundle(b *evidence.Bundle, report *model.Report) (*comparison, error) {
	least, err := leastOf(b)
	if err != nil {
		return nil, err
	}
	policy := model.VerdictPolicy{MinSeverity: least}
	stated, err := b.Open(partReport)
	if err != nil {
		return nil, err
	}
	defer stated.Close()
	r, w := io.Pipe()
	go func() {
		w.CloseWithError(writeJSONReport(w, report, reports.Options{Verdict: report.Verdict(policy), Policy: policy}))
	}()
	c, err := compareReports(stated, r)
	r.CloseWithError(io.ErrClosedPipe) // ends the writer when the comparison stopped early
	if err != nil {
		return nil, fmt.Errorf("%s: %w", partReport, err)
	}
	if follows := report.Verdict(policy).String(); follows != b.Manifest.Verdict {
		c.add("the verdict in "+evidence.ManifestName, b.Manifest.Verdict, follows)
	}
	return c, nil
}

// leastOf is the mildest severity that counts in the verdict of the report, which
// comes before all that can be long.
func leastOf(b *evidence.Bundle) (model.Severity, error) {
	f, err := b.Open(partReport)
	if err != nil {
		return "", err
	}
	defer f.Close()
	d := json.NewDecoder(f)
	if err := delimiter(d, '{'); err != nil {
		return "", fmt.Errorf("%s: %w", partReport, err)
	}
	for d.More() {
		member, err := name(d)
		if err != nil {
			return "", fmt.Errorf("%s: %w", partReport, err)
		}
		var value struct {
			MinSeverity string `json:"min_severity"`
		}
		var skip json.RawMessage
		if member != "verdict" {
			err = d.Decode(&skip)
		} else if err = d.Decode(&value); err == nil {
			return model.ParseSeverity(value.MinSeverity)
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", partReport, err)
		}
	}
	return "", fmt.Errorf("%s: it has no verdict", partReport)
}

// copyPart unpacks a part that is compressed by itself already. Zip can make such
// a part hardly smaller; one that grows is there to fill a disk.
func copyPart(b *evidence.Bundle, part, path string) (err error) {
	size, packed, err := b.Sizes(part)
	if err != nil {
		return err
	}
	if most := 1<<20 + 16*packed; size > most {
		return fmt.Errorf("%s: it would grow from %d to %d bytes, which no snapshot does: nothing was unpacked", part, packed, size)
	}
	r, err := b.Open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	n, err := io.Copy(f, io.LimitReader(r, size+1))
	if err == nil && n != size {
		err = fmt.Errorf("%s: it is not of the %d bytes that the manifest says", part, size)
	}
	return err
}

func (sys system) evidenceText(v *verified) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintln(&b, cleanf(format, args...)) }
	if v.Run != "" {
		line("run        %s, ledger head %s", v.Run, v.LedgerHead)
	}
	line("report     verdict %s on %s, taken %s, bundled by keyproof %s", v.About.Verdict, v.Source, v.TakenAt.UTC().Format(time.RFC3339), v.Tool)
	if v.Redacted {
		line("redacted   names are pseudonyms")
	}
	switch {
	case len(v.Problems) == 0:
		line("parts      %s are what the manifest says", counted(v.Parts, "part", "parts"))
	default:
		line("parts      %s", counted(len(v.Problems), "problem", "problems"))
		for _, p := range v.Problems {
			line("           %s: %s", p.File, p.Detail)
		}
	}
	switch {
	case len(v.Signed) > 0:
		for _, id := range v.Signed {
			line("signature  good, of the key %s", id)
		}
	case v.Unproven != "":
		line("signature  %s", v.Unproven)
	}
	if n := len(v.OtherRules); n > 0 {
		line("rules      not those of this keyproof %s in %s: only keyproof %s can say whether they are its own, verify with that version",
			sys.version, counted(n, "file", "files"), v.Tool)
		for _, file := range v.OtherRules[:min(n, 10)] {
			line("           %s", file)
		}
		if n > 10 {
			line("           and %d more (--output json lists all)", n-10)
		}
	}
	switch {
	case v.Again == nil:
		line("results    not judged again")
	case len(v.Again.Differences) == 0:
		line("results    %s judged again: all follow from the snapshot", counted(v.Again.Results, "result", "results"))
	default:
		line("results    %d differ from what follows from the snapshot", len(v.Again.Differences)+v.Again.More)
		for _, d := range v.Again.Differences {
			line("           %s: the report says %s; what follows is %s", d.Where, d.Stated, d.Follows)
		}
	}
	line("%s", strings.ToUpper(v.Verdict))
	_, err := fmt.Fprint(sys.stdout, b.String())
	return err
}
