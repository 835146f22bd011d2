package diag

import (
	"slices"
	"testing"
	"time"

	"example.com/infrastructure-agent/model"
)

// clock is a time that tests move by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newReporter(repeat time.Duration) (*Reporter, *clock, *[]string) {
	c := &clock{at: time.Unix(1000, 0)}
	var seen []string
	r := NewReporter(repeat, c.now)
	r.AddSink(func(e model.Event) { seen = append(seen, e.Name) })
	return r, c, &seen
}

func TestConditionIsToldOnceThenAtTheRepeatRateThenCleared(t *testing.T) {
	r, c, seen := newReporter(10 * time.Second)
	for range 25 { // one call a second
		r.Raise("full", model.Event{Name: "Full"})
		c.at = c.at.Add(time.Second)
	}
	r.Clear("full", model.Event{Name: "Empty"})
	r.Clear("full", model.Event{Name: "Empty"})
	if want := []string{"Full", "Full", "Full", "Empty"}; !slices.Equal(*seen, want) {
		t.Fatalf("got %v, want %v", *seen, want)
	}
}

func TestConditionsAreIndependent(t *testing.T) {
	r, _, seen := newReporter(time.Hour)
	r.Raise("a", model.Event{Name: "A"})
	r.Raise("b", model.Event{Name: "B"})
	r.Clear("a", model.Event{Name: "AEnd"})
	r.Raise("b", model.Event{Name: "B"})
	if want := []string{"A", "B", "AEnd"}; !slices.Equal(*seen, want) {
		t.Fatalf("got %v, want %v", *seen, want)
	}
}

func TestEventsAreStamped(t *testing.T) {
	r, c, _ := newReporter(time.Hour)
	var got model.Event
	r.AddSink(func(e model.Event) { got = e })
	r.SetTick(12)
	r.Emit(model.Event{Name: "X"})
	if got.Type != model.EventType || got.Tick != 12 || !got.Time.Equal(c.at) || got.Attributes == nil {
		t.Fatalf("event lacks its stamp: %+v", got)
	}
}

func TestSinkMayReport(t *testing.T) {
	r, _, seen := newReporter(time.Hour)
	r.AddSink(func(e model.Event) {
		r.Raise("echo", model.Event{Name: "Echo"})
	})
	r.Emit(model.Event{Name: "First"})
	if want := []string{"First", "Echo"}; !slices.Equal(*seen, want) {
		t.Fatalf("got %v, want %v", *seen, want)
	}
}

func TestShorterRepeatTakesEffect(t *testing.T) {
	r, c, seen := newReporter(time.Hour)
	r.Raise("full", model.Event{Name: "Full"})
	r.SetRepeat(time.Second)
	c.at = c.at.Add(time.Second)
	r.Raise("full", model.Event{Name: "Full"})
	if len(*seen) != 2 || r.Counts()["Full"] != 2 {
		t.Fatalf("got %v, counts %v; want two events", *seen, r.Counts())
	}
}
