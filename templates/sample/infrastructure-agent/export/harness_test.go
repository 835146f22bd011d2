package export

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"example.com/infrastructure-agent/model"
)

// sink is a receiver that keeps what it gets and replies as a test wants.
type sink struct {
	*httptest.Server
	mu       sync.Mutex
	requests map[string][]json.RawMessage // path -> bodies that were accepted
	reply    func(n int, path string) int // status of the n-th request
	body     string
	n        int
}

func newSink(t testing.TB, reply func(n int, path string) int) *sink {
	t.Helper()
	s := &sink{requests: map[string][]json.RawMessage{}, reply: reply, body: "{}"}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.n++
		status := http.StatusOK
		if s.reply != nil {
			status = s.reply(s.n, r.URL.Path)
		}
		if status == http.StatusOK {
			s.requests[r.URL.Path] = append(s.requests[r.URL.Path], body)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, s.body) // the client's checks find a cut reply
	}))
	t.Cleanup(s.Close)
	return s
}

// scopes returns the scopes that arrived on a path, in their order.
func (s *sink) scopes(t testing.TB, path string) []receivedScope {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []receivedScope
	for _, body := range s.requests[path] {
		var r struct {
			Metrics []struct {
				Scopes []receivedScope `json:"scopeMetrics"`
			} `json:"resourceMetrics"`
			Logs []struct {
				Scopes []receivedScope `json:"scopeLogs"`
			} `json:"resourceLogs"`
		}
		if err := json.Unmarshal(body, &r); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		for _, m := range r.Metrics {
			all = append(all, m.Scopes...)
		}
		for _, l := range r.Logs {
			all = append(all, l.Scopes...)
		}
	}
	return all
}

type receivedScope struct {
	Scope   scope       `json:"scope"`
	Metrics []metric    `json:"metrics"`
	Logs    []logRecord `json:"logRecords"`
}

func (s receivedScope) attribute(key string) string { return lookup(s.Scope.Attributes, key) }

func lookup(attributes []keyValue, key string) string {
	for _, kv := range attributes {
		switch {
		case kv.Key != key:
		case kv.Value.String != nil:
			return *kv.Value.String
		case kv.Value.Int != nil:
			return *kv.Value.Int
		}
	}
	return ""
}

// recordTypes counts log records by their type.
func recordTypes(scopes []receivedScope) map[string]int {
	counts := map[string]int{}
	for _, s := range scopes {
		for _, r := range s.Logs {
			counts[lookup(r.Attributes, attributeRecordType)]++
		}
	}
	return counts
}

// reporter keeps the names of events; a condition is told once.
type reporter struct {
	mu     sync.Mutex
	holds  map[string]bool
	events []model.Event
}

func (r *reporter) Emit(e model.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *reporter) Raise(condition string, e model.Event) {
	r.mu.Lock()
	held := r.holds[condition]
	r.holds[condition] = true
	r.mu.Unlock()
	if !held {
		r.Emit(e)
	}
}

func (r *reporter) Clear(condition string, e model.Event) {
	r.mu.Lock()
	held := r.holds[condition]
	delete(r.holds, condition)
	r.mu.Unlock()
	if held {
		r.Emit(e)
	}
}

func (r *reporter) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	for _, e := range r.events {
		names = append(names, e.Name)
	}
	return names
}

func (r *reporter) has(name string) bool { return slices.Contains(r.names(), name) }

// breaker refuses the next calls as often as refuse says.
type breaker struct {
	mu        sync.Mutex
	refuse    int
	successes int
	failures  int
}

func (b *breaker) Allow() (bool, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse > 0 {
		b.refuse--
		return false, time.Millisecond
	}
	return true, 0
}

func (b *breaker) Success() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.successes++
}

func (b *breaker) Failure() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures++
}

// fixture is a module with its surroundings.
type fixture struct {
	*Module
	reporter *reporter
	breaker  *breaker
	sketches *breaker
}

func start(t testing.TB, endpoint string, change func(*Options)) *fixture {
	t.Helper()
	f := &fixture{
		reporter: &reporter{holds: map[string]bool{}}, breaker: &breaker{}, sketches: &breaker{},
	}
	o := Options{
		Endpoint: endpoint, RunID: "run-1", Timeout: 5 * time.Second, QueueSize: 100, BatchSize: 4,
		RetryInitial: time.Millisecond, RetryMax: 4 * time.Millisecond, SlowAfter: time.Minute,
		Breaker: f.breaker, SketchBreaker: f.sketches, Reporter: f.reporter,
		Measure: func(work func()) { work() },
	}
	if change != nil {
		change(&o)
	}
	m, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	f.Module = m
	if err := m.Init(context.Background()); err != nil {
		t.Fatal(err)
	}
	return f
}

// finish shuts the module down with plenty of time.
func (f *fixture) finish(t testing.TB) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return f.Shutdown(ctx)
}

// tick is a report of a host with two processes.
func tick(n int) Report {
	processes := []model.Process{
		{PID: 1, Start: 10, Name: "heavy", CPUMillis: 90, RSS: 1 << 33},
		{PID: 2, Start: 20, Name: "light", CPUMillis: 0.5, RSS: 1000},
	}
	return Report{
		Snapshot: model.Snapshot{Tick: n, Time: time.Unix(int64(n), 0), Processes: processes},
		Selection: model.Selection{
			Tick: n, N: 1, Top: processes[:1], Other: model.Aggregate{Count: 1, CPUMillis: 0.5, RSS: 1000},
		},
		Self: []Metric{Single("agent_processes", UnitCount, Gauge, 2)},
	}
}

// windowed is a tick that closes a window.
func windowed(n int) Report {
	r := tick(n)
	r.Sketches = []model.SketchEnvelope{
		{Metric: model.SketchCPU, FromTick: 0, ToTick: n + 1, Positive: model.Buckets{Counts: []uint64{}}},
		{Metric: model.SketchRSS, FromTick: 0, ToTick: n + 1, Positive: model.Buckets{Counts: []uint64{}}},
	}
	return r
}

func publish(t testing.TB, f *fixture, reports ...Report) {
	t.Helper()
	for _, r := range reports {
		if err := f.Publish(r); err != nil {
			t.Fatal(err)
		}
	}
}
