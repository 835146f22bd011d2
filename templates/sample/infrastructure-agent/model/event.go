package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// EventType marks diagnostic events in every log and file.
const EventType = "AgentDiagEvent"

// Severity says whether a person should look.
type Severity string

// The severities of diagnostic events.
const (
	SeverityInfo    Severity = "info"
	SeverityWarning Severity = "warning"
	SeverityError   Severity = "error"
)

// The names of diagnostic events. docs/runbook.md explains each.
const (
	EventModuleOverLimit   = "ModuleOverLimit"
	EventModuleWithinLimit = "ModuleWithinLimit"
	EventModuleFailed      = "ModuleFailed"
	EventModuleRestored    = "ModuleRestored"
	EventBreakerOpen       = "BreakerOpen"
	EventBreakerHalfOpen   = "BreakerHalfOpen"
	EventBreakerClosed     = "BreakerClosed"
	EventSketchFallback    = "SketchFallback"
	EventSketchRestored    = "SketchRestored"
	EventExportRetry       = "ExportRetry"
	EventExportRecovered   = "ExportRecovered"
	EventExportDropped     = "ExportDropped"
	EventExportSlow        = "ExportSlow"
	EventExportFast        = "ExportFast"
	EventConfigReloaded    = "ConfigReloaded"
	EventConfigInvalid     = "ConfigInvalid"
	EventCorpusInvalid     = "CorpusInvalid"
	EventTickOverrun       = "TickOverrun"
	EventTickOnTime        = "TickOnTime"
	EventClockJump         = "ClockJump"
)

// Event is one diagnostic event.
type Event struct {
	Type       string            `json:"type"`
	Name       string            `json:"event"`
	Module     string            `json:"module"`
	Tick       int               `json:"tick"`
	Severity   Severity          `json:"severity"`
	Message    string            `json:"message"`
	Attributes map[string]string `json:"attributes"`
	Time       time.Time         `json:"-"`
}

// Text renders e on one line, attributes in alphabetical order. Values with
// spaces are quoted:
//
//	AgentDiagEvent ModuleOverLimit module=sampler tick=7 limit_percent=0.1 ...
func (e Event) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s module=%s tick=%d", EventType, e.Name, e.Module, e.Tick)
	keys := make([]string, 0, len(e.Attributes))
	for key := range e.Attributes {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		value := e.Attributes[key]
		if value == "" || strings.ContainsAny(value, " \"") {
			value = strconv.Quote(value)
		}
		fmt.Fprintf(&b, " %s=%s", key, value)
	}
	return b.String()
}
