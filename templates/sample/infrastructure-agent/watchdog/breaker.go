package watchdog

import (
	"strconv"
	"sync"
	"time"

	"example.com/infrastructure-agent/model"
)

// State is the state of a circuit breaker.
type State int

// The states of a circuit breaker.
const (
	Closed   State = iota // work is done
	HalfOpen              // work is tried, to find out whether it succeeds again
	Open                  // work is not done
)

// Breaker stops work that keeps failing, and tries it again after a while. It
// is safe for concurrent use.
type Breaker struct {
	name     string
	failures int           // failures in a row that open it; 0: never
	cooldown time.Duration // time in the open state
	now      func() time.Time
	reporter Reporter

	mu     sync.Mutex
	state  State
	failed int
	opened time.Time
}

// Allow reports whether work may be done now, and if not, how long to wait.
func (b *Breaker) Allow() (allowed bool, wait time.Duration) {
	b.mu.Lock()
	if b.state != Open {
		b.mu.Unlock()
		return true, 0
	}
	if wait = b.cooldown - b.now().Sub(b.opened); wait > 0 {
		b.mu.Unlock()
		return false, wait
	}
	b.state = HalfOpen
	b.mu.Unlock()
	b.reporter.Emit(b.event(model.EventBreakerHalfOpen, model.SeverityInfo, "the breaker lets work through on trial"))
	return true, 0
}

// Success reports that work was done.
func (b *Breaker) Success() {
	b.mu.Lock()
	b.failed = 0
	if b.state == Closed {
		b.mu.Unlock()
		return
	}
	b.state = Closed
	b.mu.Unlock()
	b.reporter.Clear(b.condition(), b.event(model.EventBreakerClosed, model.SeverityInfo, "the breaker is closed: work is done again"))
}

// Failure reports that work failed. Enough failures in a row, or one on
// trial, open the breaker.
func (b *Breaker) Failure() {
	b.mu.Lock()
	b.failed++
	if b.failures == 0 || (b.state != HalfOpen && b.failed < b.failures) {
		b.mu.Unlock()
		return
	}
	b.state, b.opened = Open, b.now()
	e := b.event(model.EventBreakerOpen, model.SeverityWarning, "the breaker is open: work is not done for a while")
	e.Attributes["failures"] = strconv.Itoa(b.failed)
	e.Attributes["cooldown"] = b.cooldown.String()
	b.mu.Unlock()
	b.reporter.Raise(b.condition(), e)
}

// Reset closes the breaker and forgets earlier failures.
func (b *Breaker) Reset() { b.Success() }

// State returns the present state.
func (b *Breaker) State() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

func (b *Breaker) condition() string { return "breaker-" + b.name }

func (b *Breaker) event(name string, severity model.Severity, message string) model.Event {
	return model.Event{
		Name: name, Module: model.ModuleWatchdog, Severity: severity, Message: message,
		Attributes: map[string]string{"breaker": b.name},
	}
}
