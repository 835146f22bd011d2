// Package cli is the command line of the agent.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"example.com/infrastructure-agent/model"
)

// Exit codes of Main.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

const usage = `usage:
  agent run --config FILE
      watch this host until SIGINT or SIGTERM; SIGHUP reads FILE again
  agent replay --corpus FILE --out DIR [--config FILE] [--otlp URL]
      take a recorded corpus through the pipeline and write JSON lines to DIR
  agent version
`

// errUsage marks a command line that cannot be understood.
var errUsage = errors.New("wrong usage")

// Main runs the command in args and returns the exit code: 0 success,
// 1 failure, 2 wrong usage. It stops when ctx ends.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := dispatch(ctx, args, stdout, stderr)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return exitOK
	case errors.Is(err, errUsage):
		fmt.Fprintf(stderr, "agent: %v\n%s", err, usage)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "agent: %v\n", err)
		return exitFailure
	}
}

func dispatch(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: no command", errUsage)
	}
	switch command, rest := args[0], args[1:]; command {
	case "run":
		return runCommand(ctx, rest, stderr)
	case "replay":
		return replayCommand(ctx, rest, stderr)
	case "version":
		_, err := fmt.Fprintf(stdout, "infrastructure-agent %s\n", model.Version)
		return err
	case "help", "-h", "--help":
		return flag.ErrHelp
	default:
		return fmt.Errorf("%w: unknown command %q", errUsage, command)
	}
}

// parse reads flags and refuses arguments that are none.
func parse(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%w: unexpected argument %q", errUsage, flags.Arg(0))
	}
	return nil
}
