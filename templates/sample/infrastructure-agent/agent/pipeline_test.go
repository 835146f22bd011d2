package agent

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/infrastructure-agent/config"
	"example.com/infrastructure-agent/model"
)

// received collects the bodies that an OTLP receiver gets.
type received struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *received) ServeHTTP(_ http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := io.Copy(&r.text, request.Body); err != nil {
		r.text.WriteString(err.Error())
	}
}

func newTestPipeline(t *testing.T, change func(*config.Config)) *Pipeline {
	t.Helper()
	c := config.Default()
	change(&c)
	p, err := NewPipeline(PipelineOptions{Config: c, Log: NewLogger(io.Discard, "nonce")})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p
}

func hostOf(tick int) model.Snapshot {
	processes, _ := (&source{}).Scan()
	return model.Snapshot{Tick: tick, Processes: processes}
}

func TestPipelineExportsProcessesEventsSketchesAndItself(t *testing.T) {
	r := &received{}
	server := httptest.NewServer(r)
	defer server.Close()
	p := newTestPipeline(t, func(c *config.Config) { c.OTLPEndpoint = server.URL })
	p.Reporter.Emit(model.Event{Name: model.EventConfigReloaded, Module: model.ModuleAgent})
	for tick := range 3 {
		if _, err := p.Process(hostOf(tick)); err != nil {
			t.Fatal(err)
		}
		p.Watchdog.EndTick(time.Second)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"process_cpu_ms", "other_rss_bytes", MetricAgentCPU, MetricAgentRSS, MetricAgentTicks, MetricAgentProcesses,
		MetricModuleCPU, MetricModuleItems, MetricModuleBytes, MetricModuleFiles, MetricBreakerState, MetricEvents,
		"AgentDiagEvent.ConfigReloaded", `\"metric\":\"cpu_ms\"`,
	} {
		if !strings.Contains(r.text.String(), want) {
			t.Errorf("%s was not exported", want)
		}
	}
}

func TestFeaturesCanBeSwitchedOff(t *testing.T) {
	r := &received{}
	server := httptest.NewServer(r)
	defer server.Close()
	p := newTestPipeline(t, func(c *config.Config) {
		c.OTLPEndpoint, c.SketchEnable, c.SelfMetricsEnable, c.BreakerEnable = server.URL, false, false, false
	})
	if _, err := p.Process(hostOf(0)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	for _, unwanted := range []string{MetricAgentCPU, `\"metric\":`} {
		if strings.Contains(r.text.String(), unwanted) {
			t.Errorf("%s was exported", unwanted)
		}
	}
}

func TestTotalsStayExactWhileTheSamplerIsStopped(t *testing.T) {
	p := newTestPipeline(t, func(c *config.Config) { c.BreakerFailures = 1 })
	p.Watchdog.Breaker(model.ModuleSampler).Failure()
	selection, err := p.Process(hostOf(0))
	if err != nil {
		t.Fatal(err)
	}
	var want model.Aggregate
	for _, process := range hostOf(0).Processes {
		want.Add(process)
	}
	if selection.N != 0 || selection.Other != want || selection.Top == nil {
		t.Fatalf("got %+v, want all in the aggregate %+v", selection, want)
	}
}

func TestDrillMakesTheSamplerExceedItsLimit(t *testing.T) {
	p := newTestPipeline(t, func(c *config.Config) {
		c.DrillSamplerCPU, c.MaxSamplerCPU, c.LimitWindowTicks = 2, 0.5, 1
	})
	var seen []string
	p.Reporter.AddSink(func(e model.Event) { seen = append(seen, e.Name+" "+e.Module) })
	for tick := range 2 {
		if _, err := p.Process(hostOf(tick)); err != nil {
			t.Fatal(err)
		}
		p.Watchdog.EndTick(time.Second)
		c := config.Default()
		c.MaxSamplerCPU, c.LimitWindowTicks = 50, 1
		if err := p.Reconfigure(c); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"ModuleOverLimit sampler", "ModuleWithinLimit sampler"}; !slices.Equal(seen, want) {
		t.Fatalf("got %v, want %v", seen, want)
	}
}

func TestProfilesAreServedOnTheirAddress(t *testing.T) {
	p := NewProfiles("127.0.0.1:0")
	if err := p.Init(context.Background()); err != nil {
		t.Fatal(err)
	}
	reply, err := http.Get("http://" + p.Address() + "/debug/pprof/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	if err := reply.Body.Close(); err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("status %s, %v", reply.Status, err)
	}
	if p.Resources().OpenFiles != 1 {
		t.Errorf("usage is %+v", p.Resources())
	}
	http.DefaultClient.CloseIdleConnections()
	if err := p.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	taken := NewProfiles(p.Address() + "x")
	if err := taken.Init(context.Background()); err == nil {
		t.Fatal("an invalid address was accepted")
	}
	if err := taken.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestFeaturesReadTheConfiguration(t *testing.T) {
	c := config.Default()
	c.OTLPEndpoint, c.OutDir, c.PprofListen, c.DualWriteEnable = "http://h", "/x", "127.0.0.1:0", true
	want := Features{Sketches: true, Export: true, DualWrite: true, SelfMetrics: true, Breakers: true, Files: true, Profiles: true}
	if got := FeaturesOf(c); got != want {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	if text, err := json.Marshal(want); err != nil || !strings.Contains(string(text), `"Sketches":true`) {
		t.Fatalf("got %s, %v", text, err)
	}
}
