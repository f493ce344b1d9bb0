package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors/events/digest"
	"github.com/keyproof/keyproof/model"
)

// verifyOptions are the flags of events verify.
type verifyOptions struct {
	archive archiveOptions
	keys    []string
}

func newEventsVerify(sys system) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify DIR|s3://BUCKET/PREFIX",
		Short: "Verify the digest chain of an archive of CloudTrail",
		Long: `Verify that an archive is what CloudTrail delivered: the signature of each digest
file, its link to the one before it, and the hash of each log that it names. Log
file validation must have been on for the trail.

The public keys come from a file (--public-keys: what "aws cloudtrail
list-public-keys" printed), or from AWS in each --region that is named.

S3 keeps the signature of a digest in the object's metadata, from where it is taken
when the archive is read there. A copy to a folder loses it: each digest repeats that of the one before it, so only the newest
needs it: save what "aws s3api head-object" prints beside it, as *` + digest.SignatureSuffix + `.

The logs of the last hour are in no digest yet: end the range before them by --until.

Exit codes: 0 all is verified, 3 something was tampered with, 4 something cannot be
proven or is a gap that nobody can explain, 1 the archive cannot be read, 2 the
command line is wrong.`,
		Example: `  aws cloudtrail list-public-keys --region eu-west-1 --start-time 2026-01-01T00:00:00Z > keys.json
  keyproof events verify ./trail --public-keys keys.json
  keyproof events verify s3://acme-audit --region eu-west-1 --profile audit --since 2026-03-01 --until 2026-04-01`,
		Args: exactly(1, "name the archive, a folder or s3://bucket/prefix: keyproof events verify ./trail --public-keys keys.json"),
		RunE: func(cmd *cobra.Command, args []string) error { return sys.verifyEvents(cmd.Context(), &o, args[0]) },
	}
	o.archive.register(cmd)
	cmd.Flags().StringArrayVar(&o.keys, "public-keys", nil, "`file` of public keys, an answer of ListPublicKeys (repeatable); CloudTrail is not asked then")
	return cmd
}

func (sys system) verifyEvents(ctx context.Context, o *verifyOptions, dir string) error {
	since, until, err := o.archive.times()
	if err != nil {
		return err
	}
	fsys, err := sys.archive(ctx, &o.archive, dir)
	if err != nil {
		return err
	}
	keys, err := sys.publicKeys(ctx, o, since, until)
	if err != nil {
		return err
	}
	r, err := digest.Verify(ctx, fsys, digest.Options{Keys: keys, Accounts: o.archive.accounts, Regions: o.archive.regions, Since: since, Until: until})
	if err != nil {
		return fmt.Errorf("read the archive %s: %w", dir, err)
	}
	if o.archive.output == "json" {
		err = sys.writeJSON(struct {
			Verdict string `json:"verdict"`
			*digest.Report
		}{r.Verdict().String(), r})
	} else {
		err = sys.verifyText(r, o.archive.limit)
	}
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	if code := r.Verdict().ExitCode(); code != 0 {
		return exitCode(code)
	}
	return nil
}

// verifyText prints the result for people: what is proven, then what is not.
func (sys system) verifyText(r *digest.Report, limit int) error {
	var b strings.Builder
	b.WriteString(map[model.Verdict]string{
		model.VerdictPass: "VERIFIED", model.VerdictFail: "TAMPERED WITH", model.VerdictUnknown: "NOT PROVEN",
	}[r.Verdict()])
	fmt.Fprintf(&b, "  digests: %s · logs: %s\n", counts(r.Digests), counts(r.Logs))
	if len(r.Chains) == 0 {
		b.WriteString("there is no digest file: was log file validation on, and is CloudTrail-Digest in the folder?\n")
	}
	for _, c := range r.Chains {
		span := "nothing is verified"
		if !c.From.IsZero() {
			span = "verified from " + c.From.Format(time.RFC3339) + " to " + c.To.Format(time.RFC3339)
		}
		fmt.Fprintln(&b, clean(fmt.Sprintf("%s: %d of %d digests, %s", c.Name, c.Verified, c.Digests, span)))
	}
	var tampered, open []digest.Problem
	for _, p := range r.Problems {
		if p.Kind.Tampering() {
			tampered = append(tampered, p)
		} else {
			open = append(open, p)
		}
	}
	say := func(p digest.Problem) string {
		return fmt.Sprintf("%s  %s: %s", strings.ReplaceAll(string(p.Kind), "_", " "), p.File, p.Detail)
	}
	problemLines(&b, "Tampered with", tampered, 0, limit, say)
	problemLines(&b, "Nobody can say", open, 0, limit, say)
	if r.MoreProblems > 0 {
		fmt.Fprintf(&b, "\nand %d more problems that are not listed\n", r.MoreProblems)
	}
	_, err := fmt.Fprint(sys.stdout, b.String())
	return err
}

func counts(c digest.Count) string {
	return fmt.Sprintf("%d verified, %d unproven, %d altered or missing", c.Verified, c.Unproven, c.Bad)
}
