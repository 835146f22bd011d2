// Command receiver is a small OTLP/HTTP JSON receiver for tests.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"example.com/infrastructure-agent-testbed/internal/receiver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := receiver.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
