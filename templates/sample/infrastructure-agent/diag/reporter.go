// Package diag turns the agent's conditions into diagnostic events: once when
// a condition begins, again at a limited rate while it lasts, once when it
// ends.
package diag

import (
	"sync"
	"time"

	"example.com/infrastructure-agent/model"
)

// Sink receives every event that is let through. It must not block for long.
type Sink func(model.Event)

// Reporter is the one way in which events leave the agent. It is safe for
// concurrent use; sinks are called without a lock held, so a sink may report.
type Reporter struct {
	now    func() time.Time
	repeat time.Duration

	mu     sync.Mutex
	sinks  []Sink
	tick   int
	active map[string]time.Time // condition -> last time it was told
	counts map[string]uint64    // event name -> events let through
}

// NewReporter returns a reporter that repeats a lasting condition each time
// repeat has passed.
func NewReporter(repeat time.Duration, now func() time.Time) *Reporter {
	return &Reporter{
		now: now, repeat: repeat,
		active: make(map[string]time.Time), counts: make(map[string]uint64),
	}
}

// AddSink sends all later events to sink as well.
func (r *Reporter) AddSink(sink Sink) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sinks = append(r.sinks, sink)
}

// SetTick stamps all later events with tick.
func (r *Reporter) SetTick(tick int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tick = tick
}

// SetRepeat changes how often a lasting condition is repeated.
func (r *Reporter) SetRepeat(repeat time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.repeat = repeat
}

// Emit reports an event that is no condition.
func (r *Reporter) Emit(e model.Event) {
	r.mu.Lock()
	r.deliver(e)
}

// Raise reports that condition holds. The event goes out when the condition
// is new, or was told the last time longer ago than the repeat interval.
func (r *Reporter) Raise(condition string, e model.Event) {
	r.mu.Lock()
	told, holds := r.active[condition]
	now := r.now()
	if holds && now.Sub(told) < r.repeat {
		r.mu.Unlock()
		return
	}
	r.active[condition] = now
	r.deliver(e)
}

// Clear reports that condition has ended. It does nothing if the condition
// did not hold.
func (r *Reporter) Clear(condition string, e model.Event) {
	r.mu.Lock()
	if _, holds := r.active[condition]; !holds {
		r.mu.Unlock()
		return
	}
	delete(r.active, condition)
	r.deliver(e)
}

// Counts returns how many events of each name went out.
func (r *Reporter) Counts() map[string]uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := make(map[string]uint64, len(r.counts))
	for name, n := range r.counts {
		counts[name] = n
	}
	return counts
}

// deliver completes e and hands it to the sinks. It releases the lock.
func (r *Reporter) deliver(e model.Event) {
	e.Type = model.EventType
	e.Tick = r.tick
	e.Time = r.now()
	if e.Attributes == nil {
		e.Attributes = map[string]string{}
	}
	r.counts[e.Name]++
	sinks := r.sinks
	r.mu.Unlock()
	for _, sink := range sinks {
		sink(e)
	}
}
