package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"example.com/infrastructure-agent/config"
	"example.com/infrastructure-agent/diag"
	"example.com/infrastructure-agent/export"
	"example.com/infrastructure-agent/model"
	"example.com/infrastructure-agent/output"
	"example.com/infrastructure-agent/sampler"
	"example.com/infrastructure-agent/sketch"
	"example.com/infrastructure-agent/watchdog"
)

// The breakers around deliveries. A module's own breaker has its name.
const (
	breakerOTLP   = "otlp"
	breakerSketch = "sketch_sink"
)

// Pipeline takes snapshots through sampling, sketching, files and export. The
// live agent and the replay both drive it. It is not safe for concurrent use.
type Pipeline struct {
	Reporter *diag.Reporter
	Watchdog *watchdog.Module

	features Features
	log      *slog.Logger
	modules  []namedModule
	sampler  *sampler.Module
	sketch   *sketch.Module // nil when switched off
	export   *export.Module // nil when switched off
	out      *output.Dir    // nil when switched off
	drill    drill
}

// PipelineOptions configure NewPipeline.
type PipelineOptions struct {
	Config   config.Config
	Log      *slog.Logger
	Output   *output.Dir   // nil: no files
	Patience time.Duration // how long a full export queue blocks; 0: not at all
}

// NewPipeline builds the modules that the configuration asks for.
func NewPipeline(o PipelineOptions) (*Pipeline, error) {
	c := o.Config
	p := &Pipeline{
		Reporter: diag.NewReporter(config.Seconds(c.EventRepeatSeconds), time.Now),
		features: FeaturesOf(c), log: o.Log, out: o.Output,
		drill: drill{percent: c.DrillSamplerCPU, interval: c.Interval(), threadCPU: watchdog.ThreadCPU},
	}
	p.Reporter.AddSink(logSink(o.Log))
	if p.out != nil {
		p.Reporter.AddSink(p.fileSink)
	}
	failures := c.BreakerFailures
	if !p.features.Breakers {
		failures = 0
	}
	p.Watchdog = watchdog.New(watchdog.Options{
		Limits: limitsOf(c), Window: c.LimitWindowTicks,
		BreakerFailures: failures, BreakerCooldown: config.Seconds(c.BreakerOpenSeconds),
		Reporter: p.Reporter, Now: time.Now,
		ThreadCPU: watchdog.ThreadCPU, ProcessCPU: watchdog.ProcessCPU, ResidentBytes: watchdog.ResidentBytes,
	})
	p.modules = append(p.modules, namedModule{model.ModuleWatchdog, p.Watchdog})
	if err := p.addStages(c, o.Patience); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Pipeline) addStages(c config.Config, patience time.Duration) (err error) {
	if p.features.Export {
		p.export, err = export.New(export.Options{
			Endpoint: c.OTLPEndpoint, SketchEndpoint: c.SketchEndpoint, RunID: c.RunID,
			Sketches: p.features.Sketches, DualWrite: p.features.DualWrite,
			Timeout:   config.Seconds(c.ExportTimeoutSeconds),
			QueueSize: c.ExportQueueSize, BatchSize: c.ExportBatchSize,
			RetryInitial: config.Seconds(c.RetryInitialSeconds), RetryMax: config.Seconds(c.RetryMaxSeconds),
			SlowAfter: config.Seconds(c.ExportSlowSeconds), Patience: patience,
			Breaker: p.Watchdog.Breaker(breakerOTLP), SketchBreaker: p.Watchdog.Breaker(breakerSketch),
			Reporter: p.Reporter,
			Measure:  func(work func()) { p.Watchdog.Measure(model.ModuleExport, work) },
		})
		if err != nil {
			return err
		}
		p.Reporter.AddSink(p.export.Event)
		p.modules = append(p.modules, namedModule{model.ModuleExport, p.export})
	}
	if p.features.Sketches {
		if p.sketch, err = sketch.NewModule(c.SketchWindowTicks); err != nil {
			return err
		}
		p.modules = append(p.modules, namedModule{model.ModuleSketch, p.sketch})
	}
	if p.sampler, err = sampler.New(c.TopN); err != nil {
		return err
	}
	p.modules = append(p.modules, namedModule{model.ModuleSampler, p.sampler})
	return nil
}

func limitsOf(c config.Config) watchdog.Limits {
	const mega = 1e6
	return watchdog.Limits{
		CPU: map[string]float64{
			model.ModuleCollector: c.MaxCollectorCPU, model.ModuleSampler: c.MaxSamplerCPU,
			model.ModuleSketch: c.MaxSketchCPU, model.ModuleExport: c.MaxExportCPU,
		},
		RSSBytes: int64(c.MaxAgentRSS * mega),
	}
}

// Add puts a module under the pipeline's life cycle. Call it before Start.
func (p *Pipeline) Add(name string, m Module) { p.modules = append(p.modules, namedModule{name, m}) }

// Start makes all modules ready.
func (p *Pipeline) Start(ctx context.Context) error { return initAll(ctx, p.modules) }

// Reconfigure applies the keys that do not need a restart.
func (p *Pipeline) Reconfigure(c config.Config) error {
	p.Reporter.SetRepeat(config.Seconds(c.EventRepeatSeconds))
	p.Watchdog.SetLimits(limitsOf(c), c.LimitWindowTicks)
	p.drill.percent = c.DrillSamplerCPU
	return p.sampler.SetTopN(c.TopN)
}

// Process takes one snapshot through all stages. When the sampler fails or its
// breaker is open, all processes are counted in the aggregate, so that totals
// stay exact. An error says that the output folder could not be written.
func (p *Pipeline) Process(snapshot model.Snapshot) (model.Selection, error) {
	p.Reporter.SetTick(snapshot.Tick)
	var selection model.Selection
	sampled := p.Watchdog.Guard(model.ModuleSampler, func() (err error) {
		p.drill.run()
		selection, err = p.sampler.Sample(snapshot)
		return err
	})
	if !sampled {
		selection = aggregateOnly(snapshot)
	}
	var windows []model.SketchEnvelope
	if p.sketch != nil {
		p.Watchdog.Run(model.ModuleSketch, func() (err error) {
			windows, err = p.sketch.Observe(snapshot)
			return err
		})
	}
	if !snapshot.Time.IsZero() {
		selection.TimeUnixMilli = snapshot.Time.UnixMilli()
	}
	if err := p.write(selection, windows); err != nil {
		return selection, err
	}
	if p.export == nil {
		return selection, nil
	}
	report := export.Report{Snapshot: snapshot, Selection: selection, Sketches: windows, Self: p.selfMetrics(snapshot)}
	if report.Snapshot.Time.IsZero() {
		report.Snapshot.Time = time.Now()
	}
	p.Watchdog.Run(model.ModuleExport, func() error { return p.export.Publish(report) })
	return selection, nil
}

// aggregateOnly is the selection while the sampler does not run.
func aggregateOnly(snapshot model.Snapshot) model.Selection {
	selection := model.Selection{Tick: snapshot.Tick, Top: []model.Process{}}
	for _, process := range snapshot.Processes {
		selection.Other.Add(process)
	}
	return selection
}

func (p *Pipeline) write(selection model.Selection, windows []model.SketchEnvelope) error {
	if p.out == nil {
		return nil
	}
	if err := p.out.Selection(selection); err != nil {
		return err
	}
	return p.writeSketches(windows)
}

func (p *Pipeline) writeSketches(windows []model.SketchEnvelope) error {
	if p.out == nil {
		return nil
	}
	for _, window := range windows {
		if err := p.out.Sketch(window); err != nil {
			return err
		}
	}
	return nil
}

// Stop closes the open window, delivers what is queued until ctx ends, and
// shuts all modules down.
func (p *Pipeline) Stop(ctx context.Context) error {
	var problems []error
	if p.sketch != nil {
		windows := p.sketch.Flush()
		problems = append(problems, p.writeSketches(windows))
		if p.export != nil {
			p.export.Flush(windows)
		}
	}
	problems = append(problems, shutdownAll(ctx, p.modules))
	if p.export != nil {
		p.log.Info("export finished", "batches_sent", p.export.Sent(),
			"batches_dropped", p.export.Dropped(), "raw_writes", p.export.RawWrites())
	}
	return errors.Join(problems...)
}

func (p *Pipeline) fileSink(e model.Event) {
	if err := p.out.Event(e); err != nil {
		p.log.Error(fmt.Sprintf("event is not in the output folder: %v", err))
	}
}
