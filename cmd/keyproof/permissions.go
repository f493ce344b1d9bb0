package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors/events/bucket"
	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/reports/securityhub"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// statement is one statement of an IAM policy, a service a statement.
type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource any // "*", or a list of ARNs
}

func newPermissions(sys system) *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use:   "permissions [--events [athena|lake]]",
		Short: "Print the least IAM policy that a scan needs",
		Long: `Print the IAM policy that a scan needs, and no more. It is made from the calls
that the collectors declare. It has no action that writes and none that reads a
secret's value.

ssm:GetParameters is used for String and StringList parameters only, without
decryption, to tell whether their plain value is a credential.

With --events it is the policy that "keyproof events" needs instead: for the event
history and the public keys, and with --archive for reading the bucket of a trail.
If its logs are encrypted with a KMS key, kms:Decrypt on that key is needed too, and
a bucket of another account has to let the caller in by its bucket policy.

With --events athena, or --events lake, it is what asking one of these engines needs.
That is apart from all else, because it starts queries: they change nothing, but are
billed, and Athena writes its answers to S3. Put the names of your buckets and keys
where the policy says TRAIL-BUCKET and the like; a statement about a key goes when
there is none.

With --push it is the policy of the role that sends results: it can write to
Security Hub and read nothing else.`,
		Example: `  keyproof permissions --events athena > athena-policy.json
  keyproof permissions --events --archive s3://acme-audit > events-policy.json
  keyproof permissions > scan-policy.json
  aws iam create-policy --policy-name keyproof-scan --policy-document file://scan-policy.json
  keyproof permissions --push securityhub > push-policy.json`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{"athena", "lake"},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.engine = args[0]
			}
			list, err := o.policy()
			if err != nil {
				return err
			}
			enc := json.NewEncoder(sys.stdout)
			enc.SetIndent("", "  ")
			return enc.Encode(map[string]any{"Version": "2012-10-17", "Statement": list})
		},
	}
	cmd.Flags().BoolVar(&o.events, "events", false, "print the policy for reading CloudTrail's record, or with athena or lake behind it for asking one of these")
	cmd.Flags().StringVar(&o.archive, "archive", "", "bucket that a trail delivers to, as `s3://bucket/prefix`")
	cmd.Flags().StringVar(&o.push, "push", "", "print the policy for sending results to a `service`: securityhub")
	return cmd
}

// policyOptions say whose policy to print; of a scan, when nothing is said.
type policyOptions struct {
	events          bool
	engine, archive string // with events
	push            string
}

func (o *policyOptions) policy() ([]statement, error) {
	if err := checkDestination("--push", o.push); err != nil {
		return nil, err
	}
	switch {
	case o.engine != "" && !o.events:
		return nil, usagef("%q: say keyproof permissions --events %[1]s for the policy of an engine", o.engine)
	case o.archive != "" && !o.events:
		return nil, usagef("--archive goes with --events: a scan reads no bucket")
	case o.archive != "" && o.engine != "":
		return nil, usagef("--archive is for reading a bucket, and not with an engine")
	case o.events && o.push != "":
		return nil, usagef("--events and --push are policies of two roles: print one at a time")
	case o.push != "":
		return pushPolicy(), nil
	case o.engine != "":
		return enginePolicy(o.engine)
	case o.events:
		return eventsPolicy(o.archive)
	}
	return scanPolicy(), nil
}

// eventsPolicy is for reading the event history and, with an archive, its part of
// the bucket.
func eventsPolicy(archive string) ([]statement, error) {
	history, inBucket := eventActions()
	list := append(grouped(session.Permissions()), grouped(history)...)
	if archive == "" {
		return list, nil
	}
	name, prefix, err := bucket.Parse(archive)
	if err != nil {
		return nil, usageError{err}
	}
	arn := "arn:aws:s3:::" + name
	return append(list, statement{"KeyproofArchive", "Allow", inBucket, []string{arn, arn + "/" + prefix + "*"}}), nil
}

// scanPolicy groups the declared actions by service. Resource is "*" because
// lists cannot be narrowed, and a scan that is kept from a resource can only
// say "unknown" about it.
func scanPolicy() []statement { return grouped(scanActions()) }

func grouped(actions []string) []statement {
	byService := map[string][]string{}
	for _, action := range actions {
		service, _, _ := strings.Cut(action, ":")
		byService[service] = append(byService[service], action)
	}
	var list []statement
	for _, service := range sortedKeys(byService) {
		list = append(list, statement{
			Sid: "Keyproof" + strings.ToUpper(service[:1]) + service[1:], Effect: "Allow", Action: byService[service], Resource: "*",
		})
	}
	return list
}

// pushPolicy is what sending results needs: findings of an account's own product
// (Service Authorization Reference, AWS Security Hub).
func pushPolicy() []statement {
	resources := map[string]string{
		"securityhub:BatchImportFindings": "arn:*:securityhub:*:*:product/*/default", "securityhub:GetFindings": "arn:*:securityhub:*:*:hub/default",
	}
	var list []statement
	for _, action := range securityhub.Permissions() {
		_, call, _ := strings.Cut(action, ":")
		list = append(list, statement{Sid: "Keyproof" + call, Effect: "Allow", Action: []string{action}, Resource: resources[action]})
	}
	return list
}
