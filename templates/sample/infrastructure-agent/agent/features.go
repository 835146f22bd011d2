package agent

import "example.com/infrastructure-agent/config"

// Features are the parts of the agent that a configuration can switch.
type Features struct {
	Sketches    bool // keep distributions of all processes
	Export      bool // deliver to an OTLP receiver
	DualWrite   bool // write raw ticks beside sketches
	SelfMetrics bool // export what the agent itself uses
	Breakers    bool // stop work that keeps failing
	Files       bool // write JSON lines into a folder
	Profiles    bool // serve pprof on a loopback address
}

// FeaturesOf reads the switches of a configuration.
func FeaturesOf(c config.Config) Features {
	return Features{
		Sketches:    c.SketchEnable,
		Export:      c.OTLPEndpoint != "",
		DualWrite:   c.DualWriteEnable,
		SelfMetrics: c.SelfMetricsEnable,
		Breakers:    c.BreakerEnable,
		Files:       c.OutDir != "",
		Profiles:    c.PprofListen != "",
	}
}
