package receiver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func open(t *testing.T, folder string) *Store {
	t.Helper()
	s, err := OpenStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func batch(seq uint64) Batch {
	return Batch{RunID: "r", Stream: "logs", Seq: seq, Kind: kindLogs, Content: json.RawMessage(`{}`)}
}

func add(t *testing.T, s *Store, batches ...Batch) {
	t.Helper()
	if err := s.Add(batches); err != nil {
		t.Fatal(err)
	}
}

func TestBatchesSurviveARestartAndRepetitionsCountOnce(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	add(t, s, batch(1), batch(2))
	add(t, s, batch(2), batch(3))
	add(t, s, batch(3))
	if len(s.Batches()) != 3 || s.Repeats() != 2 {
		t.Fatalf("%d batches, %d repeats", len(s.Batches()), s.Repeats())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Add([]Batch{batch(9)}); err == nil {
		t.Fatal("a closed store took a batch")
	}
	again := open(t, folder)
	defer again.Close()
	add(t, again, batch(1))
	if len(again.Batches()) != 3 || again.Repeats() != 1 {
		t.Fatalf("after a restart: %d batches, %d repeats", len(again.Batches()), again.Repeats())
	}
}

func TestLineThatACrashCutOffIsRemoved(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	add(t, s, batch(1))
	if _, err := s.file.WriteString(`{"run_id":"r","batch_st`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, folder)
	add(t, again, batch(2))
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	third := open(t, folder)
	defer third.Close()
	if got := len(third.Batches()); got != 2 {
		t.Fatalf("%d batches, want 2", got)
	}
}

func TestDamagedStoreIsNamed(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, BatchesFile), []byte("{}\nx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(folder); err == nil || !strings.Contains(err.Error(), "batches.jsonl:2") {
		t.Fatalf("got %v", err)
	}
	if _, err := OpenStore(filepath.Join(folder, BatchesFile)); err == nil {
		t.Fatal("a file was opened as a folder")
	}
}

func quoted(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// logsRequest is an OTLP request with one record.
func logsRequest(seq int, stream, recordType, body string) string {
	return fmt.Sprintf(`{"resourceLogs":[{"resource":{"attributes":[{"key":"run_id","value":{"stringValue":"r"}}]},
		"scopeLogs":[{"scope":{"attributes":[{"key":"batch_stream","value":{"stringValue":%q}},
		{"key":"batch_seq","value":{"intValue":"%d"}}]},"logRecords":[{"body":{"stringValue":%s},
		"attributes":[{"key":"record_type","value":{"stringValue":%q}},{"key":"event","value":{"stringValue":"E"}}]}]}]}]}`,
		stream, seq, quoted(body), recordType)
}

func sketchBody(metric string, from, to int) string {
	return fmt.Sprintf(`{"metric":%q,"from_tick":%d,"to_tick":%d,"gamma":2,"zero_count":1,"positive":{"offset":1,"counts":[2,0,1]},"count":4}`, metric, from, to)
}

func rawBody(tick int) string {
	return fmt.Sprintf(`{"type":"tick","tick":%d,"processes":[{"pid":1,"start":1,"name":"a","cpu_ms":3,"rss":100},{"pid":2,"start":1,"name":"b","cpu_ms":5,"rss":200}]}`, tick)
}

func post(t *testing.T, url, body string) int {
	t.Helper()
	reply, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode
}

func get(t *testing.T, url string, into any) int {
	t.Helper()
	reply, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode == http.StatusOK {
		if err := json.NewDecoder(reply.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return reply.StatusCode
}

func serveStore(t *testing.T) (*Store, string) {
	t.Helper()
	s := open(t, t.TempDir())
	server := httptest.NewServer(Handler(s))
	t.Cleanup(func() {
		server.Close()
		_ = s.Close() // a test may have closed it
	})
	return s, server.URL
}

func TestRequestsAreStoredOrRefused(t *testing.T) {
	s, url := serveStore(t)
	metrics := strings.NewReplacer("resourceLogs", "resourceMetrics", "scopeLogs", "scopeMetrics").Replace(logsRequest(1, "metrics", "", ""))
	for _, test := range []struct {
		path, body string
		want       int
	}{
		{"/v1/logs", logsRequest(1, "logs", "event", "text"), http.StatusOK},
		{"/v1/metrics", metrics, http.StatusOK},
		{"/v1/logs", `{"resourceLogs":[]}`, http.StatusOK},
		{"/v1/logs", "x", http.StatusBadRequest},
		{"/v1/logs", "{}", http.StatusBadRequest},
		{"/v1/logs", metrics, http.StatusBadRequest},
		{"/v1/logs", strings.Replace(logsRequest(1, "logs", "", ""), "batch_seq", "other", 1), http.StatusBadRequest},
		{"/v1/logs", strings.Replace(logsRequest(1, "logs", "", ""), `"run_id"`, `"other"`, 1), http.StatusBadRequest},
		{"/v1/logs", `{"resourceLogs":[{"scopeLogs":["x"]}]}`, http.StatusBadRequest},
		{"/v1/traces", "{}", http.StatusNotFound},
	} {
		if got := post(t, url+test.path, test.body); got != test.want {
			t.Errorf("%s %.60s: status %d, want %d", test.path, test.body, got, test.want)
		}
	}
	var stats Stats
	if code := get(t, url+"/stats", &stats); code != http.StatusOK || stats.Batches["logs"] != 1 || stats.Batches["metrics"] != 1 {
		t.Fatalf("status %d, %+v", code, stats)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := post(t, url+"/v1/logs", logsRequest(2, "logs", "event", "text")); got != http.StatusServiceUnavailable {
		t.Errorf("a store that fails gave status %d", got)
	}
}

func TestQueriesAreAnsweredFromSketchesElseFromRawTicks(t *testing.T) {
	_, url := serveStore(t)
	post(t, url+"/v1/logs", logsRequest(1, "sketches", SourceSketch, sketchBody("cpu_ms", 0, 2)))
	for tick := range 4 {
		post(t, url+"/v1/logs", logsRequest(tick+1, "logs", SourceRaw, rawBody(tick)))
	}
	ask := func(query string) (Answer, int) {
		var a Answer
		code := get(t, url+"/query?"+query, &a)
		return a, code
	}
	for _, test := range []struct {
		query string
		code  int
		want  Answer
	}{
		{"metric=cpu_ms&q=0&from=0&to=2", 200, Answer{0, SourceSketch, 4}},
		{"metric=cpu_ms&q=0.5&from=0&to=2", 200, Answer{4.0 / 3, SourceSketch, 4}},
		{"metric=cpu_ms&q=1&from=0&to=2", 200, Answer{16.0 / 3, SourceSketch, 4}},
		{"metric=cpu_ms&q=1&from=0&to=4", 200, Answer{5, SourceRaw, 8}}, // sketches cover a half only
		{"metric=rss&q=0&from=2&to=4", 200, Answer{100, SourceRaw, 4}},
		{"metric=rss&q=0.5&from=3&to=9", 404, Answer{}},
		{"metric=disk&q=0.5&from=0&to=1", 400, Answer{}},
		{"metric=rss&q=2&from=0&to=1", 400, Answer{}},
		{"metric=rss&q=x&from=0&to=1", 400, Answer{}},
		{"metric=rss&q=1&from=1&to=1", 400, Answer{}},
	} {
		got, code := ask(test.query)
		if code != test.code || got.Source != test.want.Source || got.Count != test.want.Count || math.Abs(got.Value-test.want.Value) > 1e-9 {
			t.Errorf("%s: status %d, %+v; want %d, %+v", test.query, code, got, test.code, test.want)
		}
	}
}

func TestDamagedRecordsAreErrors(t *testing.T) {
	_, url := serveStore(t)
	post(t, url+"/v1/logs", logsRequest(1, "sketches", SourceSketch, "x"))
	var a Answer
	if code := get(t, url+"/query?metric=rss&q=1&from=0&to=1", &a); code != http.StatusInternalServerError {
		t.Errorf("status %d", code)
	}
	if _, err := Resolve([]Batch{{Kind: kindLogs, Content: json.RawMessage(`[]`)}}, Query{}); err == nil || errors.Is(err, ErrNoData) {
		t.Errorf("got %v", err)
	}
	raw := Batch{Kind: kindLogs, Content: json.RawMessage(`{"logRecords":[{"body":{"stringValue":"x"},"attributes":[{"key":"record_type","value":{"stringValue":"raw"}}]}]}`)}
	if _, err := Resolve([]Batch{raw}, Query{To: 1}); err == nil || errors.Is(err, ErrNoData) {
		t.Errorf("got %v", err)
	}
}

// announcement ends a server once it has said where it listens.
type announcement struct {
	mu   sync.Mutex
	text bytes.Buffer
	then func()
}

func (a *announcement) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n, err := a.text.Write(p)
	a.then()
	return n, err
}

func TestRunAnnouncesItsPortAndStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out, stderr := &announcement{then: cancel}, &bytes.Buffer{}
	if code := Run(ctx, []string{"--store", t.TempDir()}, out, stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if !strings.HasPrefix(out.text.String(), "listening 127.0.0.1:") {
		t.Fatalf("output %q", out.text.String())
	}
}

func TestRunReportsProblems(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
	}{
		{nil, 2}, {[]string{"--speed"}, 2}, {[]string{"-h"}, 0},
		{[]string{"--store", t.TempDir(), "--listen", "nowhere"}, 1},
		{[]string{"--store", "/dev/null/x"}, 1},
	} {
		if code := Run(context.Background(), test.args, io.Discard, io.Discard); code != test.code {
			t.Errorf("%v: exit code %d, want %d", test.args, code, test.code)
		}
	}
}
