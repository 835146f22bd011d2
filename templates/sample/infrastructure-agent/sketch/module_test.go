package sketch

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"testing"

	"example.com/infrastructure-agent/model"
)

func snapshot(tick int, cpu ...float64) model.Snapshot {
	s := model.Snapshot{Tick: tick}
	for i, v := range cpu {
		s.Processes = append(s.Processes, model.Process{PID: i + 1, CPUMillis: v, RSS: uint64(1000 * (i + 1))})
	}
	return s
}

func newTestModule(t *testing.T, window int) *Module {
	t.Helper()
	m, err := NewModule(window)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(context.Background()); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWindowsCoverAllTicks(t *testing.T) {
	m := newTestModule(t, 3)
	var envelopes []model.SketchEnvelope
	for tick := range 8 {
		closed, err := m.Observe(snapshot(tick, 1, 2, 0))
		if err != nil {
			t.Fatal(err)
		}
		envelopes = append(envelopes, closed...)
	}
	envelopes = append(envelopes, m.Flush()...)
	want := []struct {
		metric   string
		from, to int
		count    uint64
	}{
		{"cpu_ms", 0, 3, 9}, {"rss", 0, 3, 9}, {"cpu_ms", 3, 6, 9}, {"rss", 3, 6, 9}, {"cpu_ms", 6, 8, 6}, {"rss", 6, 8, 6},
	}
	if len(envelopes) != len(want) {
		t.Fatalf("got %d envelopes, want %d", len(envelopes), len(want))
	}
	for i, w := range want {
		e := envelopes[i]
		if e.Metric != w.metric || e.FromTick != w.from || e.ToTick != w.to || e.Count != w.count {
			t.Errorf("envelope %d is %s [%d, %d) with %d values, want %+v", i, e.Metric, e.FromTick, e.ToTick, e.Count, w)
		}
	}
	if again := m.Flush(); again != nil {
		t.Errorf("a second flush gave %v", again)
	}
}

func TestInvalidProcessIsReportedAndTheRestCounted(t *testing.T) {
	m := newTestModule(t, 1)
	closed, err := m.Observe(snapshot(0, 1, math.NaN(), 3))
	if !errors.Is(err, ErrValue) {
		t.Fatalf("got error %v", err)
	}
	if len(closed) != 2 || closed[0].Count != 2 {
		t.Fatalf("got %+v, want two cpu values", closed)
	}
}

func TestModuleReportsWhatItHolds(t *testing.T) {
	m := newTestModule(t, 10)
	if _, err := m.Observe(snapshot(0, 1, 50)); err != nil {
		t.Fatal(err)
	}
	if usage := m.Resources(); usage.Items == 0 || usage.Bytes == 0 {
		t.Fatalf("usage is %+v", usage)
	}
	if err := m.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if usage := m.Resources(); usage.Items != 0 {
		t.Fatalf("usage after shutdown is %+v", usage)
	}
}

func TestWindowIsChecked(t *testing.T) {
	if _, err := NewModule(0); err == nil {
		t.Fatal("a window of 0 ticks was accepted")
	}
}

func TestEnvelopeSurvivesJSON(t *testing.T) {
	want := fill(t, []float64{0, 0, 1, 5.5, 1e9, 123456789012}).Envelope("rss", 60, 120)
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var decoded model.SketchEnvelope
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	rebuilt, err := FromEnvelope(decoded)
	if err != nil {
		t.Fatal(err)
	}
	if got := rebuilt.Envelope("rss", 60, 120); !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

func TestEmptyEnvelopeHasAnEmptyList(t *testing.T) {
	text, err := json.Marshal(newSketch(t).Envelope("rss", 0, 1).Positive)
	if err != nil || string(text) != `{"offset":0,"counts":[]}` {
		t.Fatalf("got %s, %v", text, err)
	}
}

func TestContradictoryEnvelopesAreRefused(t *testing.T) {
	good := fill(t, []float64{0, 1, 2}).Envelope("m", 0, 1)
	for name, spoil := range map[string]func(*model.SketchEnvelope){
		"alpha":    func(e *model.SketchEnvelope) { e.Alpha = 2 },
		"count":    func(e *model.SketchEnvelope) { e.Count++ },
		"overflow": func(e *model.SketchEnvelope) { e.ZeroCount = math.MaxUint64 },
		"too low":  func(e *model.SketchEnvelope) { e.Positive.Offset = -100000 },
		"too high": func(e *model.SketchEnvelope) { e.Positive.Offset = 100000 },
	} {
		e := good
		spoil(&e)
		if _, err := FromEnvelope(e); !errors.Is(err, ErrEnvelope) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
