// Command agent watches the processes of a host, or replays a recording.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"example.com/infrastructure-agent/cli"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings as arguments. It returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Main(ctx, args, stdout, stderr)
}
