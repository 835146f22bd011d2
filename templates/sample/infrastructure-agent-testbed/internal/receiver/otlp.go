package receiver

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// errRequest marks a request that is no OTLP/HTTP JSON as the agent sends it.
var errRequest = errors.New("not an OTLP request with numbered batches")

type (
	attribute struct {
		Key   string `json:"key"`
		Value struct {
			String string `json:"stringValue"`
			Int    string `json:"intValue"`
		} `json:"value"`
	}
	scopeHead struct {
		Scope struct {
			Attributes []attribute `json:"attributes"`
		} `json:"scope"`
	}
	resourceEntry struct {
		Resource struct {
			Attributes []attribute `json:"attributes"`
		} `json:"resource"`
		ScopeMetrics []json.RawMessage `json:"scopeMetrics"`
		ScopeLogs    []json.RawMessage `json:"scopeLogs"`
	}
	request struct {
		ResourceMetrics []resourceEntry `json:"resourceMetrics"`
		ResourceLogs    []resourceEntry `json:"resourceLogs"`
	}
)

func text(attributes []attribute, key string) string {
	for _, a := range attributes {
		if a.Key == key {
			return a.Value.String + a.Value.Int
		}
	}
	return ""
}

// parseRequest splits a request into its numbered batches.
func parseRequest(kind string, body []byte) ([]Batch, error) {
	var parsed request
	if err := json.Unmarshal(body, &parsed); err != nil {
		return nil, fmt.Errorf("%w: %v", errRequest, err)
	}
	entries := parsed.ResourceMetrics
	if kind == kindLogs {
		entries = parsed.ResourceLogs
	}
	if entries == nil {
		return nil, fmt.Errorf("%w: no list of resources", errRequest)
	}
	var batches []Batch
	for _, entry := range entries {
		run := text(entry.Resource.Attributes, "run_id")
		contents := entry.ScopeMetrics
		if kind == kindLogs {
			contents = entry.ScopeLogs
		}
		for _, content := range contents {
			var head scopeHead
			if err := json.Unmarshal(content, &head); err != nil {
				return nil, fmt.Errorf("%w: %v", errRequest, err)
			}
			stream := text(head.Scope.Attributes, "batch_stream")
			seq, err := strconv.ParseUint(text(head.Scope.Attributes, "batch_seq"), 10, 64)
			if err != nil || stream == "" || run == "" {
				return nil, fmt.Errorf("%w: run_id, batch_stream or batch_seq is missing", errRequest)
			}
			batches = append(batches, Batch{RunID: run, Stream: stream, Seq: seq, Kind: kind, Content: content})
		}
	}
	return batches, nil
}

// Record is one stored log record.
type Record struct {
	Stream string
	Type   string // "event", "raw" or "sketch"
	Event  string // name of a diagnostic event
	Body   string
}

// Records returns the log records of batches, in their order.
func Records(batches []Batch) ([]Record, error) {
	var records []Record
	for _, b := range batches {
		if b.Kind != kindLogs {
			continue
		}
		var content struct {
			LogRecords []struct {
				Body struct {
					String string `json:"stringValue"`
				} `json:"body"`
				Attributes []attribute `json:"attributes"`
			} `json:"logRecords"`
		}
		if err := json.Unmarshal(b.Content, &content); err != nil {
			return nil, fmt.Errorf("batch %d of %s: %w", b.Seq, b.Stream, err)
		}
		for _, r := range content.LogRecords {
			records = append(records, Record{
				Stream: b.Stream, Body: r.Body.String,
				Type: text(r.Attributes, "record_type"), Event: text(r.Attributes, "event"),
			})
		}
	}
	return records, nil
}
