package watchdog

import (
	"runtime"
	"sync"
	"time"
)

// meter adds up the CPU that each module uses, and keeps the last shares of
// one core. It is safe for concurrent use.
type meter struct {
	window    int
	threadCPU func() time.Duration

	mu      sync.Mutex
	pending map[string]time.Duration
	shares  map[string][]float64
}

func newMeter(window int, threadCPU func() time.Duration) *meter {
	return &meter{
		window: window, threadCPU: threadCPU,
		pending: make(map[string]time.Duration), shares: make(map[string][]float64),
	}
}

// measure runs work and accounts its CPU to module. The goroutine stays on
// one thread meanwhile, because the clock is the thread's own.
func (m *meter) measure(module string, work func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := m.threadCPU()
	work()
	used := m.threadCPU() - before
	m.mu.Lock()
	m.pending[module] += max(used, 0)
	m.mu.Unlock()
}

// share is the CPU of a module in percent of one core: of the last interval,
// and the mean over the window. full says whether the window is complete.
type share struct {
	last float64
	mean float64
	full bool
}

// closeInterval turns what was measured since the last call into shares of an
// interval that took elapsed. A module that did not run is left out.
func (m *meter) closeInterval(elapsed time.Duration) map[string]share {
	m.mu.Lock()
	defer m.mu.Unlock()
	result := make(map[string]share, len(m.pending))
	for module, used := range m.pending {
		percent := 100 * float64(used) / float64(elapsed)
		kept := append(m.shares[module], percent)
		if len(kept) > m.window {
			kept = kept[1:]
		}
		m.shares[module] = kept
		var sum float64
		for _, s := range kept {
			sum += s
		}
		result[module] = share{last: percent, mean: sum / float64(len(kept)), full: len(kept) == m.window}
	}
	clear(m.pending)
	return result
}

// forget drops the shares of a module, so that its window starts anew.
func (m *meter) forget(module string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.shares, module)
}

// reset changes the window and drops all shares.
func (m *meter) reset(window int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.window = window
	clear(m.shares)
}
