package collector

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// fakeProc is a folder with the form of /proc.
type fakeProc struct {
	t    testing.TB
	root string
}

func newFakeProc(t testing.TB) fakeProc {
	t.Helper()
	p := fakeProc{t: t, root: t.TempDir()}
	p.write("meminfo", "MemTotal: 1 kB\n")
	return p
}

func (p fakeProc) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func (p fakeProc) process(pid int, name string, ticks, start, pages uint64) {
	p.t.Helper()
	p.write(filepath.Join(strconv.Itoa(pid), "stat"), statLine(pid, name, ticks, 0, start, pages))
}

func started(t *testing.T, root string) *Module {
	t.Helper()
	m := New(root)
	if err := m.Init(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestScanReportsUseSinceTheLastScan(t *testing.T) {
	proc := newFakeProc(t)
	proc.process(10, "old", 500, 1, 3)
	m := started(t, proc.root)
	proc.process(10, "old", 520, 1, 4)
	proc.process(11, "new one", 7, 900, 5)
	if err := os.MkdirAll(filepath.Join(proc.root, "12"), 0o755); err != nil { // ended: no stat
		t.Fatal(err)
	}
	processes, err := m.Scan()
	if err != nil {
		t.Fatal(err)
	}
	use := map[string]float64{}
	for _, p := range processes {
		use[p.Name] = p.CPUMillis
	}
	if len(processes) != 2 || use["old"] != 200 || use["new one"] != 70 {
		t.Fatalf("got %+v", processes)
	}
	if usage := m.Resources(); usage.Items != 2 || usage.OpenFiles != 1 {
		t.Fatalf("usage is %+v", usage)
	}
}

func TestScanErrorsNameTheProblem(t *testing.T) {
	damaged := newFakeProc(t)
	damaged.process(10, "good", 1, 1, 1)
	m := started(t, damaged.root)
	damaged.write("11/stat", "11 no name")
	if _, err := m.Scan(); !errors.Is(err, errStat) || !strings.Contains(err.Error(), "process 11") {
		t.Errorf("damaged stat gave %v", err)
	}
	if err := New(newFakeProc(t).root).Init(context.Background()); err == nil || !strings.Contains(err.Error(), "holds no process") {
		t.Errorf("empty proc_root gave %v", err)
	}
	if err := New(filepath.Join(damaged.root, "none")).Init(context.Background()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing proc_root gave %v", err)
	}
}

func TestScanNeedsInit(t *testing.T) {
	m := New("/proc")
	if _, err := m.Scan(); err == nil {
		t.Fatal("Scan before Init succeeded")
	}
	if usage := m.Resources(); usage.Items != 0 || usage.OpenFiles != 0 {
		t.Fatalf("usage is %+v", usage)
	}
	if err := m.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestThisProcessIsFound(t *testing.T) {
	m := started(t, "/proc")
	processes, err := m.Scan()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range processes {
		if p.PID == os.Getpid() {
			if p.RSS == 0 || p.Start == 0 || p.Name == "" {
				t.Fatalf("got %+v", p)
			}
			return
		}
	}
	t.Fatalf("process %d is not among %d processes", os.Getpid(), len(processes))
}

func BenchmarkScan(b *testing.B) {
	proc := newFakeProc(b)
	for pid := 1; pid <= 500; pid++ {
		proc.process(pid, "worker", 1, uint64(pid), 100)
	}
	m := New(proc.root)
	if err := m.Init(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := m.Scan(); err != nil {
			b.Fatal(err)
		}
	}
}
