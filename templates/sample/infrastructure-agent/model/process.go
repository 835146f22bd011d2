// Package model holds the values that modules hand to each other. It mirrors
// the envelopes in proto/agent/v1 and imports no other package of the agent.
package model

import "time"

// Identity tells processes apart: PIDs are reused, (PID, Start) is not.
type Identity struct {
	PID   int
	Start uint64
}

// Process is what one process used during one tick.
type Process struct {
	PID       int     `json:"pid"`
	Start     uint64  `json:"start"` // clock ticks after boot
	Name      string  `json:"name"`
	CPUMillis float64 `json:"cpu_ms"`
	RSS       uint64  `json:"rss"` // bytes
}

// Identity returns what tells p apart from every other process.
func (p Process) Identity() Identity { return Identity{PID: p.PID, Start: p.Start} }

// Snapshot is every live process at one tick.
type Snapshot struct {
	Tick      int
	Time      time.Time
	Processes []Process
}

// Aggregate sums processes that are not exported one by one.
type Aggregate struct {
	Count     int     `json:"count"`
	CPUMillis float64 `json:"cpu_ms"`
	RSS       uint64  `json:"rss"`
}

// Add counts p in.
func (a *Aggregate) Add(p Process) {
	a.Count++
	a.CPUMillis += p.CPUMillis
	a.RSS += p.RSS
}

// Selection is one line of topn.jsonl: the processes exported one by one, and
// the sum of all others.
type Selection struct {
	Tick          int       `json:"tick"`
	TimeUnixMilli int64     `json:"time_unix_ms,omitempty"` // live runs only
	N             int       `json:"n"`
	Top           []Process `json:"top"`
	Other         Aggregate `json:"other"`
}
