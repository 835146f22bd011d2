package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	"example.com/infrastructure-agent/agent"
	"example.com/infrastructure-agent/collector"
	"example.com/infrastructure-agent/config"
	"example.com/infrastructure-agent/replay"
)

func runCommand(ctx context.Context, args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	file := flags.String("config", "", "configuration file")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *file == "" {
		return fmt.Errorf("%w: --config is missing", errUsage)
	}
	c, err := load(*file)
	if err != nil {
		return err
	}
	limitProcess(c)
	log := agent.NewLogger(stderr, c.RunID)
	ticker := time.NewTicker(c.Interval())
	defer ticker.Stop()
	a, err := agent.New(agent.Options{
		Config: c, Log: log, Source: collector.New(c.ProcRoot),
		Reload: func() (config.Config, error) {
			next, err := config.Load(*file)
			if next.RunID == "" {
				next.RunID = c.RunID
			}
			return next, err
		},
		Ticks: ticker.C, Now: time.Now,
	})
	if err != nil {
		return err
	}
	if agent.FeaturesOf(c).Profiles {
		profiles := agent.NewProfiles(c.PprofListen)
		if err := profiles.Init(ctx); err != nil {
			return err
		}
		defer stopProfiles(profiles)
		log.Info("profiles are served", "address", profiles.Address())
	}
	reload := make(chan struct{}, 1)
	defer onReloadSignal(reload)()
	return a.Run(ctx, reload)
}

// stopProfiles does not wait for a profile that is being taken.
func stopProfiles(p *agent.Profiles) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = p.Shutdown(ctx) // the process ends anyway
}

func replayCommand(ctx context.Context, args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	corpus := flags.String("corpus", "", "corpus to read")
	out := flags.String("out", "", "folder to write")
	file := flags.String("config", "", "configuration file")
	otlp := flags.String("otlp", "", "OTLP endpoint to deliver to; overrides otlp_endpoint")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *corpus == "" || *out == "" {
		return fmt.Errorf("%w: --corpus and --out are needed", errUsage)
	}
	c, err := load(*file)
	if err != nil {
		return err
	}
	if *otlp != "" {
		if err := config.CheckEndpoint(*otlp); err != nil {
			return fmt.Errorf("%w: --otlp %v", errUsage, err)
		}
		c.OTLPEndpoint = *otlp
	}
	return replay.Run(ctx, replay.Options{
		Corpus: *corpus, Out: *out, Config: c, Log: agent.NewLogger(stderr, c.RunID),
	})
}

// load reads a configuration, or the default one if file is empty, and makes
// up a run ID where none is given.
func load(file string) (config.Config, error) {
	c, err := config.Default(), error(nil)
	if file != "" {
		c, err = config.Load(file)
	}
	if err != nil || c.RunID != "" {
		return c, err
	}
	const idBytes = 8
	id := make([]byte, idBytes)
	if _, err := rand.Read(id); err != nil {
		return c, errors.Join(errors.New("make a run ID"), err)
	}
	c.RunID = hex.EncodeToString(id)
	return c, nil
}

// limitProcess keeps the agent small: one thread runs Go code at a time, and
// the collector of garbage works harder before memory reaches the limit.
func limitProcess(c config.Config) {
	const mega = 1_000_000
	runtime.GOMAXPROCS(1)
	debug.SetMemoryLimit(int64(c.MemoryLimitMB) * mega)
}
