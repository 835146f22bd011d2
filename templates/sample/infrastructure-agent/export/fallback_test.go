package export

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"example.com/infrastructure-agent/model"
)

// rawTicks lists the ticks that were written raw.
func rawTicks(t *testing.T, s *sink) []int {
	t.Helper()
	var ticks []int
	for _, sc := range s.scopes(t, logsPath) {
		for _, r := range sc.Logs {
			if lookup(r.Attributes, attributeRecordType) != recordRaw {
				continue
			}
			n, err := strconv.Atoi(lookup(r.Attributes, "tick"))
			if err != nil {
				t.Fatal(err)
			}
			ticks = append(ticks, n)
		}
	}
	slices.Sort(ticks)
	return ticks
}

func withSketches(sinkURL string) func(*Options) {
	return func(o *Options) { o.Sketches, o.SketchEndpoint = true, sinkURL }
}

func TestSketchesGoToTheirSinkAndNoRawTickIsWritten(t *testing.T) {
	main, sketches := newSink(t, nil), newSink(t, nil)
	f := start(t, main.URL, withSketches(sketches.URL))
	publish(t, f, tick(0), tick(1), windowed(2))
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got := recordTypes(sketches.scopes(t, logsPath)); got[recordSketch] != 2 || len(got) != 1 {
		t.Fatalf("the sketch sink has %v", got)
	}
	if got := rawTicks(t, main); got != nil || f.RawWrites() != 0 || len(f.reporter.names()) != 0 {
		t.Fatalf("raw ticks %v, events %v", got, f.reporter.names())
	}
}

func TestEveryTickOfAWindowThatCannotBeDeliveredIsWrittenRawOnce(t *testing.T) {
	main := newSink(t, nil)
	sketches := newSink(t, func(int, string) int { return http.StatusServiceUnavailable })
	f := start(t, main.URL, withSketches(sketches.URL))
	publish(t, f, tick(0), tick(1), windowed(2), tick(3))
	f.Flush(windowed(3).Sketches)
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got, want := rawTicks(t, main), []int{0, 1, 2, 3}; !slices.Equal(got, want) || f.RawWrites() != 4 {
		t.Fatalf("raw ticks %v, want %v; raw_writes is %d", got, want, f.RawWrites())
	}
	if want := []string{model.EventSketchFallback}; !slices.Equal(f.reporter.names(), want) {
		t.Fatalf("got events %v, want %v", f.reporter.names(), want)
	}
}

func TestRefusedSketchIsReplacedAtOnce(t *testing.T) {
	main := newSink(t, nil)
	sketches := newSink(t, func(int, string) int { return http.StatusBadRequest })
	f := start(t, main.URL, withSketches(sketches.URL))
	publish(t, f, windowed(0))
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got := rawTicks(t, main); !slices.Equal(got, []int{0}) || sketches.n != 1 {
		t.Fatalf("raw ticks %v after %d tries", got, sketches.n)
	}
}

func TestOpenBreakerOfTheSinkMeansRawTicks(t *testing.T) {
	main, sketches := newSink(t, nil), newSink(t, nil)
	f := start(t, main.URL, withSketches(sketches.URL))
	f.sketches.mu.Lock()
	f.sketches.refuse = 1000
	f.sketches.mu.Unlock()
	publish(t, f, tick(0), windowed(1))
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got := rawTicks(t, main); !slices.Equal(got, []int{0, 1}) || sketches.n != 0 {
		t.Fatalf("raw ticks %v, %d requests to the sink", got, sketches.n)
	}
}

func TestSinkThatReturnsEndsTheFallback(t *testing.T) {
	main := newSink(t, nil)
	sketches := newSink(t, func(n int, _ string) int {
		if n <= sketchAttempts {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	})
	f := start(t, main.URL, withSketches(sketches.URL))
	f.Flush(windowed(0).Sketches) // takes all tries that fail
	f.Flush(windowed(1).Sketches)
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if want := []string{model.EventSketchFallback, model.EventSketchRestored}; !slices.Equal(f.reporter.names(), want) {
		t.Fatalf("got events %v, want %v", f.reporter.names(), want)
	}
}

func TestProbeFindsASinkThatIsAway(t *testing.T) {
	main, gone := newSink(t, nil), newSink(t, nil)
	gone.Close()
	f := start(t, main.URL, func(o *Options) {
		o.Sketches, o.SketchEndpoint, o.Patience = true, gone.URL, 20*time.Second
	})
	publish(t, f, tick(0))
	for !f.reporter.has(model.EventSketchFallback) {
		publish(t, f, tick(1)) // each tick asks for a probe
	}
	publish(t, f, tick(2))
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got := rawTicks(t, main); !slices.Contains(got, 2) {
		t.Fatalf("raw ticks %v; want tick 2 among them", got)
	}
}

func TestDualWriteWritesEveryTick(t *testing.T) {
	for name, sketches := range map[string]bool{"with sketches": true, "without sketches": false} {
		main := newSink(t, nil)
		f := start(t, main.URL, func(o *Options) { o.DualWrite, o.Sketches = true, sketches })
		publish(t, f, tick(0), windowed(1))
		if err := f.finish(t); err != nil {
			t.Fatal(err)
		}
		if got := rawTicks(t, main); !slices.Equal(got, []int{0, 1}) {
			t.Errorf("%s: raw ticks %v", name, got)
		}
	}
}

func TestBufferOfRawTicksIsBoundedAndALossIsReported(t *testing.T) {
	main := newSink(t, nil)
	sketches := newSink(t, func(int, string) int { return http.StatusBadRequest })
	f := start(t, main.URL, withSketches(sketches.URL))
	f.fallback.mu.Lock()
	huge := model.Snapshot{Processes: make([]model.Process, maxBufferedProcesses)}
	f.fallback.keep(rawTick{snapshot: huge})
	f.fallback.keep(rawTick{snapshot: tick(1).Snapshot})
	f.fallback.mu.Unlock()
	if usage := f.Resources(); usage.Items != 1 {
		t.Errorf("usage is %+v, want one tick", usage)
	}
	f.Flush(windowed(1).Sketches)
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got := rawTicks(t, main); !slices.Equal(got, []int{1}) || !f.reporter.has(model.EventExportDropped) {
		t.Fatalf("raw ticks %v, events %v", got, f.reporter.names())
	}
}

func TestTooManyWaitingWindowsBecomeRaw(t *testing.T) {
	release := make(chan struct{})
	main := newSink(t, nil)
	sketches := newSink(t, func(int, string) int {
		<-release
		return http.StatusOK
	})
	f := start(t, main.URL, withSketches(sketches.URL))
	for n := range windowBacklog + 3 {
		publish(t, f, windowed(n))
	}
	close(release)
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	sent := recordTypes(sketches.scopes(t, logsPath))[recordSketch] / 2
	if raw := len(rawTicks(t, main)); raw == 0 || raw+sent < windowBacklog+3 {
		t.Fatalf("%d windows were sent and %d written raw, of %d", sent, raw, windowBacklog+3)
	}
}
