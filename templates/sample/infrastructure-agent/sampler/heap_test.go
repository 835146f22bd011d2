package sampler

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func candidates(n int, seed uint64) []candidate {
	rng := rand.New(rand.NewPCG(seed, 2))
	all := make([]candidate, n)
	for i := range all {
		all[i] = candidate{index: i, score: float64(rng.IntN(n + 1)), pid: rng.IntN(50), start: uint64(i)}
	}
	return all
}

func TestHeapKeepsTheBestInOrder(t *testing.T) {
	for _, size := range []struct{ n, limit int }{{0, 5}, {1, 1}, {5, 0}, {5, 10}, {1000, 1}, {1000, 20}, {1000, 999}, {1000, 1000}} {
		all := candidates(size.n, uint64(size.n+size.limit))
		var h topHeap
		h.reset(size.limit)
		for _, c := range all {
			h.offer(c)
		}
		got := h.sorted()
		slices.SortFunc(all, func(a, b candidate) int { return b.compare(a) })
		want := all[:min(size.limit, size.n)]
		if !slices.Equal(got, want) {
			t.Errorf("n=%d limit=%d: got %v, want %v", size.n, size.limit, got, want)
		}
	}
}

func TestHeapCanBeReused(t *testing.T) {
	var h topHeap
	for round := range 3 {
		h.reset(2)
		for _, c := range candidates(10, uint64(round)) {
			h.offer(c)
		}
		if got := h.sorted(); len(got) != 2 || got[0].compare(got[1]) < 0 {
			t.Fatalf("round %d: got %v", round, got)
		}
	}
}

func TestTiesAreBrokenByIdentity(t *testing.T) {
	older := candidate{score: 1, pid: 1, start: 5}
	for _, later := range []candidate{{score: 1, pid: 2, start: 1}, {score: 1, pid: 1, start: 6}} {
		if older.compare(later) <= 0 {
			t.Errorf("%v does not come before %v", older, later)
		}
	}
}

func BenchmarkHeap(b *testing.B) {
	for _, limit := range []struct {
		name string
		n    int
	}{{"limit=20", 20}, {"limit=256", 256}} {
		b.Run(limit.name, func(b *testing.B) {
			all := candidates(5000, 1)
			var h topHeap
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				h.reset(limit.n)
				for _, c := range all {
					h.offer(c)
				}
				h.sorted()
			}
		})
	}
}
