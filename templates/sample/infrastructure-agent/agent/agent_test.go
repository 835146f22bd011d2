package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/infrastructure-agent/config"
	"example.com/infrastructure-agent/model"
	"example.com/infrastructure-agent/output"
)

// log is a writer that tests read while the agent runs.
type log struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.String()
}

// source is a host that a test makes up.
type source struct {
	initErr  error
	scanErrs []error // taken in turn
	closed   bool
}

func (s *source) Init(context.Context) error { return s.initErr }

func (s *source) Resources() ResourceUsage { return ResourceUsage{Items: 3} }

func (s *source) Shutdown(context.Context) error {
	s.closed = true
	return nil
}

func (s *source) Scan() ([]model.Process, error) {
	if len(s.scanErrs) > 0 {
		err := s.scanErrs[0]
		s.scanErrs = s.scanErrs[1:]
		if err != nil {
			return nil, err
		}
	}
	processes := make([]model.Process, 50)
	for i := range processes {
		processes[i] = model.Process{PID: i + 1, Start: 1, Name: "p", CPUMillis: float64(i), RSS: 1000}
	}
	return processes, nil
}

// rig runs an agent tick by tick: the channels have no buffer, so a send
// returns when the agent takes the value, after the tick before it is done.
type rig struct {
	t      *testing.T
	log    *log
	source *source
	ticks  chan time.Time
	reload chan struct{}
	stop   context.CancelFunc
	done   chan error
	now    time.Time
	step   time.Duration
	next   config.Config
	fault  error
	mu     sync.Mutex
}

func startRig(t *testing.T, change func(*config.Config)) *rig {
	t.Helper()
	r := &rig{
		t: t, log: &log{}, source: &source{}, ticks: make(chan time.Time), reload: make(chan struct{}),
		done: make(chan error, 1), now: time.Now(), step: time.Second,
	}
	c := config.Default()
	c.RunID = "nonce"
	if change != nil {
		change(&c)
	}
	r.next = c
	a, err := New(Options{
		Config: c, Log: NewLogger(r.log, c.RunID), Source: r.source, Ticks: r.ticks,
		Now: func() time.Time {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.now = r.now.Add(r.step)
			return r.now
		},
		Reload: func() (config.Config, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.next, r.fault
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() { r.done <- a.Run(ctx, r.reload) }()
	return r
}

func (r *rig) tick(n int) {
	for range n {
		r.ticks <- time.Time{}
	}
}

func (r *rig) reloadWith(change func(*config.Config), fault error) {
	r.mu.Lock()
	change(&r.next)
	r.fault = fault
	r.mu.Unlock()
	r.reload <- struct{}{}
}

func (r *rig) setStep(step time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.step = step
}

func (r *rig) finish() string {
	r.t.Helper()
	r.stop()
	if err := <-r.done; err != nil {
		r.t.Fatal(err)
	}
	return r.log.String()
}

// events lists the names of the diagnostic events in a log.
func events(t *testing.T, text string) []string {
	t.Helper()
	var names []string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var entry struct {
			Message string      `json:"msg"`
			RunID   string      `json:"run_id"`
			Event   model.Event `json:"event"`
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if entry.RunID != "nonce" {
			t.Fatalf("no run ID in %s", line)
		}
		if entry.Event.Name != "" {
			if !strings.HasPrefix(entry.Message, "AgentDiagEvent "+entry.Event.Name+" module=") {
				t.Fatalf("message of %s is %q", entry.Event.Name, entry.Message)
			}
			names = append(names, entry.Event.Name)
		}
	}
	return names
}

func lines(t *testing.T, folder, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

func TestLiveRunWritesEveryTickAndTheOpenWindow(t *testing.T) {
	folder := t.TempDir()
	r := startRig(t, func(c *config.Config) { c.OutDir, c.SketchWindowTicks = folder, 2 })
	r.tick(5)
	if got := events(t, r.finish()); got != nil {
		t.Errorf("a quiet run has events %v", got)
	}
	top := lines(t, folder, output.TopNFile)
	var last model.Selection
	if err := json.Unmarshal([]byte(top[4]), &last); err != nil {
		t.Fatal(err)
	}
	if len(top) != 5 || last.Tick != 4 || last.N+last.Other.Count != 50 || last.TimeUnixMilli == 0 {
		t.Fatalf("%d ticks, the last is %+v", len(top), last)
	}
	if got := len(lines(t, folder, output.SketchesFile)); got != 6 {
		t.Fatalf("%d sketches, want 3 windows of 2 metrics", got)
	}
	if !r.source.closed {
		t.Error("the source was not shut down")
	}
}

func TestFailedScanIsReportedAndSkipped(t *testing.T) {
	folder := t.TempDir()
	r := startRig(t, func(c *config.Config) { c.OutDir = folder })
	r.source.scanErrs = []error{nil, errors.New("no /proc"), errors.New("no /proc"), nil}
	r.tick(4)
	if got, want := events(t, r.finish()), []string{model.EventModuleFailed, model.EventModuleRestored}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	if got := len(lines(t, folder, output.TopNFile)); got != 2 {
		t.Fatalf("%d ticks were written, want 2", got)
	}
	if got := len(lines(t, folder, output.EventsFile)); got != 2 {
		t.Fatalf("%d events were written, want 2", got)
	}
}

func TestReloadChangesLimitsAndNamesKeysThatNeedARestart(t *testing.T) {
	r := startRig(t, nil)
	r.tick(1)
	r.reloadWith(func(c *config.Config) { c.TopN, c.IntervalSeconds = 5, 2 }, nil)
	r.tick(1)
	text := r.finish()
	if !strings.Contains(text, "AgentDiagEvent ConfigReloaded module=agent tick=0 needs_restart=interval_seconds") {
		t.Fatalf("log is %s", text)
	}
}

func TestInvalidReloadChangesNothing(t *testing.T) {
	r := startRig(t, nil)
	r.reloadWith(func(*config.Config) {}, errors.New("agent.json:3: key \"x\" is unknown"))
	r.reloadWith(func(c *config.Config) { c.TopN = 0 }, nil)
	got := events(t, r.finish())
	if want := []string{model.EventConfigInvalid, model.EventConfigInvalid}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestLateTicksAreReported(t *testing.T) {
	r := startRig(t, nil)
	r.tick(1)
	r.setStep(3 * time.Second)
	r.tick(2)
	r.setStep(time.Second)
	r.tick(2)
	if got, want := events(t, r.finish()), []string{model.EventTickOverrun, model.EventTickOnTime}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestMovedWallClockIsReported(t *testing.T) {
	a, err := New(Options{Config: config.Default(), Log: NewLogger(&log{}, "nonce"), Source: &source{}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	a.pipeline.Reporter.AddSink(func(e model.Event) { seen = append(seen, e.Name) })
	a.last = time.Now()
	now := a.last.Add(time.Second)
	a.checkTime(now, time.Second)
	a.checkTime(now.Round(0).Add(-time.Hour), time.Second) // the wall clock alone
	if want := []string{model.EventClockJump}; !slices.Equal(seen, want) {
		t.Fatalf("got %v, want %v", seen, want)
	}
}

func TestSourceThatCannotStartStopsTheAgent(t *testing.T) {
	s := &source{initErr: errors.New("this is no Linux")}
	c := config.Default()
	c.OutDir = t.TempDir()
	a, err := New(Options{Config: c, Log: NewLogger(&log{}, "nonce"), Source: s, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Run(context.Background(), nil); !errors.Is(err, s.initErr) || !strings.Contains(err.Error(), "start collector") {
		t.Fatalf("got %v", err)
	}
	if !s.closed {
		t.Error("the failed module was not shut down")
	}
}

func TestFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.OutDir = file
	if _, err := New(Options{Config: c, Log: NewLogger(&log{}, "nonce"), Source: &source{}, Now: time.Now}); err == nil {
		t.Fatal("a file was accepted as output folder")
	}
}
