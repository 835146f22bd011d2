package watchdog

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"example.com/infrastructure-agent/diag"
	"example.com/infrastructure-agent/model"
)

// bench is a watchdog whose clocks a test moves by hand.
type bench struct {
	*Module
	wall, thread, process time.Duration
	rss                   int64
	events                []string
}

func newBench(o Options) *bench {
	b := &bench{rss: 10e6}
	now := func() time.Time { return time.Unix(0, 0).Add(b.wall) }
	reporter := diag.NewReporter(10*time.Second, now)
	reporter.AddSink(func(e model.Event) { b.events = append(b.events, e.Name+" "+e.Module) })
	o.Reporter, o.Now = reporter, now
	o.ThreadCPU = func() time.Duration { return b.thread }
	o.ProcessCPU = func() time.Duration { return b.process }
	o.ResidentBytes = func() int64 { return b.rss }
	b.Module = New(o)
	return b
}

func samplerLimit(percent float64) Limits {
	return Limits{CPU: map[string]float64{model.ModuleSampler: percent}, RSSBytes: 100e6}
}

// tick lets the sampler use cpu, and ends an interval of one second. It
// reports whether the sampler ran.
func (b *bench) tick(cpu time.Duration) bool {
	ran := b.Guard(model.ModuleSampler, func() error {
		b.thread += cpu
		return nil
	})
	b.wall += time.Second
	b.process += cpu
	b.EndTick(time.Second)
	return ran
}

func (b *bench) ticks(n int, cpu time.Duration) (ran int) {
	for range n {
		if b.tick(cpu) {
			ran++
		}
	}
	return ran
}

func expect(t *testing.T, b *bench, want ...string) {
	t.Helper()
	if !slices.Equal(b.events, want) {
		t.Fatalf("got  %q\nwant %q", b.events, want)
	}
}

const (
	light = 1 * time.Millisecond // 0.1 % of a one-second interval
	heavy = 9 * time.Millisecond
)

func TestModuleWithinItsLimitIsSilent(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.5), Window: 3, BreakerFailures: 2, BreakerCooldown: time.Minute})
	b.ticks(20, light)
	expect(t, b)
}

func TestOverLimitIsToldOnTheMeanOfAFullWindow(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.5), Window: 3})
	b.ticks(2, heavy)
	expect(t, b)
	b.tick(heavy)
	expect(t, b, "ModuleOverLimit sampler")
	b.ticks(3, light)
	expect(t, b, "ModuleOverLimit sampler", "ModuleWithinLimit sampler")
}

func TestOverLimitIsRepeatedAtTheLimitedRate(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.5), Window: 1})
	b.ticks(21, heavy)
	expect(t, b, "ModuleOverLimit sampler", "ModuleOverLimit sampler", "ModuleOverLimit sampler")
}

func TestHigherLimitClearsTheCondition(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.1), Window: 2})
	b.ticks(3, heavy)
	b.SetLimits(samplerLimit(2), 2)
	b.ticks(2, heavy)
	expect(t, b, "ModuleOverLimit sampler", "ModuleWithinLimit sampler")
}

func TestBreakerStopsAModuleThatStaysOverItsLimit(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.5), Window: 1, BreakerFailures: 3, BreakerCooldown: 5 * time.Second})
	if ran := b.ticks(7, heavy); ran != 3 {
		t.Fatalf("the sampler ran %d times in 7 ticks, want 3", ran)
	}
	expect(t, b, "ModuleOverLimit sampler", "BreakerOpen watchdog")
	if names, states := b.States(); !slices.Equal(names, []string{"sampler"}) || states[0] != Open {
		t.Fatalf("breakers %v are %v", names, states)
	}
	b.events = nil
	if ran := b.ticks(3, light); ran != 2 {
		t.Fatalf("the sampler ran %d times after the cooldown, want 2", ran)
	}
	expect(t, b, "BreakerHalfOpen watchdog", "ModuleWithinLimit sampler", "BreakerClosed watchdog")
}

func TestBreakerOpensAgainWhenTheTrialFails(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.5), Window: 1, BreakerFailures: 2, BreakerCooldown: 3 * time.Second})
	b.ticks(5, heavy)
	b.events = nil
	b.tick(heavy)
	if state := b.Breaker(model.ModuleSampler).State(); state != Open {
		t.Fatalf("the breaker is %v", state)
	}
	expect(t, b, "BreakerHalfOpen watchdog")
}

func TestNewLimitsCloseTheBreaker(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.5), Window: 1, BreakerFailures: 1, BreakerCooldown: time.Hour})
	b.ticks(2, heavy)
	b.SetLimits(samplerLimit(5), 1)
	if !b.tick(heavy) {
		t.Fatal("the sampler did not run under the new limit")
	}
}

func TestFailuresAreToldAndOpenTheBreaker(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(0.5), Window: 1, BreakerFailures: 2, BreakerCooldown: time.Hour})
	fail := func() error { return errors.New("broken") }
	for range 3 {
		if b.Guard(model.ModuleSampler, fail) {
			t.Fatal("failing work was reported as done")
		}
	}
	expect(t, b, "ModuleFailed sampler", "BreakerOpen watchdog")
}

func TestRunTellsFailureAndRecovery(t *testing.T) {
	b := newBench(Options{Window: 1})
	b.Run(model.ModuleCollector, func() error { return errors.New("no /proc") })
	b.Run(model.ModuleCollector, func() error { return errors.New("no /proc") })
	b.Run(model.ModuleCollector, func() error { return nil })
	expect(t, b, "ModuleFailed collector", "ModuleRestored collector")
}

func TestModuleWithoutBreakerIsOnlyReported(t *testing.T) {
	b := newBench(Options{
		Limits: Limits{CPU: map[string]float64{model.ModuleExport: 0.5}, RSSBytes: 100e6},
		Window: 1, BreakerFailures: 1, BreakerCooldown: time.Hour,
	})
	for range 3 {
		b.Measure(model.ModuleExport, func() { b.thread += heavy })
		b.EndTick(time.Second)
	}
	expect(t, b, "ModuleOverLimit export")
}

func TestMemoryLimitOfTheAgent(t *testing.T) {
	b := newBench(Options{Limits: Limits{RSSBytes: 50e6}, Window: 1})
	b.rss = 60e6
	b.EndTick(time.Second)
	b.rss = 40e6
	b.EndTick(time.Second)
	expect(t, b, "ModuleOverLimit agent", "ModuleWithinLimit agent")
}

func TestUsageIsInPercentOfOneCore(t *testing.T) {
	b := newBench(Options{Limits: samplerLimit(50), Window: 1})
	if err := b.Init(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.thread, b.process = 0, 0
	b.tick(20 * time.Millisecond)
	usage := b.Usage()
	if usage.Modules[model.ModuleSampler] != 2 || usage.AgentCPU != 2 || usage.RSSBytes != 10e6 {
		t.Fatalf("got %+v", usage)
	}
	if again := b.EndTick(0); again.AgentCPU != 2 {
		t.Fatalf("an interval without length changed the usage to %+v", again)
	}
}

func TestBreakersCanBeSwitchedOff(t *testing.T) {
	b := newBench(Options{BreakerFailures: 0})
	breaker := b.Breaker("otlp")
	for range 100 {
		breaker.Failure()
	}
	if allowed, _ := breaker.Allow(); !allowed || breaker.State() != Closed {
		t.Fatal("a breaker that is switched off opened")
	}
	if b.Breaker("otlp") != breaker || b.Resources().Items != 1 {
		t.Fatal("a breaker was made twice")
	}
}

func TestOpenBreakerSaysHowLongToWait(t *testing.T) {
	b := newBench(Options{BreakerFailures: 1, BreakerCooldown: 10 * time.Second})
	breaker := b.Breaker("otlp")
	breaker.Failure()
	b.wall += 4 * time.Second
	if allowed, wait := breaker.Allow(); allowed || wait != 6*time.Second {
		t.Fatalf("got %v, %v; want to wait 6s", allowed, wait)
	}
}

func TestRealClocksMove(t *testing.T) {
	runtime.LockOSThread() // the thread's clock is another one on another thread
	defer runtime.UnlockOSThread()
	thread, process := ThreadCPU(), ProcessCPU()
	for range 3_000_000 {
		_ = time.Duration(1).String()
	}
	if ThreadCPU() < thread || ProcessCPU() < process || ResidentBytes() <= 0 {
		t.Fatalf("thread %v to %v, process %v to %v, %d bytes", thread, ThreadCPU(), process, ProcessCPU(), ResidentBytes())
	}
}

func TestShutdownReleasesNothing(t *testing.T) {
	if err := newBench(Options{}).Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
}
