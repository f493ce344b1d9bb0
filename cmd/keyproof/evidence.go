package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/reports/evidence"
)

func newEvidence(sys system) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "evidence",
		Short: "Bundle a report with its proof, and verify such a bundle",
		Long: `An evidence bundle is a zip file with a report and all that it follows from: the
snapshot, the sources of the rules, the settings and waivers, and the head of the
ledger. Whoever has it can prove without an AWS account that no part was altered
and that the report follows from the data: "evidence verify" judges the snapshot
again with the rules of the bundle and compares the results.`,
		Example: `  openssl genpkey -algorithm ed25519 -out key.pem
  openssl pkey -in key.pem -pubout -out pub.pem
  keyproof evidence export --run last --key key.pem -o bundle.zip
  keyproof evidence verify bundle.zip --key pub.pem`,
	}
	cmd.AddCommand(newEvidenceExport(sys), newEvidenceVerify(sys))
	return cmd
}

// The names of the parts of our bundles.
const (
	partReport   = "report.json"
	partSnapshot = "snapshot.ndjson.zst"
	partRules    = "rules" // a folder: a recipe
)

// keyOptions are the flags that name a key.
type keyOptions struct {
	files   []string
	kms     string
	profile string
	region  string
}

func (o *keyOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.kms, "kms-key", "", "`ARN` of an asymmetric KMS key for SIGN_VERIFY")
	f.StringVar(&o.profile, "profile", "", "`profile` of the AWS configuration for --kms-key")
	f.StringVar(&o.region, "region", "", "`region` of --kms-key (default: that of its ARN)")
}

// verifiers are the public keys to check with.
func (o *keyOptions) verifiers(ctx context.Context) ([]*evidence.Verifier, error) {
	var list []*evidence.Verifier
	for _, name := range o.files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, usagef("--key: %w", withoutCall(err))
		}
		v, err := evidence.ParsePublicKey(text)
		if err != nil {
			return nil, usagef("--key %s: %w", name, err)
		}
		list = append(list, v)
	}
	if o.kms != "" {
		k, err := o.openKMS(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, k.verifier)
	}
	return list, nil
}

// signers are the keys to sign with.
func (o *keyOptions) signers(ctx context.Context) ([]evidence.Signer, error) {
	var list []evidence.Signer
	for _, name := range o.files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, usagef("--key: %w", withoutCall(err))
		}
		s, err := evidence.ParsePrivateKey(text)
		if err != nil {
			return nil, usagef("--key %s: %w", name, err)
		}
		list = append(list, s)
	}
	if o.kms != "" {
		k, err := o.openKMS(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, nil
}
