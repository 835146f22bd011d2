// Package corpusgen is the logic of the corpusgen command.
package corpusgen

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"example.com/infrastructure-agent-testbed/corpus"
)

// Exit codes of Run.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// Run parses args, writes the corpus and returns the exit code. The file
// appears complete or not at all.
func Run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("corpusgen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	profile := flags.String("profile", string(corpus.Standard), fmt.Sprintf("one of %v", corpus.Profiles()))
	seed := flags.Uint64("seed", 42, "seed of the generator")
	processes := flags.Int("processes", 500, "live processes at each tick")
	ticks := flags.Int("ticks", 240, "number of ticks")
	out := flags.String("out", "corpus.jsonl", "file to write; - writes to standard output")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitOK
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "corpusgen: unexpected argument %q\n", flags.Arg(0))
		return exitUsage
	}
	params := corpus.Params{
		Profile: corpus.Profile(*profile), Seed: *seed, Processes: *processes, Ticks: *ticks,
	}
	if err := params.Validate(); err != nil {
		fmt.Fprintf(stderr, "corpusgen: %v\n", err)
		return exitUsage
	}
	if err := write(params, *out, stdout); err != nil {
		fmt.Fprintf(stderr, "corpusgen: %v\n", err)
		return exitFailure
	}
	return exitOK
}

func write(params corpus.Params, out string, stdout io.Writer) error {
	if out == "-" {
		return corpus.Generate(stdout, params)
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return fmt.Errorf("create folder of %s: %w", out, err)
	}
	temp, err := os.CreateTemp(filepath.Dir(out), ".corpus-*.tmp")
	if err != nil {
		return fmt.Errorf("create %s: %w", out, err)
	}
	defer os.Remove(temp.Name())
	if err := corpus.Generate(temp, params); err != nil {
		return errors.Join(err, temp.Close())
	}
	if err := errors.Join(temp.Chmod(0o644), temp.Close()); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	if err := os.Rename(temp.Name(), out); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	return nil
}
