package export

// The names of the metrics that describe the host's processes.
const (
	MetricProcessCPU = "process_cpu_ms"
	MetricProcessRSS = "process_rss_bytes"
	MetricOtherCPU   = "other_cpu_ms"
	MetricOtherRSS   = "other_rss_bytes"
	MetricOtherCount = "other_count"
)

// The names of the metrics that describe the export itself.
const (
	MetricRawWrites     = "raw_writes"
	MetricSketchWrites  = "sketch_writes"
	MetricExportSent    = "agent_export_sent_total"
	MetricExportDropped = "agent_export_dropped_total"
	MetricExportRetries = "agent_export_retries_total"
	MetricExportQueue   = "agent_export_queue_length"
)

// The units of metrics, in the notation of UCUM.
const (
	UnitMillis  = "ms"
	UnitBytes   = "By"
	UnitCount   = "1"
	UnitPercent = "%"
)

// Kind says how the values of a metric combine over time.
type Kind int

const (
	// Gauge is a value at one moment.
	Gauge Kind = iota
	// Counter is a total since the agent started.
	Counter
)

// Attribute is a dimension of a data point. Value is a string, an int64, a
// float64 or a bool.
type Attribute struct {
	Key   string
	Value any
}

// Point is one value of a metric.
type Point struct {
	Value      float64
	Attributes []Attribute
}

// Metric is a named series of values at one tick.
type Metric struct {
	Name   string
	Unit   string
	Kind   Kind
	Points []Point
}

// Single returns a metric with one point.
func Single(name, unit string, kind Kind, value float64, attributes ...Attribute) Metric {
	return Metric{Name: name, Unit: unit, Kind: kind, Points: []Point{{Value: value, Attributes: attributes}}}
}
