package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

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
	engine, push := "", ""
	var remediate bool
	cmd := &cobra.Command{
		Use:   "permissions",
		Short: "Print the least IAM policy that a scan needs",
		Long: `Print the IAM policy that a scan needs, and no more. It is made from the calls
that the collectors declare. It has no action that writes and none that reads a
secret's value.

ssm:GetParameters is used for String and StringList parameters only, without
decryption, to tell whether their plain value is a credential.

With --remediate it is the policy that repairs need instead: what the actions of
keyproof remediate read and write. Judging again after a repair needs the policy
of a scan, too.

With --events, print instead what "keyproof events" needs for where the events are:
the event history (lookup), the bucket of a trail (s3://bucket/prefix), Athena or
CloudTrail Lake. If the logs in a bucket are encrypted with a KMS key, kms:Decrypt on
that key is needed too, and the bucket of another account has to let the caller in.

What the engines need is apart from a scan, because it starts queries: they change nothing, but
are billed, and Athena writes its answers to S3. Put the names of your buckets and
keys where the policy says TRAIL-BUCKET and the like; a statement about a key goes
when there is none.

With --push it is the policy of the role that sends results: it can write to
Security Hub and read nothing else.`,
		Example: `  keyproof permissions > scan-policy.json
  aws iam create-policy --policy-name keyproof-scan --policy-document file://scan-policy.json
  keyproof permissions --events s3://acme-audit > events-policy.json
  keyproof permissions --remediate > repair-policy.json
  keyproof permissions --events athena > events-policy.json
  keyproof permissions --push securityhub > push-policy.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := checkDestination("--push", push); err != nil {
				return err
			}
			policy := grouped(scanActions())
			switch {
			case engine != "" && push != "", remediate && engine+push != "":
				return usagef("--events, --push and --remediate are policies of different roles: print one at a time")
			case remediate:
				policy = grouped(repairActions())
			case push != "":
				policy = pushPolicy()
			case engine != "":
				var err error
				if policy, err = eventsPolicy(engine); err != nil {
					return err
				}
			}
			return sys.writeJSON(map[string]any{"Version": "2012-10-17", "Statement": policy})
		},
	}
	cmd.Flags().StringVar(&engine, "events", "", "print the policy for reading events from a `source`: lookup, s3://bucket/prefix, athena or lake")
	cmd.Flags().StringVar(&push, "push", "", "print the policy for sending results to a `service`: securityhub")
	cmd.Flags().BoolVar(&remediate, "remediate", false, "print the policy of repairs")
	return cmd
}

// grouped makes statements of declared actions, one a service. Resource is "*" because
// lists cannot be narrowed, and a scan that is kept from a resource can only
// say "unknown" about it.
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
