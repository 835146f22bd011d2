package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"example.com/infrastructure-agent/model"
)

func TestCommandLine(t *testing.T) {
	folder := t.TempDir()
	broken := filepath.Join(folder, "broken.json")
	if err := os.WriteFile(broken, []byte("{\n\"topn\": 1}"), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(folder, "missing")
	for name, test := range map[string]struct {
		args           string
		code           int
		stdout, stderr string
	}{
		"nothing":             {"", 2, "", "no command"},
		"unknown command":     {"walk", 2, "", `unknown command "walk"`},
		"help":                {"help", 0, "usage:", ""},
		"help of a command":   {"replay -h", 0, "usage:", ""},
		"version":             {"version", 0, "infrastructure-agent " + model.Version, ""},
		"run alone":           {"run", 2, "", "--config is missing"},
		"run, unknown flag":   {"run --speed 9", 2, "", "flag provided but not defined"},
		"run, argument":       {"run --config x y", 2, "", `unexpected argument "y"`},
		"run, no file":        {"run --config " + missing, 1, "", "read configuration"},
		"run, broken file":    {"run --config " + broken, 1, "", `broken.json:2: key "topn" is unknown`},
		"replay alone":        {"replay --out x", 2, "", "--corpus and --out are needed"},
		"replay, bad URL":     {"replay --corpus x --out y --otlp host:1", 2, "", "--otlp is"},
		"replay, no corpus":   {"replay --corpus " + missing + " --out " + folder, 1, "", "read corpus"},
		"replay, broken file": {"replay --corpus x --out y --config " + broken, 1, "", "is unknown"},
	} {
		var stdout, stderr bytes.Buffer
		code := Main(context.Background(), strings.Fields(test.args), &stdout, &stderr)
		if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
			t.Errorf("%s: exit code %d, output %q, errors %q", name, code, stdout.String(), stderr.String())
		}
	}
}

func TestReplayCommand(t *testing.T) {
	folder := t.TempDir()
	corpus := filepath.Join(folder, "corpus.jsonl")
	text := `{"type":"header","version":1,"seed":1,"processes":0,"ticks":1,"interval_seconds":1,"profile":"standard"}
{"type":"tick","tick":0,"processes":[]}
`
	if err := os.WriteFile(corpus, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(folder, "out")
	var stdout, stderr bytes.Buffer
	if code := Main(context.Background(), []string{"replay", "--corpus", corpus, "--out", out}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	if _, err := os.Stat(filepath.Join(out, "summary.json")); err != nil {
		t.Fatal(err)
	}
}

// stopper is a writer that ends a run once it has seen a text.
type stopper struct {
	mu   sync.Mutex
	text bytes.Buffer
	want string
	stop context.CancelFunc
}

func (s *stopper) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.text.Write(p)
	if strings.Contains(s.text.String(), s.want) {
		s.stop()
	}
	return n, err
}

func (s *stopper) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestRunCommand(t *testing.T) {
	processors := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(processors)
	file := filepath.Join(t.TempDir(), "agent.json")
	if err := os.WriteFile(file, []byte(`{"run_id": "nonce-7", "pprof_listen": "127.0.0.1:0"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stderr := &stopper{want: `"agent started"`, stop: cancel}
	code := Main(ctx, []string{"run", "--config", file}, &bytes.Buffer{}, stderr)
	if runtime.GOOS != "linux" {
		if code != exitFailure || !strings.Contains(stderr.String(), "Linux only") {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		return
	}
	if code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	for _, want := range []string{`"profiles are served"`, `"agent stopped"`, `"run_id":"nonce-7"`} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("log lacks %s: %s", want, stderr.String())
		}
	}
}
