package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEmptyObjectGivesTheDefaults(t *testing.T) {
	c, err := Parse("c.json", []byte(" {} "))
	if err != nil {
		t.Fatal(err)
	}
	if c != Default() || c.TopN != 20 || c.Interval() != time.Second || c.ProcRoot != "/proc" || !c.SketchEnable {
		t.Fatalf("got %+v", c)
	}
}

func TestKeysAreRead(t *testing.T) {
	c, err := Parse("c.json", []byte(`{
		"run_id": "nonce-1", "interval_seconds": 0.5, "top_n": 30, "sketch_enable": false,
		"otlp_endpoint": "http://127.0.0.1:4318", "maxSamplerCPU": 0.1, "pprof_listen": "[::1]:0"
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if c.RunID != "nonce-1" || c.Interval() != 500*time.Millisecond || c.TopN != 30 || c.SketchEnable ||
		c.OTLPEndpoint != "http://127.0.0.1:4318" || c.MaxSamplerCPU != 0.1 || c.PprofListen != "[::1]:0" {
		t.Fatalf("got %+v", c)
	}
}

func TestProblemsNameFileLineAndKey(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no object":        {`[]`, `c.json:1: expected one JSON object`},
		"empty file":       {``, `c.json:1: expected one JSON object`},
		"unknown key":      {"{\n\n  \"topn\": 1}", `c.json:3: key "topn" is unknown; known keys: [`},
		"twice":            {"{\"top_n\": 1,\n\"top_n\": 2}", `c.json:2: key "top_n" occurs twice`},
		"wrong type":       {"{\n\"top_n\": \"x\"}", `c.json:2: key "top_n" is "x"; use a whole number from 1 to 256`},
		"fraction":         {`{"top_n": 1.5}`, `key "top_n" is 1.5; use a whole number`},
		"null":             {`{"proc_root": null}`, `key "proc_root" is null; use a text in double quotes`},
		"not a switch":     {`{"sketch_enable": 1}`, `key "sketch_enable" is 1; use true or false`},
		"too small":        {`{"interval_seconds": 0.01}`, `key "interval_seconds" is 0.01; use a number from 0.1 to 300`},
		"too large":        {`{"maxSamplerCPU": 101}`, `key "maxSamplerCPU" is 101; use a number from 0.001 to 100`},
		"broken value":     {"{\n\"top_n\": }", `c.json:2: key "top_n" has no valid value`},
		"broken key":       {"{\n\"top_n\": 1,\n  x}", `c.json:3: is not valid JSON`},
		"cut off":          {"{\n\"top_n\": 1", `c.json:2: is not valid JSON`},
		"trailing text":    {"{}\n{}", `has text after the JSON object`},
		"run id":           {`{"run_id": "a b"}`, `key "run_id" is "a b"`},
		"proc root":        {`{"proc_root": ""}`, `key "proc_root" is empty`},
		"endpoint":         {"{\n\"otlp_endpoint\": \"127.0.0.1:4318\"}", `c.json:2: key "otlp_endpoint" is "127.0.0.1:4318"; use a URL`},
		"endpoint query":   {`{"otlp_endpoint": "http://h/?a=1"}`, `leave out the query`},
		"lonely sink":      {`{"sketch_endpoint": "http://h"}`, `key "sketch_endpoint" needs otlp_endpoint`},
		"retry":            {`{"retry_max_seconds": 0.1}`, `key "retry_max_seconds" is 0.1; use at least`},
		"public profiles":  {`{"pprof_listen": "0.0.0.0:6060"}`, `loopback address only`},
		"profiles no port": {`{"pprof_listen": "127.0.0.1"}`, `use an address such as`},
	} {
		_, err := Parse("c.json", []byte(test.text))
		var problem *Error
		if !errors.As(err, &problem) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %q, want %q", name, err, test.want)
		}
	}
}

func TestLoadReadsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "agent.json")
	if _, err := Load(file); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("a missing file gave %v", err)
	}
	if err := os.WriteFile(file, []byte(`{"top_n": 7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Load(file); err != nil || c.TopN != 7 {
		t.Fatalf("got top_n %d, %v", c.TopN, err)
	}
}

func TestShippedConfigurationsAreValid(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "configs", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		if _, err := Load(file); err != nil {
			t.Error(err)
		}
	}
}

func TestRestartKeysLeaveOutWhatCanBeReloaded(t *testing.T) {
	before, after := Default(), Default()
	after.MaxSamplerCPU, after.TopN = 0.1, 50
	after.OTLPEndpoint, after.IntervalSeconds = "http://h", 2
	if got, want := RestartKeys(before, after), []string{"interval_seconds", "otlp_endpoint"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestErrorWithoutAPlaceInTheFile(t *testing.T) {
	if got := (&Error{File: "c.json", Reason: "is odd"}).Error(); got != "c.json: is odd" {
		t.Fatalf("got %q", got)
	}
}
