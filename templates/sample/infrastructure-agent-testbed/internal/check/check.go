// Package check judges what a receiver has stored against the corpus that was
// replayed. It reads raw data only, never a figure of the agent about itself.
package check

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/infrastructure-agent-testbed/corpus"
	"example.com/infrastructure-agent-testbed/internal/receiver"
)

// maxErrorPercent is the largest error of a percentile, as goal G-3 has it.
const maxErrorPercent = 1.0

// windowTicks is how many ticks a sketch covers in the replay's configuration.
const windowTicks = 60

// Inputs are what a scenario is judged by.
type Inputs struct {
	Ticks    []corpus.Tick
	Batches  []receiver.Batch
	AgentLog string
	Answer   func(receiver.Query) (receiver.Answer, error)
}

// result is the verdict on one check.
type result struct {
	name   string
	detail string
	err    error
}

// checker judges one aspect. The detail says what was seen.
type checker struct {
	name  string
	judge func(Inputs) (detail string, err error)
}

// scenarios lists the checks of each scenario.
func scenarios() map[string][]checker {
	return map[string][]checker{
		"dualwrite": {
			{"raw ticks equal the corpus", rawEqualsCorpus},
			{"sketches conserve all counts", sketchesConserve},
			{"streams have no gap and no wrong order", streamsComplete},
			{"sketch answers agree with raw data", answersFrom(receiver.SourceSketch)},
		},
		"nrdb_write": {
			{"metrics of every tick are stored", metricsComplete},
			{"stored sums equal the corpus", sumsEqualCorpus},
			{"streams have no gap and no wrong order", streamsComplete},
			{"queries after a restart of the store are right", answersFrom(receiver.SourceSketch)},
			{"sketches are smaller than raw data", compression},
		},
		"query_router_fallback": {
			{"no sketch reached the store", noSketches},
			{"raw ticks equal the corpus", rawEqualsCorpus},
			{"queries fall back to raw data", answersFrom(receiver.SourceRaw)},
			{"SketchFallback is in the agent's log", fallbackLogged},
			{"SketchFallback is stored as a log record", fallbackStored},
		},
	}
}

// Run judges a scenario, prints one line a check and returns the exit code:
// 0 all hold, 1 some do not, 2 wrong usage.
func Run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(stderr)
	scenario := flags.String("scenario", "", "dualwrite, nrdb_write or query_router_fallback")
	corpusFile := flags.String("corpus", "", "corpus that was replayed")
	store := flags.String("store", "", "folder of the receiver")
	url := flags.String("receiver", "", "base URL of the receiver")
	log := flags.String("log", "", "log of the agent")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	checks, known := scenarios()[*scenario]
	if !known {
		fmt.Fprintf(stderr, "check: unknown scenario %q\n", *scenario)
		return 2
	}
	inputs, err := load(*corpusFile, *store, *log)
	if err != nil {
		fmt.Fprintf(stderr, "check: %v\n", err)
		return 2
	}
	inputs.Answer = asker(*url)
	return report(stdout, *scenario, judge(checks, inputs))
}

func judge(checks []checker, in Inputs) []result {
	results := make([]result, len(checks))
	for i, c := range checks {
		detail, err := c.judge(in)
		results[i] = result{name: c.name, detail: detail, err: err}
	}
	return results
}

func report(out io.Writer, scenario string, results []result) int {
	code := 0
	for _, r := range results {
		if r.err != nil {
			code = 1
			fmt.Fprintf(out, "FAIL %s: %s: %v\n", scenario, r.name, r.err)
			continue
		}
		fmt.Fprintf(out, "ok   %s: %s: %s\n", scenario, r.name, r.detail)
	}
	return code
}

func load(corpusFile, store, log string) (Inputs, error) {
	file, err := os.Open(corpusFile)
	if err != nil {
		return Inputs{}, err
	}
	defer file.Close()
	_, ticks, err := corpus.Read(file)
	if err != nil {
		return Inputs{}, fmt.Errorf("%s: %w", corpusFile, err)
	}
	if _, err := os.Stat(filepath.Join(store, receiver.BatchesFile)); err != nil {
		return Inputs{}, err
	}
	opened, err := receiver.OpenStore(store)
	if err != nil {
		return Inputs{}, err
	}
	text, err := os.ReadFile(log)
	if err = errors.Join(err, opened.Close()); err != nil {
		return Inputs{}, err
	}
	return Inputs{Ticks: ticks, Batches: opened.Batches(), AgentLog: string(text)}, nil
}

func fallbackLogged(in Inputs) (string, error) {
	for _, line := range strings.Split(in.AgentLog, "\n") {
		if strings.Contains(line, "AgentDiagEvent SketchFallback") {
			return "found", nil
		}
	}
	return "", errors.New("no line with AgentDiagEvent SketchFallback")
}
