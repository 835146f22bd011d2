package sketch

import (
	"context"
	"fmt"
	"sync"

	"example.com/infrastructure-agent/model"
)

// Module sketches CPU and RSS of all processes, window by window. Observe and
// Flush run on the tick loop; Resources may be called from any goroutine.
type Module struct {
	window int

	mu   sync.Mutex
	cpu  *Sketch
	rss  *Sketch
	from int
	next int
	open bool
}

// NewModule returns a module whose windows are window ticks long.
func NewModule(window int) (*Module, error) {
	if window < 1 {
		return nil, fmt.Errorf("sketch: window is %d ticks; use 1 or more", window)
	}
	cpu, err := New(DefaultAlpha)
	if err != nil {
		return nil, err
	}
	rss, err := New(DefaultAlpha)
	if err != nil {
		return nil, err
	}
	return &Module{window: window, cpu: cpu, rss: rss}, nil
}

// Init opens no window yet: the first observed tick does.
func (m *Module) Init(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reset()
	return nil
}

// Resources reports the buckets of the open window.
func (m *Module) Resources() model.ResourceUsage {
	m.mu.Lock()
	defer m.mu.Unlock()
	const counterBytes = 8
	buckets := m.cpu.Buckets() + m.rss.Buckets()
	return model.ResourceUsage{Items: buckets, Bytes: int64(buckets * counterBytes)}
}

// Shutdown drops the open window. Call Flush first to keep it.
func (m *Module) Shutdown(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reset()
	return nil
}

// Observe adds all processes of a tick. When the tick is the last of its
// window it returns the window's envelopes. A process with a value that no
// sketch can hold is an error; the rest of the tick is still counted.
func (m *Module) Observe(snapshot model.Snapshot) ([]model.SketchEnvelope, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.open {
		m.open = true
		m.from = snapshot.Tick - snapshot.Tick%m.window
	}
	var first error
	for _, p := range snapshot.Processes {
		if err := m.add(p); err != nil && first == nil {
			first = err
		}
	}
	m.next = snapshot.Tick + 1
	if m.next < m.from+m.window {
		return nil, first
	}
	return m.close(), first
}

func (m *Module) add(p model.Process) error {
	if err := m.cpu.Add(p.CPUMillis); err != nil {
		return fmt.Errorf("cpu_ms of process %d: %w", p.PID, err)
	}
	return m.rss.Add(float64(p.RSS))
}

// Flush closes the open window early and returns its envelopes, if any.
func (m *Module) Flush() []model.SketchEnvelope {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.open {
		return nil
	}
	return m.close()
}

func (m *Module) close() []model.SketchEnvelope {
	envelopes := []model.SketchEnvelope{
		m.cpu.Envelope(model.SketchCPU, m.from, m.next),
		m.rss.Envelope(model.SketchRSS, m.from, m.next),
	}
	m.reset()
	return envelopes
}

func (m *Module) reset() {
	m.cpu.Reset()
	m.rss.Reset()
	m.open = false
}
