package corpusgen

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func run(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = Run(args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestCorpusIsWrittenToAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a b", "corpus.jsonl")
	code, _, stderr := run("--processes", "50", "--ticks", "3", "--out", file)
	if code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "\n") != 4 {
		t.Fatalf("%d lines, %v", strings.Count(string(text), "\n"), err)
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 1 {
		t.Fatalf("the folder holds %v, %v", entries, err)
	}
}

func TestCorpusIsWrittenToStandardOutput(t *testing.T) {
	code, stdout, _ := run("--processes", "50", "--ticks", "1", "--seed", "7", "--out", "-")
	want := `{"type":"header","version":1,"seed":7,"processes":50,"ticks":1,"interval_seconds":1,"profile":"standard"}`
	if code != exitOK || !strings.HasPrefix(stdout, want+"\n") {
		t.Fatalf("exit code %d, output %.120s", code, stdout)
	}
}

func TestWrongUsage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-h"}, exitOK, "-profile"},
		{[]string{"--speed", "9"}, exitUsage, "not defined"},
		{[]string{"extra"}, exitUsage, `unexpected argument "extra"`},
		{[]string{"--profile", "calm"}, exitUsage, `profile "calm" is unknown`},
		{[]string{"--out", filepath.Join(file, "corpus.jsonl")}, exitFailure, "create folder"},
	} {
		if code, _, stderr := run(test.args...); code != test.code || !strings.Contains(stderr, test.want) {
			t.Errorf("%v: exit code %d, %q", test.args, code, stderr)
		}
	}
}
