package output

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/infrastructure-agent/model"
)

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

func content(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func open(t *testing.T, folder string, mode Mode) *Dir {
	t.Helper()
	d, err := Open(folder, mode)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func writeAll(t *testing.T, d *Dir) {
	t.Helper()
	if err := errors.Join(
		d.Selection(model.Selection{Tick: 1, N: 0, Top: []model.Process{}}),
		d.Sketch(model.SketchEnvelope{Metric: "rss", Positive: model.Buckets{Counts: []uint64{}}}),
		d.Event(model.Event{Type: model.EventType, Name: "X", Attributes: map[string]string{}}),
	); err != nil {
		t.Fatal(err)
	}
}

func TestAtomicFilesAppearTogether(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	d := open(t, folder, Atomic)
	writeAll(t, d)
	for _, name := range names(t, folder) {
		if !strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s is visible before Commit", name)
		}
	}
	if err := d.Commit(map[string]int{"ticks": 1}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, folder), []string{EventsFile, SketchesFile, SummaryFile, TopNFile}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	want := `{"tick":1,"n":0,"top":[],"other":{"count":0,"cpu_ms":0,"rss":0}}` + "\n"
	if got := content(t, folder, TopNFile); got != want {
		t.Fatalf("got  %swant %s", got, want)
	}
	want = `{"type":"AgentDiagEvent","event":"X","module":"","tick":0,"severity":"","message":"","attributes":{}}` + "\n"
	if got := content(t, folder, EventsFile); got != want {
		t.Fatalf("got  %swant %s", got, want)
	}
}

func TestAbandonedAtomicFolderIsEmptyAndKeepsEarlierFiles(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, TopNFile), []byte("earlier\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, folder, Atomic)
	writeAll(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); !slices.Equal(got, []string{TopNFile}) || content(t, folder, TopNFile) != "earlier\n" {
		t.Fatalf("folder holds %v", got)
	}
}

func TestLiveLinesAreVisibleAtOnce(t *testing.T) {
	folder := t.TempDir()
	d := open(t, folder, Live)
	writeAll(t, d)
	if got := content(t, folder, TopNFile); !strings.HasPrefix(got, `{"tick":1,`) {
		t.Fatalf("got %q", got)
	}
	if err := d.Commit(struct{}{}); err != nil {
		t.Fatal(err)
	}
	if got := content(t, folder, SummaryFile); got != "{}\n" {
		t.Fatalf("got %q", got)
	}
}

func TestClosedFolderRefusesLines(t *testing.T) {
	d := open(t, t.TempDir(), Live)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Event(model.Event{}); !errors.Is(err, errClosed) {
		t.Fatalf("got %v", err)
	}
}

func TestProblemsAreReported(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Live); err == nil {
		t.Error("a file was opened as a folder")
	}
	taken := t.TempDir()
	if err := os.Mkdir(filepath.Join(taken, SketchesFile), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(taken, Live); err == nil {
		t.Error("a folder in the place of a file was accepted")
	}
	d := open(t, t.TempDir(), Atomic)
	if err := d.Commit(func() {}); err == nil {
		t.Error("a summary that is no JSON was accepted")
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
