// Package watchdog governs the agent itself: it measures what each module
// uses, compares that with limits, and stops work that does harm.
package watchdog

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"example.com/infrastructure-agent/model"
)

// Reporter takes diagnostic events: single ones, and conditions that begin
// and end.
type Reporter interface {
	Emit(model.Event)
	Raise(condition string, e model.Event)
	Clear(condition string, e model.Event)
}

// Limits are what modules may use.
type Limits struct {
	CPU      map[string]float64 // module -> percent of one core
	RSSBytes int64              // of the whole agent
}

// Options configure a Module.
type Options struct {
	Limits          Limits
	Window          int           // ticks over which CPU is averaged
	BreakerFailures int           // failures in a row that open a breaker; 0: never
	BreakerCooldown time.Duration // time that a breaker stays open
	Reporter        Reporter
	Now             func() time.Time
	ThreadCPU       func() time.Duration
	ProcessCPU      func() time.Duration
	ResidentBytes   func() int64
}

// Usage is what the agent used in the last interval.
type Usage struct {
	AgentCPU float64            // percent of one core
	RSSBytes int64              // resident memory
	Modules  map[string]float64 // module -> percent of one core
}

// Module is the self-governance stage. EndTick runs on the tick loop; all
// other methods may be called from any goroutine.
type Module struct {
	options Options
	meter   *meter

	mu         sync.Mutex
	limits     Limits
	breakers   map[string]*Breaker
	names      []string
	processCPU time.Duration
	usage      Usage
}

// New returns a module with all breakers closed.
func New(o Options) *Module {
	return &Module{
		options: o, limits: o.Limits, meter: newMeter(o.Window, o.ThreadCPU),
		breakers: make(map[string]*Breaker),
	}
}

// Init starts the accounting.
func (m *Module) Init(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.processCPU = m.options.ProcessCPU()
	return nil
}

// Resources reports the breakers.
func (m *Module) Resources() model.ResourceUsage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return model.ResourceUsage{Items: len(m.breakers)}
}

// Shutdown has nothing to release.
func (m *Module) Shutdown(context.Context) error { return nil }

// Breaker returns the breaker of that name, and makes it if need be.
func (m *Module) Breaker(name string) *Breaker {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b, exists := m.breakers[name]; exists {
		return b
	}
	b := &Breaker{
		name: name, failures: m.options.BreakerFailures, cooldown: m.options.BreakerCooldown,
		now: m.options.Now, reporter: m.options.Reporter,
	}
	m.breakers[name] = b
	m.names = append(m.names, name)
	return b
}

// States returns the state of each breaker, in the order of their making.
func (m *Module) States() (names []string, states []State) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range m.names {
		states = append(states, m.breakers[name].State())
	}
	return m.names, states
}

// Measure runs work and accounts its CPU to module.
func (m *Module) Measure(module string, work func()) { m.meter.measure(module, work) }

// Run measures work and reports whether it succeeded. A failure is reported
// as an event, and so is the first success after it.
func (m *Module) Run(module string, work func() error) bool {
	var err error
	m.Measure(module, func() { err = work() })
	m.Outcome(module, err)
	return err == nil
}

// Outcome reports how the work of a module ended.
func (m *Module) Outcome(module string, err error) {
	if err != nil {
		m.options.Reporter.Raise("failed-"+module, model.Event{
			Name: model.EventModuleFailed, Module: module, Severity: model.SeverityError, Message: err.Error(),
		})
		return
	}
	m.options.Reporter.Clear("failed-"+module, model.Event{
		Name: model.EventModuleRestored, Module: module, Severity: model.SeverityInfo,
		Message: "the module works again",
	})
}

// Guard is Run under the breaker of module: while the breaker is open, work
// is left out. It reports whether work ran and succeeded.
func (m *Module) Guard(module string, work func() error) bool {
	breaker := m.Breaker(module)
	if allowed, _ := breaker.Allow(); !allowed {
		return false
	}
	if !m.Run(module, work) {
		breaker.Failure()
		return false
	}
	return true
}

// SetLimits replaces the limits and the window. Breakers close and averages
// start anew, so that the next verdict rests on the new limits alone.
func (m *Module) SetLimits(limits Limits, window int) {
	m.mu.Lock()
	m.limits = limits
	m.meter.reset(window)
	m.mu.Unlock()
	for module := range limits.CPU {
		if b := m.guardOf(module); b != nil {
			b.Reset()
		}
	}
}

// guardOf returns the breaker of a module that runs under one, or nil.
func (m *Module) guardOf(module string) *Breaker {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.breakers[module]
}

// EndTick closes an interval that took elapsed, and judges it.
func (m *Module) EndTick(elapsed time.Duration) Usage {
	if elapsed <= 0 {
		return m.Usage()
	}
	shares := m.meter.closeInterval(elapsed)
	used := m.options.ProcessCPU()
	m.mu.Lock()
	m.usage = Usage{
		AgentCPU: 100 * float64(used-m.processCPU) / float64(elapsed),
		RSSBytes: m.options.ResidentBytes(),
		Modules:  make(map[string]float64, len(shares)),
	}
	m.processCPU = used
	for module, s := range shares {
		m.usage.Modules[module] = s.last
	}
	usage, limits := m.usage, m.limits
	m.mu.Unlock()
	for module, s := range shares {
		if limit, limited := limits.CPU[module]; limited && s.full {
			m.judgeCPU(module, s, limit)
		}
	}
	m.judgeMemory(usage.RSSBytes, limits.RSSBytes)
	return usage
}

// Usage returns what the last interval used.
func (m *Module) Usage() Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.usage
}

func (m *Module) judgeCPU(module string, s share, limit float64) {
	attributes := map[string]string{
		"resource": "cpu", "cpu_percent": percent(s.mean), "limit_percent": percent(limit),
	}
	m.judge("cpu-"+module, module, s.mean > limit, attributes)
	breaker := m.guardOf(module)
	switch {
	case breaker == nil:
	case s.mean <= limit:
		breaker.Success()
	default:
		breaker.Failure()
		if breaker.State() == Open {
			m.meter.forget(module)
		}
	}
}

func (m *Module) judgeMemory(rss, limit int64) {
	const mega = 1e6
	m.judge("memory", model.ModuleAgent, rss > limit, map[string]string{
		"resource": "memory", "rss_mb": fmt.Sprintf("%.1f", float64(rss)/mega),
		"limit_mb": fmt.Sprintf("%.1f", float64(limit)/mega),
	})
}

func (m *Module) judge(condition, module string, over bool, attributes map[string]string) {
	if over {
		m.options.Reporter.Raise("limit-"+condition, model.Event{
			Name: model.EventModuleOverLimit, Module: module, Severity: model.SeverityWarning,
			Message: module + " uses more " + attributes["resource"] + " than its limit", Attributes: attributes,
		})
		return
	}
	m.options.Reporter.Clear("limit-"+condition, model.Event{
		Name: model.EventModuleWithinLimit, Module: module, Severity: model.SeverityInfo,
		Message: module + " is within its " + attributes["resource"] + " limit again", Attributes: attributes,
	})
}

func percent(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
