// Command keyproof scans how an organisation keeps its secrets on AWS, judges
// what it finds with Rego rules against HIPAA, SOC 2 and PCI DSS, and reports
// the proof.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	os.Exit(mainCode())
}

func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], system{
		getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now, version: buildVersion(),
	})
}
