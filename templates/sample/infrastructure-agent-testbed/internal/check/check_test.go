package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/infrastructure-agent-testbed/corpus"
	"example.com/infrastructure-agent-testbed/internal/receiver"
)

// world is a corpus with a store that agrees with it.
type world struct {
	ticks   []corpus.Tick
	batches []receiver.Batch
	log     string
}

func quoted(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (w *world) logs(stream, recordType, event, body string) {
	seq := uint64(1)
	for _, b := range w.batches {
		if b.Stream == stream {
			seq++
		}
	}
	content := fmt.Sprintf(`{"logRecords":[{"body":{"stringValue":%s},"attributes":[
		{"key":"record_type","value":{"stringValue":%q}},{"key":"event","value":{"stringValue":%q}}]}]}`,
		quoted(body), recordType, event)
	w.batches = append(w.batches, receiver.Batch{RunID: "r", Stream: stream, Seq: seq, Kind: "logs", Content: json.RawMessage(content)})
}

func newWorld(t *testing.T, sketches, raw bool) *world {
	t.Helper()
	var text bytes.Buffer
	if err := corpus.Generate(&text, corpus.Params{Profile: corpus.HighPIDChurn, Seed: 1, Processes: 300, Ticks: 60}); err != nil {
		t.Fatal(err)
	}
	_, ticks, err := corpus.Read(&text)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{ticks: ticks, log: `{"msg":"AgentDiagEvent SketchFallback module=export"}` + "\n"}
	for i, tick := range ticks {
		var cpu, rss float64
		for _, p := range tick.Processes {
			cpu += p.CPU
			rss += float64(p.RSS)
		}
		content := fmt.Sprintf(`{"metrics":[{"name":"other_cpu_ms","gauge":{"dataPoints":[{"asDouble":%s}]}},{"name":"process_rss_bytes","gauge":{"dataPoints":[{"asDouble":%s}]}}]}`, quoted(cpu), quoted(rss))
		w.batches = append(w.batches, receiver.Batch{RunID: "r", Stream: "metrics", Seq: uint64(i + 1), Kind: "metrics", Content: json.RawMessage(content)})
		if raw {
			w.logs("logs", receiver.SourceRaw, "", quoted(tick))
		}
	}
	if sketches {
		for _, metric := range []string{"cpu_ms", "rss"} {
			w.logs("sketches", receiver.SourceSketch, "", fmt.Sprintf(
				`{"metric":%q,"from_tick":0,"to_tick":60,"gamma":1.01,"zero_count":0,"positive":{"offset":0,"counts":[18000]},"count":18000}`, metric))
		}
	} else {
		w.logs("logs", "event", "SketchFallback", "")
	}
	return w
}

// inputs answers queries exactly, from source.
func (w *world) inputs(source string) Inputs {
	return Inputs{Ticks: w.ticks, Batches: w.batches, AgentLog: w.log, Answer: func(q receiver.Query) (receiver.Answer, error) {
		var values []float64
		for _, tick := range w.ticks[q.From:q.To] {
			values = append(values, receiver.MetricValues(tick, q.Metric)...)
		}
		return receiver.Answer{Value: receiver.Exact(values, q.Q), Source: source, Count: len(values)}, nil
	}}
}

func failed(scenario string, in Inputs) []string {
	var names []string
	for _, r := range judge(scenarios()[scenario], in) {
		if r.err != nil {
			names = append(names, r.name)
		}
	}
	return names
}

func TestScenariosHoldOnStoresThatAreRight(t *testing.T) {
	for scenario, in := range map[string]Inputs{
		"dualwrite":             newWorld(t, true, true).inputs(receiver.SourceSketch),
		"nrdb_write":            newWorld(t, true, false).inputs(receiver.SourceSketch),
		"query_router_fallback": newWorld(t, false, true).inputs(receiver.SourceRaw),
	} {
		if got := failed(scenario, in); got != nil {
			t.Errorf("%s: %v", scenario, got)
		}
	}
}

func TestEveryCheckCanFail(t *testing.T) {
	broken := errors.New("no answer")
	for name, test := range map[string]struct {
		scenario string
		world    *world
		spoil    func(*world, *Inputs)
		want     string
	}{
		"raw tick missing":  {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { in.Batches = w.batches[2:] }, "raw ticks equal the corpus"},
		"raw tick twice":    {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { in.Batches = append(w.batches, w.batches[1]) }, "raw ticks equal the corpus"},
		"raw tick damaged":  {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { w.logs("logs", "raw", "", "x"); in.Batches = w.batches }, "raw ticks equal the corpus"},
		"sketch missing":    {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { in.Batches = w.batches[:len(w.batches)-1] }, "sketches conserve all counts"},
		"sketch lost count": {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { spoilLast(w, "18000]", "17000]"); in.Batches = w.batches }, "sketches conserve all counts"},
		"sketch damaged":    {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { w.logs("sketches", "sketch", "", "x"); in.Batches = w.batches }, "sketches conserve all counts"},
		"gap in a stream":   {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { w.batches[4].Seq++; in.Batches = w.batches }, "streams have no gap and no wrong order"},
		"nothing stored":    {"dualwrite", newWorld(t, true, true), func(_ *world, in *Inputs) { in.Batches = nil }, "streams have no gap and no wrong order"},
		"wrong answer":      {"dualwrite", newWorld(t, true, true), func(_ *world, in *Inputs) { in.Answer = scaled(in.Answer, 1.02) }, "sketch answers agree with raw data"},
		"wrong source":      {"dualwrite", newWorld(t, true, true), func(w *world, in *Inputs) { *in = w.inputs(receiver.SourceRaw) }, "sketch answers agree with raw data"},
		"no answer": {"dualwrite", newWorld(t, true, true), func(_ *world, in *Inputs) {
			in.Answer = func(receiver.Query) (receiver.Answer, error) { return receiver.Answer{}, broken }
		}, "sketch answers agree with raw data"},
		"tick not stored":   {"nrdb_write", newWorld(t, true, false), func(w *world, in *Inputs) { in.Batches = w.batches[1:] }, "metrics of every tick are stored"},
		"sum is wrong":      {"nrdb_write", newWorld(t, true, false), func(w *world, in *Inputs) { w.batches[0].Content = json.RawMessage(`{}`); in.Batches = w.batches }, "stored sums equal the corpus"},
		"metrics damaged":   {"nrdb_write", newWorld(t, true, false), func(w *world, in *Inputs) { w.batches[0].Content = json.RawMessage(`[]`); in.Batches = w.batches }, "stored sums equal the corpus"},
		"no compression":    {"nrdb_write", newWorld(t, false, false), func(*world, *Inputs) {}, "sketches are smaller than raw data"},
		"sketch arrived":    {"query_router_fallback", newWorld(t, true, true), func(*world, *Inputs) {}, "no sketch reached the store"},
		"event not logged":  {"query_router_fallback", newWorld(t, false, true), func(_ *world, in *Inputs) { in.AgentLog = "AgentDiagEvent Other" }, "SketchFallback is in the agent's log"},
		"event not stored":  {"query_router_fallback", newWorld(t, true, true), func(*world, *Inputs) {}, "SketchFallback is stored as a log record"},
		"logs not readable": {"query_router_fallback", newWorld(t, false, true), func(w *world, in *Inputs) { w.batches[1].Content = json.RawMessage(`[]`); in.Batches = w.batches }, "SketchFallback is stored as a log record"},
	} {
		in := test.world.inputs(receiver.SourceSketch)
		test.spoil(test.world, &in)
		if got := failed(test.scenario, in); !strings.Contains(strings.Join(got, "|"), test.want) {
			t.Errorf("%s: failed checks are %q, want %q among them", name, got, test.want)
		}
	}
}

func spoilLast(w *world, old, with string) {
	last := &w.batches[len(w.batches)-1]
	last.Content = json.RawMessage(strings.Replace(string(last.Content), old, with, 1))
}

func scaled(answer func(receiver.Query) (receiver.Answer, error), by float64) func(receiver.Query) (receiver.Answer, error) {
	return func(q receiver.Query) (receiver.Answer, error) {
		a, err := answer(q)
		a.Value *= by
		return a, err
	}
}

func TestRunJudgesFilesAndAReceiver(t *testing.T) {
	w := newWorld(t, false, true)
	folder := t.TempDir()
	store, err := receiver.OpenStore(filepath.Join(folder, "store"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Add(w.batches); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(receiver.Handler(store))
	defer server.Close()
	corpusFile, logFile := filepath.Join(folder, "corpus.jsonl"), filepath.Join(folder, "agent.log")
	file, err := os.Create(corpusFile)
	if err != nil {
		t.Fatal(err)
	}
	err = corpus.Generate(file, corpus.Params{Profile: corpus.HighPIDChurn, Seed: 1, Processes: 300, Ticks: 60})
	if err = errors.Join(err, file.Close(), os.WriteFile(logFile, []byte(w.log), 0o600)); err != nil {
		t.Fatal(err)
	}
	args := func(scenario string) []string {
		return []string{"--scenario", scenario, "--corpus", corpusFile, "--store", filepath.Join(folder, "store"), "--receiver", server.URL, "--log", logFile}
	}
	var out bytes.Buffer
	if code := Run(args("query_router_fallback"), &out, io.Discard); code != 0 || strings.Count(out.String(), "ok   ") != 5 {
		t.Errorf("exit code %d:\n%s", code, out.String())
	}
	out.Reset()
	if code := Run(args("dualwrite"), &out, io.Discard); code != 1 || !strings.Contains(out.String(), "FAIL dualwrite: sketches conserve all counts") {
		t.Errorf("exit code %d:\n%s", code, out.String())
	}
	for _, wrong := range [][]string{nil, {"--speed"}, args("other"), append(args("dualwrite"), "--corpus", folder+"/none"),
		append(args("dualwrite"), "--store", folder), append(args("dualwrite"), "--log", folder+"/none"), append(args("dualwrite"), "--corpus", logFile)} {
		if code := Run(wrong, io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: exit code %d, want 2", wrong, code)
		}
	}
	if code := Run([]string{"-h"}, io.Discard, io.Discard); code != 0 {
		t.Errorf("help: exit code %d", code)
	}
	server.Close()
	if _, err := asker(server.URL)(receiver.Query{}); err == nil {
		t.Error("a receiver that is away gave an answer")
	}
}
