package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
)

// BenchmarkScan scans an account with many secrets, the program and the
// endpoint in processes of their own, and reports what each of the two used:
// wall time, CPU time of both sides, and the scan's peak memory. For
// comparison it makes the scan's calls for the secrets with the bare SDK, whose
// answers it drops.
func BenchmarkScan(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "keyproof")
	out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput()
	require.NoError(b, err, string(out))
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("%d-secrets", n), func(b *testing.B) {
			env, stop := serve(b, bin, n)
			var scan rusage
			start := time.Now()
			for b.Loop() {
				cmd := exec.Command(bin, "scan", "--region", demoRegions[0], "--no-rate-limit", "--output", "json="+filepath.Join(b.TempDir(), "r.json"))
				cmd.Env = append(os.Environ(), env...)
				out, err := cmd.CombinedOutput()
				require.Equal(b, 3, cmd.ProcessState.ExitCode(), "%v: %s", err, out)
				scan.add(cmd)
			}
			wall := time.Since(start).Seconds()
			bare := bareSDK(b, env)
			server := stop()
			runs := float64(b.N)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(wall/runs, "wall-s")
			b.ReportMetric(scan.cpu.Seconds()/runs, "scan-cpu-s")
			b.ReportMetric(server.cpu.Seconds()/runs, "endpoint-cpu-s")
			b.ReportMetric(float64(scan.peak)/1024, "scan-peak-MiB")
			b.ReportMetric(bare.Seconds(), "bare-sdk-cpu-s")
		})
	}
}

// rusage is what processes used.
type rusage struct {
	cpu  time.Duration
	peak int64 // KiB
}

func (r *rusage) add(cmd *exec.Cmd) {
	r.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	r.peak = max(r.peak, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
}

// serve starts the embedded account with n more secrets. It returns the
// environment to scan it with, and a function that ends it.
func serve(b *testing.B, bin string, n int) (env []string, stop func() rusage) {
	b.Helper()
	cmd := exec.Command(bin, "demo", "--serve", "--secrets", fmt.Sprint(n))
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	ended := false
	stop = func() (used rusage) {
		if ended {
			return used
		}
		ended = true
		require.NoError(b, cmd.Process.Signal(os.Interrupt))
		require.NoError(b, cmd.Wait())
		used.add(cmd)
		return used
	}
	b.Cleanup(func() { stop() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if vars, ok := strings.CutPrefix(line, "export "); ok {
			env = append(env, strings.Fields(vars)...)
		}
		if strings.HasPrefix(line, "aws ") {
			return env, stop // the last line: it is up
		}
	}
	b.Fatal("the endpoint did not start")
	return nil, nil
}

// bareSDK lists, describes and reads the policy of every secret, and returns
// the CPU time that this takes.
func bareSDK(b *testing.B, env []string) time.Duration {
	b.Helper()
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		b.Setenv(name, value)
	}
	cfg, err := config.LoadDefaultConfig(b.Context(), config.WithRegion(demoRegions[0]))
	require.NoError(b, err)
	client := sm.NewFromConfig(cfg)
	before := cpuOfSelf(b)
	for pages := sm.NewListSecretsPaginator(client, &sm.ListSecretsInput{IncludePlannedDeletion: aws.Bool(true)}); pages.HasMorePages(); {
		page, err := pages.NextPage(b.Context())
		require.NoError(b, err)
		require.NoError(b, collectors.Each(b.Context(), 16, page.SecretList, func(ctx context.Context, s types.SecretListEntry) error {
			_, err := client.DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: s.ARN})
			if err == nil {
				// Some policies are denied: that is an answer too.
				_, _ = client.GetResourcePolicy(ctx, &sm.GetResourcePolicyInput{SecretId: s.ARN})
			}
			return err
		}))
	}
	return cpuOfSelf(b) - before
}

func cpuOfSelf(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
