package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"example.com/infrastructure-agent/agent"
	"example.com/infrastructure-agent/config"
	"example.com/infrastructure-agent/model"
	"example.com/infrastructure-agent/output"
)

// patience is how long a full export queue may hold up the replay. A replay is
// not bound to the clock, so it waits rather than drop data.
const patience = 10 * time.Second

// Options configure Run.
type Options struct {
	Corpus string // file to read
	Out    string // folder to write
	Config config.Config
	Log    *slog.Logger
}

// Run takes a corpus through the pipeline. The files of the output folder
// appear together when all is well, or not at all.
func Run(ctx context.Context, o Options) error {
	file, err := os.Open(o.Corpus)
	if err != nil {
		return fmt.Errorf("read corpus: %w", err)
	}
	defer file.Close()
	out, err := output.Open(o.Out, output.Atomic)
	if err != nil {
		return err
	}
	summary, err := run(ctx, o, file, out)
	if err == nil {
		err = out.Commit(summary)
	}
	return errors.Join(err, out.Close())
}

func run(ctx context.Context, o Options, file io.Reader, out *output.Dir) (Summary, error) {
	pipeline, err := agent.NewPipeline(agent.PipelineOptions{
		Config: o.Config, Log: o.Log, Output: out, Patience: patience,
	})
	if err != nil {
		return Summary{}, err
	}
	if err := pipeline.Start(ctx); err != nil {
		return Summary{}, err
	}
	summary, err := feed(ctx, o.Corpus, file, pipeline)
	var wrong *CorpusError
	if errors.As(err, &wrong) {
		pipeline.Reporter.Emit(model.Event{
			Name: model.EventCorpusInvalid, Module: model.ModuleAgent, Severity: model.SeverityError,
			Message: err.Error(),
		})
	}
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), config.Seconds(o.Config.ShutdownSeconds))
	defer cancel()
	return summary, errors.Join(err, pipeline.Stop(deadline))
}

func feed(ctx context.Context, name string, file io.Reader, pipeline *agent.Pipeline) (Summary, error) {
	reader, err := NewReader(name, file)
	if err != nil {
		return Summary{}, err
	}
	total := tally{}
	for {
		if err := ctx.Err(); err != nil {
			return Summary{}, fmt.Errorf("replay stopped: %w", err)
		}
		snapshot, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return total.summary(reader.Header()), nil
		}
		if err != nil {
			return Summary{}, err
		}
		selection, err := pipeline.Process(snapshot)
		if err != nil {
			return Summary{}, err
		}
		total.add(snapshot, selection)
	}
}
