package replay

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/infrastructure-agent/config"
	"example.com/infrastructure-agent/model"
	"example.com/infrastructure-agent/output"
)

const header = `{"type":"header","version":1,"seed":42,"processes":4,"ticks":2,"interval_seconds":1,"profile":"standard"}` + "\n"

const firstTick = `{"type":"tick","tick":0,"processes":[
	{"pid":1,"start":1,"name":"a","cpu_ms":70,"rss":0},{"pid":2,"start":1,"name":"b","cpu_ms":20,"rss":1000},
	{"pid":3,"start":1,"name":"c","cpu_ms":10,"rss":0},{"pid":3,"start":2,"name":"d","cpu_ms":0,"rss":0}]}`

const secondTick = `{"type":"tick","tick":1,"processes":[]}`

func line(text string) string { return strings.ReplaceAll(text, "\n", "") + "\n" }

func good() string { return header + line(firstTick) + line(secondTick) }

// replayText replays a corpus and returns the output folder.
func replayText(t *testing.T, text string, c config.Config) (string, error) {
	t.Helper()
	folder := t.TempDir()
	corpus := filepath.Join(folder, "corpus.jsonl")
	if err := os.WriteFile(corpus, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(folder, "out")
	return out, Run(context.Background(), Options{
		Corpus: corpus, Out: out, Config: c, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	})
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReplayWritesAllFiles(t *testing.T) {
	c := config.Default()
	c.TopN = 1
	out, err := replayText(t, good(), c)
	if err != nil {
		t.Fatal(err)
	}
	selections := strings.Split(strings.TrimSpace(read(t, out, output.TopNFile)), "\n")
	var first model.Selection
	if err := json.Unmarshal([]byte(selections[0]), &first); err != nil {
		t.Fatal(err)
	}
	heaviest := model.Process{PID: 1, Start: 1, Name: "a", CPUMillis: 70}
	if first.N < 1 || first.Top[0] != heaviest || first.N+first.Other.Count != 4 {
		t.Errorf("got selection %+v", first)
	}
	if want := `{"tick":1,"n":0,"top":[],"other":{"count":0,"cpu_ms":0,"rss":0}}`; len(selections) != 2 || selections[1] != want {
		t.Errorf("got selections %q", selections)
	}
	var sketches []model.SketchEnvelope
	for _, text := range strings.Split(strings.TrimSpace(read(t, out, output.SketchesFile)), "\n") {
		var e model.SketchEnvelope
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		sketches = append(sketches, e)
	}
	if len(sketches) != 2 || sketches[0].Count != 4 || sketches[0].ZeroCount != 1 || sketches[0].FromTick != 0 || sketches[0].ToTick != 2 {
		t.Errorf("got sketches %+v", sketches)
	}
	if got := read(t, out, output.EventsFile); got != "" {
		t.Errorf("a quiet replay has events %s", got)
	}
	var summary Summary
	if err := json.Unmarshal([]byte(read(t, out, output.SummaryFile)), &summary); err != nil {
		t.Fatal(err)
	}
	if summary.Ticks != 2 || summary.Observations != 4 || summary.CPUMillis != 100 || summary.RSS != 1000 {
		t.Errorf("got summary %+v", summary)
	}
}

func TestReplayIsRepeatable(t *testing.T) {
	first, err := replayText(t, good(), config.Default())
	if err != nil {
		t.Fatal(err)
	}
	second, err := replayText(t, good(), config.Default())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{output.TopNFile, output.SketchesFile, output.EventsFile, output.SummaryFile} {
		if read(t, first, name) != read(t, second, name) {
			t.Errorf("%s differs between two replays", name)
		}
	}
}

func TestWrongCorpusIsNamedWithItsLineAndNothingIsWritten(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":          {"", "corpus.jsonl:1: the file is empty"},
		"no JSON":        {"x\n", "corpus.jsonl:1: header is not valid JSON"},
		"no header":      {`{"type":"tick"}` + "\n", `corpus.jsonl:1: type is "tick"; expected "header"`},
		"version":        {strings.Replace(header, `"version":1`, `"version":9`, 1), "corpus.jsonl:1: version is 9"},
		"no ticks":       {strings.Replace(header, `"ticks":2`, `"ticks":0`, 1), "corpus.jsonl:1: ticks is 0"},
		"interval":       {strings.Replace(header, `"interval_seconds":1`, `"interval_seconds":0`, 1), "corpus.jsonl:1: interval_seconds is 0"},
		"cut short":      {header + line(firstTick), "corpus.jsonl:3: the file ends after 1 ticks; the header says 2"},
		"torn line":      {header + line(firstTick)[:50], "corpus.jsonl:2: not a valid tick"},
		"wrong order":    {header + line(secondTick), "corpus.jsonl:2: expected tick 0"},
		"no number":      {header + `{"type":"tick","processes":[]}` + "\n", "corpus.jsonl:2: expected tick 0"},
		"no tick":        {header + `{"type":"header"}` + "\n", `corpus.jsonl:2: type is "header"; expected "tick"`},
		"too many":       {good() + `{"type":"tick","tick":2,"processes":[]}` + "\n", "corpus.jsonl:4: tick 2 is beyond the 2 ticks"},
		"negative CPU":   {header + strings.Replace(line(firstTick), "70", "-70", 1), "corpus.jsonl:2: process 1: cpu_ms is -70"},
		"negative RSS":   {header + strings.Replace(line(firstTick), "1000", "-1000", 1), "corpus.jsonl:2: not a valid tick"},
		"twice the same": {header + strings.Replace(line(firstTick), `"start":2`, `"start":1`, 1), "corpus.jsonl:2: process 3 with start 1 occurs twice"},
	} {
		out, err := replayText(t, test.text, config.Default())
		var wrong *CorpusError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
		entries, err := os.ReadDir(out)
		if err != nil || len(entries) != 0 {
			t.Errorf("%s: the folder holds %v, %v", name, entries, err)
		}
	}
}

func TestBlankLinesAndAMissingLastNewlineAreFine(t *testing.T) {
	text := header + "\n  \n" + line(firstTick) + strings.TrimSpace(line(secondTick))
	if _, err := replayText(t, text, config.Default()); err != nil {
		t.Fatal(err)
	}
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	text := strings.Replace(good(), `"cpu_ms":70`, `"cpu_ms":70,"threads":4`, 1)
	if _, err := replayText(t, text, config.Default()); err != nil {
		t.Fatal(err)
	}
}

func TestLongLinesAreRead(t *testing.T) {
	name := strings.Repeat("n", 3<<20)
	if _, err := replayText(t, strings.Replace(good(), `"name":"a"`, `"name":"`+name+`"`, 1), config.Default()); err != nil {
		t.Fatal(err)
	}
}

func TestMissingFilesAndFolders(t *testing.T) {
	folder := t.TempDir()
	missing := Options{Corpus: filepath.Join(folder, "none"), Out: folder, Config: config.Default(), Log: slog.Default()}
	if err := Run(context.Background(), missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing corpus gave %v", err)
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Run(context.Background(), Options{Corpus: file, Out: file, Config: config.Default(), Log: slog.Default()}); err == nil {
		t.Error("a file was accepted as output folder")
	}
}

func TestStoppedReplayWritesNothing(t *testing.T) {
	folder := t.TempDir()
	corpus := filepath.Join(folder, "corpus.jsonl")
	if err := os.WriteFile(corpus, []byte(good()), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := Run(ctx, Options{Corpus: corpus, Out: filepath.Join(folder, "out"), Config: config.Default(), Log: slog.Default()})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestReplayDeliversToAReceiver(t *testing.T) {
	paths := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { paths <- r.URL.Path }))
	defer server.Close()
	c := config.Default()
	c.OTLPEndpoint = server.URL
	if _, err := replayText(t, good(), c); err != nil {
		t.Fatal(err)
	}
	close(paths)
	seen := map[string]bool{}
	for path := range paths {
		seen[path] = true
	}
	if !seen["/v1/metrics"] || !seen["/v1/logs"] {
		t.Fatalf("the receiver saw %v", seen)
	}
}

func TestUndeliveredDataFailsTheReplay(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }))
	defer server.Close()
	c := config.Default()
	c.OTLPEndpoint = server.URL
	if _, err := replayText(t, good(), c); err == nil || !strings.Contains(err.Error(), "not delivered") {
		t.Fatalf("got %v", err)
	}
}

func TestCaptured(t *testing.T) {
	all := model.Aggregate{CPUMillis: 100, RSS: 100}
	for _, test := range []struct {
		top, all model.Aggregate
		want     float64
	}{
		{model.Aggregate{CPUMillis: 50, RSS: 100}, all, 0.65},
		{model.Aggregate{CPUMillis: 50}, model.Aggregate{CPUMillis: 100}, 0.5},
		{model.Aggregate{RSS: 25}, model.Aggregate{RSS: 100}, 0.25},
		{model.Aggregate{}, model.Aggregate{}, 0},
	} {
		if got := captured(test.top, test.all); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%+v of %+v: got %v, want %v", test.top, test.all, got, test.want)
		}
	}
}
