package sampler

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"example.com/infrastructure-agent/model"
)

// host makes up n processes with heavy-tailed use, in a shuffled order.
func host(n int, seed uint64) []model.Process {
	rng := rand.New(rand.NewPCG(seed, 1))
	processes := make([]model.Process, n)
	for i := range processes {
		processes[i] = model.Process{
			PID: 100 + i, Start: uint64(1000 + i), Name: "p",
			CPUMillis: 500 / float64(i+1), RSS: uint64(1_000_000_000 / (i + 1)),
		}
	}
	rng.Shuffle(n, func(i, j int) { processes[i], processes[j] = processes[j], processes[i] })
	return processes
}

func newModule(t testing.TB, topN int) *Module {
	t.Helper()
	m, err := New(topN)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(context.Background()); err != nil {
		t.Fatal(err)
	}
	return m
}

func sample(t testing.TB, m *Module, processes []model.Process) model.Selection {
	t.Helper()
	selection, err := m.Sample(model.Snapshot{Tick: 3, Processes: processes})
	if err != nil {
		t.Fatal(err)
	}
	return selection
}

func TestTopAndOtherAddUpToTheHost(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 19, 20, 41, 500, 3000} {
		processes := host(n, 7)
		s := sample(t, newModule(t, 20), processes)
		var want, got model.Aggregate
		for _, p := range processes {
			want.Add(p)
		}
		seen := map[model.Identity]bool{}
		for _, p := range s.Top {
			if seen[p.Identity()] {
				t.Fatalf("n=%d: %v is exported twice", n, p.Identity())
			}
			seen[p.Identity()] = true
			if !slices.Contains(processes, p) {
				t.Fatalf("n=%d: %v is not as it was scanned", n, p)
			}
			got.Add(p)
		}
		got.Count += s.Other.Count
		got.RSS += s.Other.RSS
		cpu := got.CPUMillis + s.Other.CPUMillis
		if got.Count != want.Count || got.RSS != want.RSS || cpu < want.CPUMillis*0.999999 || cpu > want.CPUMillis*1.000001 {
			t.Fatalf("n=%d: top and other are %+v with %v ms, the host is %+v", n, got, cpu, want)
		}
		if s.N != len(s.Top) || s.Tick != 3 {
			t.Fatalf("n=%d: N is %d with %d processes, tick is %d", n, s.N, len(s.Top), s.Tick)
		}
	}
}

func TestCapIsHalfOfTheHostAndMaxN(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 10, 100, 500, 5000} {
		s := sample(t, newModule(t, MaxN), host(n, 1))
		if limit := min(MaxN, n/2); s.N > limit {
			t.Errorf("n=%d: N is %d, cap is %d", n, s.N, limit)
		}
	}
}

func TestTopNIsReachedWhenTheHostIsLargeEnough(t *testing.T) {
	if s := sample(t, newModule(t, 20), host(500, 1)); s.N < 20 {
		t.Fatalf("N is %d, want 20 or more", s.N)
	}
}

func TestTheHeaviestComeFirst(t *testing.T) {
	s := sample(t, newModule(t, 5), host(100, 3))
	for i, p := range s.Top[:5] {
		if p.PID != 100+i {
			t.Fatalf("place %d has process %d, want %d", i, p.PID, 100+i)
		}
	}
}

func TestSelectionDoesNotDependOnTheOrderOfTheScan(t *testing.T) {
	equal := make([]model.Process, 60)
	for i := range equal {
		equal[i] = model.Process{PID: 10 + i/2, Start: uint64(i), CPUMillis: 1, RSS: 1}
	}
	first := sample(t, newModule(t, 10), equal)
	slices.Reverse(equal)
	second := sample(t, newModule(t, 10), equal)
	if !slices.Equal(first.Top, second.Top) {
		t.Fatalf("got %v, then %v", first.Top, second.Top)
	}
}

func TestSnapshotIsNotChanged(t *testing.T) {
	processes := host(200, 5)
	before := slices.Clone(processes)
	sample(t, newModule(t, 20), processes)
	if !slices.Equal(before, processes) {
		t.Fatal("Sample changed its input")
	}
}

func TestModuleFollowsHostsOfDifferentSize(t *testing.T) {
	m := newModule(t, 20)
	for _, n := range []int{500, 3, 0, 800} {
		s := sample(t, m, host(n, uint64(n)))
		if s.N+s.Other.Count != n {
			t.Fatalf("n=%d: %d processes are missing", n, n-s.N-s.Other.Count)
		}
	}
}

func TestTopNIsChecked(t *testing.T) {
	for _, topN := range []int{-1, 0, MaxN + 1} {
		if _, err := New(topN); err == nil {
			t.Errorf("New(%d) succeeded", topN)
		}
		if err := newModule(t, 20).SetTopN(topN); err == nil {
			t.Errorf("SetTopN(%d) succeeded", topN)
		}
	}
}

func TestSetTopNTakesEffect(t *testing.T) {
	m := newModule(t, 5)
	if err := m.SetTopN(200); err != nil {
		t.Fatal(err)
	}
	if s := sample(t, m, host(1000, 1)); s.N < 200 {
		t.Fatalf("N is %d, want 200 or more", s.N)
	}
}

func TestLifecycle(t *testing.T) {
	m := newModule(t, 20)
	s := sample(t, m, host(500, 1))
	if usage := m.Resources(); usage.Items != s.N || usage.Bytes == 0 {
		t.Fatalf("usage after a tick is %+v", usage)
	}
	if err := m.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if usage := m.Resources(); usage.Items != 0 || usage.Bytes != 0 {
		t.Fatalf("usage after shutdown is %+v", usage)
	}
}

func BenchmarkSample(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"processes=500", 500}, {"processes=5000", 5000}} {
		b.Run(size.name, func(b *testing.B) {
			m := newModule(b, 20)
			snapshot := model.Snapshot{Processes: host(size.n, 1)}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if _, err := m.Sample(snapshot); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
