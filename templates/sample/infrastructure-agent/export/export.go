// Package export delivers metrics, raw ticks, sketches and diagnostic events
// as OTLP/HTTP JSON. It never blocks the tick loop on the network: each stream
// has a bounded queue and a worker of its own.
package export

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"example.com/infrastructure-agent/model"
)

const (
	metricsPath   = "/v1/metrics"
	logsPath      = "/v1/logs"
	streamMetrics = "metrics"
	streamLogs    = "logs"
)

var (
	metricsFields = [2]string{"resourceMetrics", "scopeMetrics"}
	logsFields    = [2]string{"resourceLogs", "scopeLogs"}
)

// Breaker decides whether a delivery may be tried.
type Breaker interface {
	// Allow returns false, and how long to wait, while no try is welcome.
	Allow() (allowed bool, wait time.Duration)
	Success()
	Failure()
}

// Reporter takes diagnostic events: single ones, and conditions that begin
// and end.
type Reporter interface {
	Emit(model.Event)
	Raise(condition string, e model.Event)
	Clear(condition string, e model.Event)
}

// Options configure a Module. All fields are required unless they say else.
type Options struct {
	Endpoint       string // base URL of the OTLP receiver, without a path
	SketchEndpoint string // base URL of the sketch sink; empty: Endpoint
	RunID          string // stamped on every batch
	Sketches       bool   // deliver sketches, with raw ticks as their fallback
	DualWrite      bool   // write raw ticks beside sketches
	Timeout        time.Duration
	QueueSize      int
	BatchSize      int
	RetryInitial   time.Duration
	RetryMax       time.Duration
	SlowAfter      time.Duration
	Patience       time.Duration // how long a full queue blocks; 0: not at all
	Breaker        Breaker
	SketchBreaker  Breaker
	Reporter       Reporter
	Measure        func(work func()) // accounts the CPU of work to this module
}

// Report is everything about one tick that is exported.
type Report struct {
	Snapshot  model.Snapshot
	Selection model.Selection
	Sketches  []model.SketchEnvelope // windows that closed with this tick
	Self      []Metric               // what the agent says about itself
}

// Module is the export stage.
type Module struct {
	options  Options
	client   *client
	metrics  *lane
	logs     *lane
	fallback *fallback // nil when sketches are off
	started  time.Time
	raw      atomic.Uint64
	cancel   context.CancelFunc
}

// New returns a module that sends nothing before Init.
func New(o Options) (*Module, error) {
	res, err := json.Marshal(resource{Attributes: keyValues([]Attribute{
		{"service.name", "infrastructure-agent"}, {"service.version", model.Version}, {"run_id", o.RunID},
	})})
	if err != nil {
		return nil, fmt.Errorf("export: encode resource: %w", err)
	}
	c := newClient(o.Timeout)
	m := &Module{
		options: o, client: c,
		metrics: newLane(streamMetrics, metricsPath, metricsFields, o, res, c),
		logs:    newLane(streamLogs, logsPath, logsFields, o, res, c),
	}
	if o.Sketches {
		m.fallback = newFallback(o, res, c, m.writeRaw)
	}
	return m, nil
}

// Init starts the workers. They outlive ctx: Shutdown ends them.
func (m *Module) Init(context.Context) error {
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	m.started = time.Now()
	go m.metrics.run(ctx)
	go m.logs.run(ctx)
	if m.fallback != nil {
		go m.fallback.run(ctx)
	}
	return nil
}

// Resources reports what waits to be delivered.
func (m *Module) Resources() model.ResourceUsage {
	const processBytes = 56
	var usage model.ResourceUsage
	for _, l := range []*lane{m.metrics, m.logs} {
		items, bytes := l.queue.size()
		usage.Items += items
		usage.Bytes += int64(bytes)
	}
	if m.fallback != nil {
		ticks, processes := m.fallback.size()
		usage.Items += ticks
		usage.Bytes += int64(processes * processBytes)
	}
	return usage
}

// Shutdown delivers what is queued until ctx ends, then drops the rest and
// says so.
func (m *Module) Shutdown(ctx context.Context) error {
	if m.cancel == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, m.cancel)
	defer stop()
	defer m.cancel()
	if m.fallback != nil {
		m.fallback.stop()
	}
	m.metrics.stop()
	m.logs.stop()
	m.client.close()
	if n := m.Dropped(); n > 0 {
		return fmt.Errorf("export: %d batches or records were not delivered", n)
	}
	return nil
}

// Publish queues a tick. It runs on the tick loop.
func (m *Module) Publish(r Report) error {
	scope, seq := m.metrics.scope(r.Selection.Tick)
	metrics := append(processMetrics(r.Selection), m.ownMetrics()...)
	payload, err := encodeMetrics(scope, append(metrics, r.Self...), m.started, r.Snapshot.Time)
	if err != nil {
		return fmt.Errorf("export: encode tick %d: %w", r.Selection.Tick, err)
	}
	m.metrics.put(seq, payload)
	switch {
	case m.fallback != nil:
		m.fallback.observe(r.Snapshot, r.Sketches)
	case m.options.DualWrite:
		m.writeRaw(r.Snapshot)
	}
	return nil
}

// Flush queues windows that were closed before their time.
func (m *Module) Flush(envelopes []model.SketchEnvelope) {
	if m.fallback != nil && len(envelopes) > 0 {
		m.fallback.send(envelopes, time.Now())
	}
}

// Event queues a diagnostic event as a log record.
func (m *Module) Event(e model.Event) {
	m.log(e.Tick, eventRecord(e))
}

func (m *Module) writeRaw(s model.Snapshot) {
	encoded, err := rawRecord(s)
	if err != nil {
		m.logs.drop(1, err.Error())
		return
	}
	m.raw.Add(1)
	m.log(s.Tick, encoded)
}

func (m *Module) log(tick int, encoded logRecord) {
	scope, seq := m.logs.scope(tick)
	payload, err := encodeLogs(scope, []logRecord{encoded})
	if err != nil {
		m.logs.drop(1, err.Error())
		return
	}
	m.logs.put(seq, payload)
}

// Dropped is the number of batches or records that could not be delivered.
func (m *Module) Dropped() uint64 { return m.metrics.dropped.Load() + m.logs.dropped.Load() }

// Sent is the number of batches that a receiver accepted.
func (m *Module) Sent() uint64 { return m.metrics.sent.Load() + m.logs.sent.Load() }

// RawWrites is the number of ticks that were queued raw.
func (m *Module) RawWrites() uint64 { return m.raw.Load() }

func (m *Module) ownMetrics() []Metric {
	var sent, dropped, retries, queued []Point
	for _, l := range []*lane{m.metrics, m.logs} {
		stream := []Attribute{{"stream", l.stream}}
		items, _ := l.queue.size()
		sent = append(sent, Point{float64(l.sent.Load()), stream})
		dropped = append(dropped, Point{float64(l.dropped.Load()), stream})
		retries = append(retries, Point{float64(l.retries.Load()), stream})
		queued = append(queued, Point{float64(items), stream})
	}
	metrics := []Metric{
		{MetricExportSent, UnitCount, Counter, sent},
		{MetricExportDropped, UnitCount, Counter, dropped},
		{MetricExportRetries, UnitCount, Counter, retries},
		{MetricExportQueue, UnitCount, Gauge, queued},
		Single(MetricRawWrites, UnitCount, Counter, float64(m.raw.Load())),
	}
	if m.fallback != nil {
		metrics = append(metrics, Single(MetricSketchWrites, UnitCount, Counter, float64(m.fallback.written.Load())))
	}
	return metrics
}

func processMetrics(s model.Selection) []Metric {
	cpu := Metric{Name: MetricProcessCPU, Unit: UnitMillis}
	rss := Metric{Name: MetricProcessRSS, Unit: UnitBytes}
	for _, p := range s.Top {
		identity := []Attribute{{"pid", int64(p.PID)}, {"start", int64(p.Start)}, {"name", p.Name}}
		cpu.Points = append(cpu.Points, Point{p.CPUMillis, identity})
		rss.Points = append(rss.Points, Point{float64(p.RSS), identity})
	}
	return []Metric{
		cpu, rss,
		Single(MetricOtherCPU, UnitMillis, Gauge, s.Other.CPUMillis),
		Single(MetricOtherRSS, UnitBytes, Gauge, float64(s.Other.RSS)),
		Single(MetricOtherCount, UnitCount, Gauge, float64(s.Other.Count)),
	}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
