package export

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"example.com/infrastructure-agent/model"
)

// The JSON encoding of OTLP: 64-bit integers are decimal strings, field names
// are in lower camel case.
type (
	anyValue struct {
		String *string  `json:"stringValue,omitempty"`
		Bool   *bool    `json:"boolValue,omitempty"`
		Int    *string  `json:"intValue,omitempty"`
		Double *float64 `json:"doubleValue,omitempty"`
	}
	keyValue struct {
		Key   string   `json:"key"`
		Value anyValue `json:"value"`
	}
	resource struct {
		Attributes []keyValue `json:"attributes"`
	}
	scope struct {
		Name       string     `json:"name"`
		Version    string     `json:"version"`
		Attributes []keyValue `json:"attributes"`
	}
	dataPoint struct {
		Attributes []keyValue `json:"attributes"`
		Start      string     `json:"startTimeUnixNano,omitempty"`
		Time       string     `json:"timeUnixNano"`
		Value      float64    `json:"asDouble"`
	}
	gauge struct {
		DataPoints []dataPoint `json:"dataPoints"`
	}
	sum struct {
		DataPoints  []dataPoint `json:"dataPoints"`
		Temporality int         `json:"aggregationTemporality"`
		Monotonic   bool        `json:"isMonotonic"`
	}
	metric struct {
		Name  string `json:"name"`
		Unit  string `json:"unit"`
		Gauge *gauge `json:"gauge,omitempty"`
		Sum   *sum   `json:"sum,omitempty"`
	}
	scopeMetrics struct {
		Scope   scope    `json:"scope"`
		Metrics []metric `json:"metrics"`
	}
	logRecord struct {
		Time           string     `json:"timeUnixNano"`
		Observed       string     `json:"observedTimeUnixNano"`
		SeverityNumber int        `json:"severityNumber"`
		SeverityText   string     `json:"severityText"`
		Body           anyValue   `json:"body"`
		Attributes     []keyValue `json:"attributes"`
	}
	scopeLogs struct {
		Scope      scope       `json:"scope"`
		LogRecords []logRecord `json:"logRecords"`
	}
)

const (
	scopeName            = "example.com/infrastructure-agent"
	cumulative           = 2 // AGGREGATION_TEMPORALITY_CUMULATIVE
	severityNumberInfo   = 9
	severityNumberWarn   = 13
	severityNumberError  = 17
	attributeRecordType  = "record_type"
	recordEvent          = "event"
	recordRaw            = "raw"
	recordSketch         = "sketch"
	attributeBatchSeq    = "batch_seq"
	attributeBatchStream = "batch_stream"
)

func value(v any) anyValue {
	switch v := v.(type) {
	case string:
		return anyValue{String: &v}
	case bool:
		return anyValue{Bool: &v}
	case float64:
		return anyValue{Double: &v}
	case int64:
		text := strconv.FormatInt(v, 10)
		return anyValue{Int: &text}
	default:
		text := fmt.Sprint(v)
		return anyValue{String: &text}
	}
}

func keyValues(attributes []Attribute) []keyValue {
	out := make([]keyValue, len(attributes))
	for i, a := range attributes {
		out[i] = keyValue{Key: a.Key, Value: value(a.Value)}
	}
	return out
}

func nanos(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

// encodeMetrics returns one element of scopeMetrics.
func encodeMetrics(in scope, metrics []Metric, start, at time.Time) (json.RawMessage, error) {
	out := scopeMetrics{Scope: in, Metrics: make([]metric, 0, len(metrics))}
	for _, m := range metrics {
		points := make([]dataPoint, len(m.Points))
		for i, p := range m.Points {
			points[i] = dataPoint{Attributes: keyValues(p.Attributes), Time: nanos(at), Value: p.Value}
			if m.Kind == Counter {
				points[i].Start = nanos(start)
			}
		}
		encoded := metric{Name: m.Name, Unit: m.Unit}
		if m.Kind == Counter {
			encoded.Sum = &sum{DataPoints: points, Temporality: cumulative, Monotonic: true}
		} else {
			encoded.Gauge = &gauge{DataPoints: points}
		}
		out.Metrics = append(out.Metrics, encoded)
	}
	return json.Marshal(out)
}

// encodeLogs returns one element of scopeLogs.
func encodeLogs(in scope, records []logRecord) (json.RawMessage, error) {
	return json.Marshal(scopeLogs{Scope: in, LogRecords: records})
}

func eventRecord(e model.Event) logRecord {
	attributes := []Attribute{
		{attributeRecordType, recordEvent},
		{"event.name", model.EventType + "." + e.Name},
		{"event", e.Name}, {"module", e.Module}, {"tick", int64(e.Tick)}, {"message", e.Message},
	}
	for _, key := range sortedKeys(e.Attributes) {
		attributes = append(attributes, Attribute{"attributes." + key, e.Attributes[key]})
	}
	number := severityNumberInfo
	switch e.Severity {
	case model.SeverityWarning:
		number = severityNumberWarn
	case model.SeverityError:
		number = severityNumberError
	}
	return record(e.Time, number, string(e.Severity), e.Text(), attributes)
}

func record(at time.Time, number int, severity, body string, attributes []Attribute) logRecord {
	return logRecord{
		Time: nanos(at), Observed: nanos(at), SeverityNumber: number, SeverityText: severity,
		Body: value(body), Attributes: keyValues(attributes),
	}
}

// rawLine is the body of a raw record. It has the form of a corpus tick.
type rawLine struct {
	Type      string          `json:"type"`
	Tick      int             `json:"tick"`
	Processes []model.Process `json:"processes"`
}

func rawRecord(s model.Snapshot) (logRecord, error) {
	body, err := json.Marshal(rawLine{Type: "tick", Tick: s.Tick, Processes: s.Processes})
	if err != nil {
		return logRecord{}, fmt.Errorf("encode raw tick %d: %w", s.Tick, err)
	}
	return record(s.Time, severityNumberInfo, string(model.SeverityInfo), string(body), []Attribute{
		{attributeRecordType, recordRaw}, {"tick", int64(s.Tick)}, {"processes", int64(len(s.Processes))},
	}), nil
}

func sketchRecord(e model.SketchEnvelope, at time.Time) (logRecord, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return logRecord{}, fmt.Errorf("encode sketch of %s: %w", e.Metric, err)
	}
	return record(at, severityNumberInfo, string(model.SeverityInfo), string(body), []Attribute{
		{attributeRecordType, recordSketch}, {"metric", e.Metric},
		{"from_tick", int64(e.FromTick)}, {"to_tick", int64(e.ToTick)},
	}), nil
}
