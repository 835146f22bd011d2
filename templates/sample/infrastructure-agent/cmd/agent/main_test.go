package main

import (
	"strings"
	"testing"
)

func TestVersionIsPrinted(t *testing.T) {
	var stdout, stderr strings.Builder
	if code := run([]string{"version"}, &stdout, &stderr); code != 0 || !strings.HasPrefix(stdout.String(), "infrastructure-agent ") {
		t.Fatalf("exit code %d, output %q, errors %q", code, stdout.String(), stderr.String())
	}
}
