package model

// The metrics that are sketched.
const (
	SketchCPU = "cpu_ms"
	SketchRSS = "rss"
)

// Buckets is a contiguous run of bucket counts. The bucket at position k has
// index Offset+k.
type Buckets struct {
	Offset int      `json:"offset"`
	Counts []uint64 `json:"counts"`
}

// SketchEnvelope is one line of sketches.jsonl: the distribution of a metric
// over all processes of the ticks in [FromTick, ToTick).
type SketchEnvelope struct {
	Metric    string  `json:"metric"`
	FromTick  int     `json:"from_tick"`
	ToTick    int     `json:"to_tick"`
	Alpha     float64 `json:"alpha"`
	Gamma     float64 `json:"gamma"`
	ZeroCount uint64  `json:"zero_count"`
	Positive  Buckets `json:"positive"`
	Count     uint64  `json:"count"`
	Sum       float64 `json:"sum"`
	Min       float64 `json:"min"`
	Max       float64 `json:"max"`
}
