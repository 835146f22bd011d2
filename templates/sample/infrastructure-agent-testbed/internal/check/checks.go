package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"example.com/infrastructure-agent-testbed/corpus"
	"example.com/infrastructure-agent-testbed/internal/receiver"
)

// asker returns a function that puts queries to a receiver.
func asker(base string) func(receiver.Query) (receiver.Answer, error) {
	client := &http.Client{Timeout: 30 * time.Second}
	return func(q receiver.Query) (receiver.Answer, error) {
		values := url.Values{
			"metric": {q.Metric}, "q": {strconv.FormatFloat(q.Q, 'g', -1, 64)},
			"from": {strconv.Itoa(q.From)}, "to": {strconv.Itoa(q.To)},
		}
		reply, err := client.Get(base + "/query?" + values.Encode())
		if err != nil {
			return receiver.Answer{}, err
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusOK {
			return receiver.Answer{}, fmt.Errorf("query: status %s", reply.Status)
		}
		var answer receiver.Answer
		return answer, json.NewDecoder(reply.Body).Decode(&answer)
	}
}

func bodies(in Inputs, recordType string) ([]string, error) {
	records, err := receiver.Records(in.Batches)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, r := range records {
		if r.Type == recordType {
			found = append(found, r.Body)
		}
	}
	return found, nil
}

func rawEqualsCorpus(in Inputs) (string, error) {
	raw, err := bodies(in, receiver.SourceRaw)
	if err != nil {
		return "", err
	}
	stored := make(map[int]corpus.Tick, len(raw))
	for _, body := range raw {
		var tick corpus.Tick
		if err := json.Unmarshal([]byte(body), &tick); err != nil {
			return "", fmt.Errorf("raw record: %w", err)
		}
		if _, twice := stored[tick.Tick]; twice {
			return "", fmt.Errorf("tick %d is stored twice", tick.Tick)
		}
		stored[tick.Tick] = tick
	}
	for _, want := range in.Ticks {
		if !slices.Equal(stored[want.Tick].Processes, want.Processes) {
			return "", fmt.Errorf("tick %d differs from the corpus or is missing", want.Tick)
		}
	}
	return fmt.Sprintf("%d ticks", len(raw)), nil
}

func sketchesConserve(in Inputs) (string, error) {
	sketches, err := bodies(in, receiver.SourceSketch)
	if err != nil {
		return "", err
	}
	observed := 0
	for _, tick := range in.Ticks {
		observed += len(tick.Processes)
	}
	counts := map[string]int{}
	for _, body := range sketches {
		var s receiver.Sketch
		if err := json.Unmarshal([]byte(body), &s); err != nil {
			return "", fmt.Errorf("sketch record: %w", err)
		}
		sum := s.ZeroCount
		for _, n := range s.Positive.Counts {
			sum += n
		}
		if sum != s.Count {
			return "", fmt.Errorf("%s from tick %d: buckets hold %d values, count is %d", s.Metric, s.FromTick, sum, s.Count)
		}
		counts[s.Metric] += sum
	}
	for _, metric := range []string{"cpu_ms", "rss"} {
		if counts[metric] != observed {
			return "", fmt.Errorf("%s: sketches hold %d values, the corpus has %d", metric, counts[metric], observed)
		}
	}
	return fmt.Sprintf("%d envelopes, %d values each metric", len(sketches), observed), nil
}

func noSketches(in Inputs) (string, error) {
	sketches, err := bodies(in, receiver.SourceSketch)
	if err == nil && len(sketches) > 0 {
		err = fmt.Errorf("%d sketches are stored", len(sketches))
	}
	return "none", err
}

func streamsComplete(in Inputs) (string, error) {
	next := map[string]uint64{}
	for _, b := range in.Batches {
		next[b.Stream]++
		if b.Seq != next[b.Stream] {
			return "", fmt.Errorf("stream %s: batch %d stands where %d should", b.Stream, b.Seq, next[b.Stream])
		}
	}
	if len(next) == 0 {
		return "", errors.New("nothing is stored")
	}
	return fmt.Sprintf("%d batches in %d streams", len(in.Batches), len(next)), nil
}

// answersFrom compares answers with exact quantiles of the corpus, and wants
// them to rest on source.
func answersFrom(source string) func(Inputs) (string, error) {
	return func(in Inputs) (string, error) {
		worst, asked := 0.0, 0
		for from := 0; from < len(in.Ticks); from += windowTicks {
			to := min(from+windowTicks, len(in.Ticks))
			for _, metric := range []string{"cpu_ms", "rss"} {
				var values []float64
				for _, tick := range in.Ticks[from:to] {
					values = append(values, receiver.MetricValues(tick, metric)...)
				}
				for _, q := range []float64{0.5, 0.95, 0.99} {
					answer, err := in.Answer(receiver.Query{Metric: metric, Q: q, From: from, To: to})
					if err != nil {
						return "", err
					}
					if answer.Source != source || answer.Count != len(values) {
						return "", fmt.Errorf("%s p%g of ticks %d to %d rests on %d values from %s; expected %d from %s",
							metric, 100*q, from, to, answer.Count, answer.Source, len(values), source)
					}
					worst = max(worst, errorPercent(answer.Value, receiver.Exact(values, q)))
					asked++
				}
			}
		}
		if worst > maxErrorPercent {
			return "", fmt.Errorf("worst error is %.4f%%, limit is %g%%", worst, maxErrorPercent)
		}
		return fmt.Sprintf("%d answers from %s, worst error %.4f%%", asked, source, worst), nil
	}
}

func errorPercent(estimate, exact float64) float64 {
	switch {
	case estimate == exact:
		return 0
	case exact == 0:
		return math.Inf(1)
	default:
		return 100 * math.Abs(estimate-exact) / exact
	}
}

// tickMetrics is the content of a metrics batch.
type tickMetrics struct {
	Metrics []struct {
		Name  string `json:"name"`
		Gauge struct {
			DataPoints []struct {
				Value float64 `json:"asDouble"`
			} `json:"dataPoints"`
		} `json:"gauge"`
	} `json:"metrics"`
}

func metricsComplete(in Inputs) (string, error) {
	n := 0
	for _, b := range in.Batches {
		if b.Kind == "metrics" {
			n++
		}
	}
	if n != len(in.Ticks) {
		return "", fmt.Errorf("%d batches are stored, the corpus has %d ticks", n, len(in.Ticks))
	}
	return fmt.Sprintf("%d batches", n), nil
}

func sumsEqualCorpus(in Inputs) (string, error) {
	var stored, want [2]float64
	for _, b := range in.Batches {
		if b.Kind != "metrics" {
			continue
		}
		var content tickMetrics
		if err := json.Unmarshal(b.Content, &content); err != nil {
			return "", fmt.Errorf("batch %d: %w", b.Seq, err)
		}
		for _, m := range content.Metrics {
			for _, p := range m.Gauge.DataPoints {
				switch m.Name {
				case "process_cpu_ms", "other_cpu_ms":
					stored[0] += p.Value
				case "process_rss_bytes", "other_rss_bytes":
					stored[1] += p.Value
				}
			}
		}
	}
	for _, tick := range in.Ticks {
		for _, p := range tick.Processes {
			want[0] += p.CPU
			want[1] += float64(p.RSS)
		}
	}
	const tolerance = 1e-6 // percent; the order of additions differs
	worst := max(errorPercent(stored[0], want[0]), errorPercent(stored[1], want[1]))
	if worst > tolerance {
		return "", fmt.Errorf("sums differ by %g%%", worst)
	}
	return fmt.Sprintf("cpu %.0f ms, rss %.0f bytes", stored[0], stored[1]), nil
}

func compression(in Inputs) (string, error) {
	sketches, err := bodies(in, receiver.SourceSketch)
	if err != nil {
		return "", err
	}
	var small, large int
	for _, body := range sketches {
		small += len(body)
	}
	for _, tick := range in.Ticks {
		text, err := json.Marshal(tick)
		if err != nil {
			return "", err
		}
		large += len(text)
	}
	const least = 10
	if small == 0 || large < least*small {
		return "", fmt.Errorf("sketches take %d bytes, raw ticks %d: less than 1:%d", small, large, least)
	}
	return fmt.Sprintf("1:%d", large/small), nil
}

func fallbackStored(in Inputs) (string, error) {
	records, err := receiver.Records(in.Batches)
	if err != nil {
		return "", err
	}
	n := 0
	for _, r := range records {
		if r.Event == "SketchFallback" {
			n++
		}
	}
	if n == 0 {
		return "", errors.New("no such record")
	}
	return fmt.Sprintf("%d records", n), nil
}
