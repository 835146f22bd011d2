package main

import (
	"encoding/json"
	"os"
)

// plan is what the planner hands over; times are milliseconds after the start, sizes bytes.
type plan struct {
	Run       string    `json:"run"`
	Workload  string    `json:"workload"`
	Seed      uint32    `json:"seed"`
	Digest    string    `json:"digest"`
	Ledger    string    `json:"ledger"`
	SampleMs  int64     `json:"sampleMs"`
	FloorMB   int64     `json:"floorMb"`
	RampMs    int64     `json:"rampMs"`
	Processes []process `json:"processes"`
	Churn     *churn    `json:"churn"`
}

type process struct {
	ID   string  `json:"id"`
	Name string  `json:"name"`
	Args string  `json:"args"`
	At   int64   `json:"at"`
	CPU  float64 `json:"cpu"`
	RSS  int64   `json:"rss"`
	// Changes are sorted by At.
	Changes []change `json:"changes"`
}

// change sets a new CPU share (milliseconds per second) or size from At on; a negative value keeps the old one.
type change struct {
	At  int64   `json:"at"`
	CPU float64 `json:"cpu"`
	RSS int64   `json:"rss"`
}

// churn starts PerSecond short-lived processes a second. With Titles each has a command line and memory of its own;
// without, they share a few pages with the process that starts them, which costs a fifth.
type churn struct {
	PerSecond     float64 `json:"perSecond"`
	From          int64   `json:"from"`
	LifetimeMinMs int64   `json:"lifetimeMinMs"`
	LifetimeMaxMs int64   `json:"lifetimeMaxMs"`
	Names         uint32  `json:"names"`
	Prefix        string  `json:"prefix"`
	Titles        bool    `json:"titles"`
}

// event is one line on stdout. CPU figures are milliseconds since the start: of the planned processes, of the short-lived
// ones, and of the generator itself.
type event struct {
	Event       string  `json:"event"`
	At          int64   `json:"at,omitempty"`
	Message     string  `json:"message,omitempty"`
	Live        int     `json:"live"`
	Planned     int     `json:"planned"`
	Started     int     `json:"started"`
	Ended       int     `json:"ended"`
	Churned     int     `json:"churned"`
	Names       int     `json:"names"`
	LoadCPUMs   float64 `json:"loadCpuMs"`
	ChurnCPUMs  float64 `json:"churnCpuMs"`
	GeneratorMs float64 `json:"generatorCpuMs"`
	RSS         int64   `json:"rss"`
	LateMs      int64   `json:"lateMs"`
	Relieved    int     `json:"relieved"`
	AvailableMB int64   `json:"availableMb"`
}

func report(e event) {
	text, err := json.Marshal(e)
	if err != nil {
		return
	}
	// A reader that went away is noticed on stdin.
	_, _ = os.Stdout.Write(append(text, '\n'))
}

// mix is the planner's hash: the same 32 bits for the same seed and index in both languages.
//
//go:nosplit
func mix(seed, index uint32) uint32 {
	h := seed ^ (index * 0x9e3779b1)
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	h ^= h >> 16
	return h
}
