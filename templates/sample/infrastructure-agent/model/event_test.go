package model

import "testing"

func TestEventTextIsOneSearchableLine(t *testing.T) {
	e := Event{
		Name: EventModuleOverLimit, Module: ModuleSampler, Tick: 7,
		Attributes: map[string]string{"limit_percent": "0.1", "cpu_percent": "0.25", "reason": "too busy", "note": ""},
	}
	want := `AgentDiagEvent ModuleOverLimit module=sampler tick=7 cpu_percent=0.25 limit_percent=0.1 note="" reason="too busy"`
	if got := e.Text(); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestAggregateAddsUp(t *testing.T) {
	var a Aggregate
	a.Add(Process{PID: 1, CPUMillis: 1.5, RSS: 10})
	a.Add(Process{PID: 2, CPUMillis: 2.5, RSS: 20})
	if want := (Aggregate{Count: 2, CPUMillis: 4, RSS: 30}); a != want {
		t.Fatalf("got %+v, want %+v", a, want)
	}
}

func TestIdentityTellsReusedPIDsApart(t *testing.T) {
	if (Process{PID: 1, Start: 1}).Identity() == (Process{PID: 1, Start: 2}).Identity() {
		t.Fatal("a reused PID has the identity of the process before it")
	}
}
