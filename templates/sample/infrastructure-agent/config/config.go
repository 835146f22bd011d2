// Package config reads the agent's configuration: one JSON object in a file.
// It accepts no unknown key, no wrong type and no value out of range, and
// says in which line of which file a problem is.
package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"time"
)

// Config is the agent's configuration. The tags hold the name, the default
// and the valid range of each key; docs/runbook.md explains them. A key with
// reload:"yes" takes effect on SIGHUP, any other at the next start.
type Config struct {
	RunID           string  `json:"run_id" default:""`
	IntervalSeconds float64 `json:"interval_seconds" default:"1" min:"0.1" max:"300"`
	ProcRoot        string  `json:"proc_root" default:"/proc"`
	OutDir          string  `json:"out_dir" default:""`
	PprofListen     string  `json:"pprof_listen" default:""`
	MemoryLimitMB   int     `json:"memory_limit_mb" default:"80" min:"16" max:"4096"`
	ShutdownSeconds float64 `json:"shutdown_seconds" default:"5" min:"0.1" max:"60"`

	TopN              int  `json:"top_n" default:"20" min:"1" max:"256" reload:"yes"`
	SketchEnable      bool `json:"sketch_enable" default:"true"`
	SketchWindowTicks int  `json:"sketch_window_ticks" default:"60" min:"1" max:"3600"`
	SelfMetricsEnable bool `json:"self_metrics_enable" default:"true"`
	BreakerEnable     bool `json:"breaker_enable" default:"true"`
	DualWriteEnable   bool `json:"dual_write_enable" default:"false"`

	OTLPEndpoint         string  `json:"otlp_endpoint" default:""`
	SketchEndpoint       string  `json:"sketch_endpoint" default:""`
	ExportTimeoutSeconds float64 `json:"export_timeout_seconds" default:"3" min:"0.1" max:"60"`
	ExportQueueSize      int     `json:"export_queue_size" default:"600" min:"1" max:"100000"`
	ExportBatchSize      int     `json:"export_batch_size" default:"16" min:"1" max:"1000"`
	ExportSlowSeconds    float64 `json:"export_slow_seconds" default:"0.25" min:"0.001" max:"60"`
	RetryInitialSeconds  float64 `json:"retry_initial_seconds" default:"0.5" min:"0.01" max:"60"`
	RetryMaxSeconds      float64 `json:"retry_max_seconds" default:"10" min:"0.1" max:"300"`

	BreakerFailures    int     `json:"breaker_failures" default:"5" min:"1" max:"100"`
	BreakerOpenSeconds float64 `json:"breaker_open_seconds" default:"10" min:"0.1" max:"600"`
	EventRepeatSeconds float64 `json:"event_repeat_seconds" default:"10" min:"0.1" max:"3600" reload:"yes"`
	LimitWindowTicks   int     `json:"limit_window_ticks" default:"5" min:"1" max:"600" reload:"yes"`

	MaxCollectorCPU float64 `json:"maxCollectorCPU" default:"5" min:"0.001" max:"100" reload:"yes"`
	MaxSamplerCPU   float64 `json:"maxSamplerCPU" default:"0.5" min:"0.001" max:"100" reload:"yes"`
	MaxSketchCPU    float64 `json:"maxSketchCPU" default:"0.5" min:"0.001" max:"100" reload:"yes"`
	MaxExportCPU    float64 `json:"maxExportCPU" default:"2" min:"0.001" max:"100" reload:"yes"`
	MaxAgentRSS     float64 `json:"maxAgentRSS" default:"100" min:"1" max:"100000" reload:"yes"`

	DrillSamplerCPU float64 `json:"drill_sampler_cpu" default:"0" min:"0" max:"20" reload:"yes"`
}

// Seconds converts a number of seconds from the configuration.
func Seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Interval is the time between two ticks.
func (c Config) Interval() time.Duration { return Seconds(c.IntervalSeconds) }

// runIDPattern keeps a run ID safe in logs, URLs and file names.
var runIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{0,128}$`)

// check reports the first rule that spans keys or is not a plain range.
func (c Config) check() (key string, err error) {
	if !runIDPattern.MatchString(c.RunID) {
		return "run_id", fmt.Errorf("is %q; use up to 128 letters, digits, dots, dashes and underscores", c.RunID)
	}
	if c.ProcRoot == "" {
		return "proc_root", fmt.Errorf("is empty; name the folder that /proc is mounted on")
	}
	for _, endpoint := range []struct{ key, value string }{
		{"otlp_endpoint", c.OTLPEndpoint}, {"sketch_endpoint", c.SketchEndpoint},
	} {
		if err := CheckEndpoint(endpoint.value); err != nil {
			return endpoint.key, err
		}
	}
	if c.SketchEndpoint != "" && c.OTLPEndpoint == "" {
		return "sketch_endpoint", fmt.Errorf("needs otlp_endpoint, which takes raw ticks while the sketch sink is away")
	}
	if c.RetryMaxSeconds < c.RetryInitialSeconds {
		return "retry_max_seconds", fmt.Errorf("is %v; use at least retry_initial_seconds, which is %v", c.RetryMaxSeconds, c.RetryInitialSeconds)
	}
	if c.PprofListen != "" {
		return "pprof_listen", checkLoopback(c.PprofListen)
	}
	return "", nil
}

// CheckEndpoint accepts the base URL of an OTLP receiver, or nothing.
func CheckEndpoint(text string) error {
	if text == "" {
		return nil
	}
	parsed, err := url.Parse(text)
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" {
		return fmt.Errorf("is %q; use a URL such as http://127.0.0.1:4318", text)
	}
	if parsed.RawQuery != "" || parsed.Fragment != "" {
		return fmt.Errorf("is %q; leave out the query and the fragment", text)
	}
	return nil
}

func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("is %q; use an address such as 127.0.0.1:6060", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("is %q; profiles are served on a loopback address only", address)
	}
	return nil
}
