package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"example.com/infrastructure-agent/config"
	"example.com/infrastructure-agent/model"
	"example.com/infrastructure-agent/output"
)

// Source yields the processes of a host.
type Source interface {
	Module
	Scan() ([]model.Process, error)
}

// Options configure an Agent.
type Options struct {
	Config config.Config
	Reload func() (config.Config, error) // reads the configuration anew
	Log    *slog.Logger
	Source Source
	Ticks  <-chan time.Time // one value a tick; the agent does not close it
	Now    func() time.Time
}

// Agent watches a host until it is told to stop.
type Agent struct {
	options  Options
	config   config.Config
	pipeline *Pipeline
	out      *output.Dir
	last     time.Time
	tick     int
}

// maxClockStep is how far the wall clock may move against the monotonic clock
// within one tick.
const maxClockStep = time.Second

// New composes an agent. Nothing runs before Run.
func New(o Options) (*Agent, error) {
	a := &Agent{options: o, config: o.Config}
	if FeaturesOf(o.Config).Files {
		out, err := output.Open(o.Config.OutDir, output.Live)
		if err != nil {
			return nil, err
		}
		a.out = out
	}
	pipeline, err := NewPipeline(PipelineOptions{Config: o.Config, Log: o.Log, Output: a.out})
	if err != nil {
		return nil, errors.Join(err, a.closeOutput())
	}
	pipeline.Add(model.ModuleCollector, o.Source)
	a.pipeline = pipeline
	return a, nil
}

// Run watches the host until ctx ends, then delivers what is queued and stops
// within the configured time. A value on reload makes it read its
// configuration anew.
func (a *Agent) Run(ctx context.Context, reload <-chan struct{}) error {
	if err := a.pipeline.Start(ctx); err != nil {
		return errors.Join(err, a.closeOutput())
	}
	a.last = a.options.Now()
	a.options.Log.Info("agent started", "version", model.Version,
		"interval", a.config.Interval().String(), "features", FeaturesOf(a.config))
	for {
		select {
		case <-ctx.Done():
			return a.stop()
		case <-reload:
			a.reload()
		case <-a.options.Ticks:
			a.runTick()
		}
	}
}

func (a *Agent) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), config.Seconds(a.config.ShutdownSeconds))
	defer cancel()
	err := errors.Join(a.pipeline.Stop(ctx), a.closeOutput())
	a.options.Log.Info("agent stopped", "ticks", a.tick)
	return err
}

func (a *Agent) closeOutput() error {
	if a.out == nil {
		return nil
	}
	return a.out.Close()
}

func (a *Agent) runTick() {
	now := a.options.Now()
	elapsed := now.Sub(a.last)
	a.checkTime(now, elapsed)
	a.last = now
	var processes []model.Process
	scanned := a.pipeline.Watchdog.Run(model.ModuleCollector, func() (err error) {
		processes, err = a.options.Source.Scan()
		return err
	})
	if scanned {
		_, err := a.pipeline.Process(model.Snapshot{Tick: a.tick, Time: now, Processes: processes})
		a.pipeline.Watchdog.Outcome(model.ModuleAgent, err)
		a.tick++
	}
	a.pipeline.Watchdog.EndTick(elapsed)
}

// checkTime reports ticks that come late and a wall clock that was moved.
func (a *Agent) checkTime(now time.Time, elapsed time.Duration) {
	attributes := map[string]string{
		"elapsed": elapsed.Round(time.Millisecond).String(), "interval": a.config.Interval().String(),
	}
	if elapsed > 2*a.config.Interval() {
		a.pipeline.Reporter.Raise("tick-overrun", model.Event{
			Name: model.EventTickOverrun, Module: model.ModuleAgent, Severity: model.SeverityWarning,
			Message: "a tick came late: the host or the agent is overloaded", Attributes: attributes,
		})
	} else {
		a.pipeline.Reporter.Clear("tick-overrun", model.Event{
			Name: model.EventTickOnTime, Module: model.ModuleAgent, Severity: model.SeverityInfo,
			Message: "ticks come in time again", Attributes: attributes,
		})
	}
	step := now.Round(0).Sub(a.last.Round(0)) - elapsed
	if step.Abs() > maxClockStep {
		a.pipeline.Reporter.Emit(model.Event{
			Name: model.EventClockJump, Module: model.ModuleAgent, Severity: model.SeverityWarning,
			Message:    "the wall clock was moved",
			Attributes: map[string]string{"step": step.Round(time.Millisecond).String()},
		})
	}
}

// reload applies a changed configuration. An invalid one changes nothing.
func (a *Agent) reload() {
	next, err := a.options.Reload()
	if err == nil {
		err = a.pipeline.Reconfigure(next)
	}
	if err != nil {
		a.pipeline.Reporter.Emit(model.Event{
			Name: model.EventConfigInvalid, Module: model.ModuleAgent, Severity: model.SeverityError,
			Message: fmt.Sprintf("the configuration stays as it was: %v", err),
		})
		return
	}
	restart := config.RestartKeys(a.config, next)
	a.pipeline.Reporter.Emit(model.Event{
		Name: model.EventConfigReloaded, Module: model.ModuleAgent, Severity: model.SeverityInfo,
		Message:    "the configuration was read again",
		Attributes: map[string]string{"needs_restart": strings.Join(restart, ",")},
	})
}
