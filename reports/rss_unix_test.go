//go:build unix

package reports_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/reports"
)

// rssFormat is the environment variable by which the benchmark runs this program
// again, as the process that it measures.
const rssFormat = "KEYPROOF_TEST_RSS_FORMAT"

// TestPeakMemoryChild is that process: it writes 100,000 results.
func TestPeakMemoryChild(t *testing.T) {
	name := os.Getenv(rssFormat)
	if name == "" {
		return
	}
	const results = 100_000
	f, err := reports.Find(name)
	require.NoError(t, err)
	r := many(results)
	o := judged(r, 100, 0)
	o.Print = func(w io.Writer, page func(io.Writer) error) error { return page(w) }
	require.NoError(t, f.Write(io.Discard, r, o))
}

// BenchmarkPeakMemory writes 100,000 results in every format, each in a process
// of its own, and takes the process's greatest size from the system: none may need
// 300 MiB. A format that prints is measured as the page that it prints.
// TestMemoryDoesNotGrowWithResults is the test that always runs.
func BenchmarkPeakMemory(b *testing.B) {
	for _, f := range reports.Formats() {
		b.Run(f.Name, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(os.Args[0], "-test.run", "^TestPeakMemoryChild$")
				cmd.Env = append(os.Environ(), rssFormat+"="+f.Name)
				out, err := cmd.CombinedOutput()
				require.NoError(b, err, string(bytes.TrimSpace(out)))
				peak := float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / (1 << 10) // kilobytes, but on Apple's systems bytes
				if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
					peak /= 1 << 10
				}
				b.ReportMetric(peak, "peak-MiB")
				require.Less(b, peak, 300.0)
			}
		})
	}
}
