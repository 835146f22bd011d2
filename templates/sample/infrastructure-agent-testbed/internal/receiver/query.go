package receiver

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"example.com/infrastructure-agent-testbed/corpus"
)

// The sources that an answer can rest on.
const (
	SourceSketch = "sketch"
	SourceRaw    = "raw"
)

// ErrNoData is returned when neither sketches nor raw ticks cover a query.
var ErrNoData = errors.New("no data covers the query")

// Query asks for the quantile Q of a metric over the ticks [From, To).
type Query struct {
	Metric   string
	Q        float64
	From, To int
}

// Answer is the result of a query.
type Answer struct {
	Value  float64 `json:"value"`
	Source string  `json:"source"`
	Count  int     `json:"count"` // values that the answer rests on
}

// Sketch is the body of a sketch record.
type Sketch struct {
	Metric    string  `json:"metric"`
	FromTick  int     `json:"from_tick"`
	ToTick    int     `json:"to_tick"`
	Gamma     float64 `json:"gamma"`
	ZeroCount int     `json:"zero_count"`
	Positive  struct {
		Offset int   `json:"offset"`
		Counts []int `json:"counts"`
	} `json:"positive"`
	Count int `json:"count"`
}

// Resolve answers a query from sketches when they cover it without a gap, else
// from raw ticks when those do.
func Resolve(batches []Batch, q Query) (Answer, error) {
	records, err := Records(batches)
	if err != nil {
		return Answer{}, err
	}
	answer, err := fromSketches(records, q)
	if errors.Is(err, ErrNoData) {
		return fromRaw(records, q)
	}
	return answer, err
}

func fromSketches(records []Record, q Query) (Answer, error) {
	counts := make(map[int]int)
	covered := make(map[int]bool)
	var gamma float64
	var zeros, total int
	for _, r := range records {
		if r.Type != SourceSketch {
			continue
		}
		var s Sketch
		if err := json.Unmarshal([]byte(r.Body), &s); err != nil {
			return Answer{}, fmt.Errorf("sketch record: %w", err)
		}
		if s.Metric != q.Metric || s.FromTick < q.From || s.ToTick > q.To {
			continue
		}
		for tick := s.FromTick; tick < s.ToTick; tick++ {
			covered[tick] = true
		}
		gamma = s.Gamma
		zeros += s.ZeroCount
		total += s.Count
		for k, n := range s.Positive.Counts {
			counts[s.Positive.Offset+k] += n
		}
	}
	if len(covered) != q.To-q.From || total == 0 {
		return Answer{}, ErrNoData
	}
	return Answer{Value: quantile(counts, zeros, total, gamma, q.Q), Source: SourceSketch, Count: total}, nil
}

func quantile(counts map[int]int, zeros, total int, gamma, q float64) float64 {
	rank := int(q*float64(total-1)) - zeros
	if rank < 0 {
		return 0
	}
	indexes := make([]int, 0, len(counts))
	for i := range counts {
		indexes = append(indexes, i)
	}
	slices.Sort(indexes)
	last := 0
	for _, i := range indexes {
		last = i
		if rank < counts[i] {
			break
		}
		rank -= counts[i]
	}
	return 2 * math.Pow(gamma, float64(last)) / (gamma + 1)
}

func fromRaw(records []Record, q Query) (Answer, error) {
	covered := make(map[int]bool)
	var values []float64
	for _, r := range records {
		if r.Type != SourceRaw {
			continue
		}
		var tick corpus.Tick
		if err := json.Unmarshal([]byte(r.Body), &tick); err != nil {
			return Answer{}, fmt.Errorf("raw record: %w", err)
		}
		if tick.Tick < q.From || tick.Tick >= q.To || covered[tick.Tick] {
			continue
		}
		covered[tick.Tick] = true
		values = append(values, MetricValues(tick, q.Metric)...)
	}
	if len(covered) != q.To-q.From || len(values) == 0 {
		return Answer{}, ErrNoData
	}
	return Answer{Value: Exact(values, q.Q), Source: SourceRaw, Count: len(values)}, nil
}

// MetricValues returns the values of a metric in a tick.
func MetricValues(tick corpus.Tick, metric string) []float64 {
	values := make([]float64, len(tick.Processes))
	for i, p := range tick.Processes {
		if metric == "rss" {
			values[i] = float64(p.RSS)
		} else {
			values[i] = p.CPU
		}
	}
	return values
}

// Exact is the value at rank floor(q*(n-1)), counted from 0. It sorts values.
func Exact(values []float64, q float64) float64 {
	slices.Sort(values)
	return values[int(q*float64(len(values)-1))]
}
