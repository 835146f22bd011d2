// Package corpus describes, generates and reads the replay corpus.
//
// A corpus is a JSON-lines file: one header line, then one line a tick. The
// same parameters give the same bytes on every platform: the generator draws
// from an explicitly seeded PCG source and computes with integers, or with
// single IEEE-754 operations whose result is rounded before it is written.
package corpus

import (
	"errors"
	"fmt"
	"slices"
)

// Version is the version of the corpus format.
const Version = 1

// Header is the first line of a corpus.
type Header struct {
	Type            string `json:"type"`
	Version         int    `json:"version"`
	Seed            uint64 `json:"seed"`
	Processes       int    `json:"processes"`
	Ticks           int    `json:"ticks"`
	IntervalSeconds int    `json:"interval_seconds"`
	Profile         string `json:"profile"`
}

// Process is what one process used in one tick. (PID, Start) identifies it.
type Process struct {
	PID   int     `json:"pid"`
	Start uint64  `json:"start"`
	Name  string  `json:"name"`
	CPU   float64 `json:"cpu_ms"`
	RSS   uint64  `json:"rss"`
}

// Tick is one line of a corpus after the header.
type Tick struct {
	Type      string    `json:"type"`
	Tick      int       `json:"tick"`
	Processes []Process `json:"processes"`
}

// Profile names a way to make up processes.
type Profile string

// The profiles that Generate knows.
const (
	Standard     Profile = "standard"
	HighPIDChurn Profile = "high_pid_churn"
	Edges        Profile = "edges"
)

// Profiles lists every profile in the order in which help texts show them.
func Profiles() []Profile { return []Profile{Standard, HighPIDChurn, Edges} }

// The smallest and largest parameters that Generate accepts.
const (
	MinProcesses = 50
	MaxProcesses = 20000
	MaxTicks     = 100000
)

// Params are the inputs of Generate.
type Params struct {
	Profile   Profile
	Seed      uint64
	Processes int
	Ticks     int
}

// Validate reports every parameter that is out of range.
func (p Params) Validate() error {
	var problems []error
	if !slices.Contains(Profiles(), p.Profile) {
		problems = append(problems, fmt.Errorf("profile %q is unknown; use one of %v", p.Profile, Profiles()))
	}
	if p.Processes < MinProcesses || p.Processes > MaxProcesses {
		problems = append(problems, fmt.Errorf("processes is %d; use %d to %d", p.Processes, MinProcesses, MaxProcesses))
	}
	if p.Ticks < 1 || p.Ticks > MaxTicks {
		problems = append(problems, fmt.Errorf("ticks is %d; use 1 to %d", p.Ticks, MaxTicks))
	}
	return errors.Join(problems...)
}

// Header returns the header line for these parameters.
func (p Params) Header() Header {
	return Header{
		Type: "header", Version: Version, Seed: p.Seed, Processes: p.Processes,
		Ticks: p.Ticks, IntervalSeconds: 1, Profile: string(p.Profile),
	}
}
