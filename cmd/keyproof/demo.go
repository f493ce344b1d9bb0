package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/fixtures/acme"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
)

func newDemo(sys system) *cobra.Command {
	// No file of the reader's own project, and no entry in the reader's own history.
	o := scanOptions{judge: judgeOptions{noSearch: true}, ledger: ledgerOptions{asked: true}}
	var serve bool
	var more int
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Scan the embedded example account: no AWS account needed",
		Long: `Start an endpoint on this machine that answers like AWS for a made-up company of
two accounts and three regions, and run the real scan on it. Nothing leaves the
machine.

With --serve the endpoint stays up instead, and the commands to scan it by hand
are printed.`,
		Example: "  keyproof demo\n  keyproof demo --output json=demo.json\n  keyproof demo --serve",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			world, server, err := startAcme(cmd.Context(), sys.now())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, server.Close()) }()
			if more > 0 {
				if err := world.Fill(demoAccount, demoRegions[0], 1, more); err != nil {
					return usagef("--secrets: %w", err)
				}
			}
			if serve {
				return sys.serveDemo(cmd.Context(), world, server)
			}
			key := world.Credentials()[0]
			// Whatever this machine's own configuration says must not matter.
			o.access.base = &aws.Config{
				Region: demoRegions[0], BaseEndpoint: aws.String(server.URL()),
				Credentials: credentials.NewStaticCredentialsProvider(key.AccessKey, key.SecretKey, ""),
			}
			o.access.regions, o.access.noLimits = demoRegions, true
			for _, role := range world.Roles() {
				o.access.roles = append(o.access.roles, role.ARN)
			}
			o.record.sources = []string{lookupSource}
			return sys.scan(cmd.Context(), &o)
		},
	}
	o.judge.register(cmd)
	f := cmd.Flags()
	f.StringArrayVarP(&o.outputs, "output", "o", nil, "write a report, `format[=path]`; formats: "+formatNames()+" (repeatable)")
	f.StringVar(&o.save, "save", "", "also save what was collected in this `file` (.ndjson.zst)")
	f.StringVar(&o.failOn, "fail-on", "", "mildest `severity` that counts in the verdict (default low)")
	f.IntVar(&o.limit, "limit", 20, "failures shown for each rule in text; 0 shows all")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "show no progress")
	f.StringVar(&o.ledger.path, "ledger", "", "record the run in this `file`, to try history, drift and report")
	f.IntVar(&more, "secrets", 0, "add this `number` of generated secrets, to see how it scales")
	f.BoolVar(&serve, "serve", false, "keep the endpoint up and print how to scan it")
	return cmd
}

const demoAccount = "111122223333" // the production account

var demoRegions = []string{"us-east-1", "eu-west-1", "ap-southeast-2"}

func startAcme(ctx context.Context, now time.Time) (*fixture.World, *fixture.Server, error) {
	world, err := fixture.Load(acme.Account(), now)
	if err != nil {
		return nil, nil, fmt.Errorf("load the example account: %w", err)
	}
	world.Remember()
	server, err := fixture.Serve(ctx, world)
	return world, server, err
}

func (sys system) serveDemo(ctx context.Context, world *fixture.World, server *fixture.Server) error {
	key := world.Credentials()[0]
	fmt.Fprintf(sys.stdout, `The example account is at %s until you press Ctrl-C. In another terminal:

  export AWS_ENDPOINT_URL=%s AWS_REGION=%s
  export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s
  keyproof scan --no-rate-limit`, server.URL(), server.URL(), demoRegions[0], key.AccessKey, key.SecretKey)
	for _, region := range demoRegions {
		fmt.Fprintf(sys.stdout, " --region %s", region)
	}
	for _, role := range world.Roles() {
		fmt.Fprintf(sys.stdout, " \\\n      --assume-role %s", role.ARN)
	}
	fmt.Fprintln(sys.stdout, "\n  aws secretsmanager list-secrets")
	<-ctx.Done()
	return nil
}
