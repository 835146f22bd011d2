package sketch

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func newSketch(t testing.TB) *Sketch {
	t.Helper()
	s, err := New(DefaultAlpha)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fill(t testing.TB, values []float64) *Sketch {
	t.Helper()
	s := newSketch(t)
	for _, v := range values {
		if err := s.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// slack allows for the rounding of a logarithm at the edge of a bucket.
const slack = 1e-9

// checkQuantiles compares with exact quantiles of the same rank rule.
func checkQuantiles(t *testing.T, s *Sketch, values []float64) {
	t.Helper()
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	for _, q := range []float64{0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1} {
		got, err := s.Quantile(q)
		if err != nil {
			t.Fatal(err)
		}
		exact := sorted[int(q*float64(len(sorted)-1))]
		if exact <= zeroThreshold {
			if got != 0 {
				t.Errorf("q=%v: got %v, want 0", q, got)
			}
			continue
		}
		if e := math.Abs(got-exact) / exact; e > DefaultAlpha+slack {
			t.Errorf("q=%v: got %v, want %v, error %.4f%%", q, got, exact, 100*e)
		}
	}
}

// distributions are inputs that are hard in different ways.
func distributions() map[string][]float64 {
	rng := rand.New(rand.NewPCG(42, 3))
	draw := func(n int, f func() float64) []float64 {
		values := make([]float64, n)
		for i := range values {
			values[i] = f()
		}
		return values
	}
	gamma := (1 + DefaultAlpha) / (1 - DefaultAlpha)
	step := -300
	return map[string][]float64{
		"uniform":     draw(5000, func() float64 { return rng.Float64() * 100 }),
		"exponential": draw(5000, rng.ExpFloat64),
		"pareto":      draw(5000, func() float64 { return math.Pow(rng.Float64(), -2) }),
		"zeros":       draw(1000, func() float64 { return float64(rng.IntN(2)) * rng.Float64() }),
		"all zero":    make([]float64, 100),
		"single":      {12.5},
		"constant":    draw(50, func() float64 { return 7 }),
		"huge":        draw(1000, func() float64 { return 1e9 + rng.Float64()*1e15 }),
		"wide":        draw(3000, func() float64 { return math.Exp(rng.Float64()*100 - 20) }),
		"bucket edges": draw(1500, func() float64 {
			step++
			return math.Pow(gamma, float64(step))
		}),
		"extreme": {math.SmallestNonzeroFloat64, 1e-9, 2e-9, math.MaxFloat64},
	}
}

func TestQuantilesAreWithinAlpha(t *testing.T) {
	for name, values := range distributions() {
		t.Run(name, func(t *testing.T) { checkQuantiles(t, fill(t, values), values) })
	}
}

func TestCountsAreConserved(t *testing.T) {
	for name, values := range distributions() {
		e := fill(t, values).Envelope("m", 0, 1)
		total := e.ZeroCount
		for _, n := range e.Positive.Counts {
			total += n
		}
		if total != uint64(len(values)) || e.Count != total {
			t.Errorf("%s: buckets hold %d of %d values, count is %d", name, total, len(values), e.Count)
		}
		if e.Min != slices.Min(values) || e.Max != slices.Max(values) {
			t.Errorf("%s: range is %v to %v", name, e.Min, e.Max)
		}
	}
}

func TestMoreThanAThousandBucketsDoNotCollapse(t *testing.T) {
	values := distributions()["bucket edges"]
	s := fill(t, values)
	used := 0
	for _, n := range s.Envelope("m", 0, 1).Positive.Counts {
		if n > 0 {
			used++
		}
	}
	if used < 1400 {
		t.Fatalf("1500 edges fall into %d buckets", used)
	}
	checkQuantiles(t, s, values)
}

func TestMergeEqualsOneSketch(t *testing.T) {
	all := distributions()
	for name, values := range all {
		merged := newSketch(t)
		for _, part := range [][]float64{values[:len(values)/3], values[len(values)/3:], nil} {
			if err := merged.Merge(fill(t, part)); err != nil {
				t.Fatal(err)
			}
		}
		got, want := merged.Envelope("m", 0, 1), fill(t, values).Envelope("m", 0, 1)
		if !slices.Equal(got.Positive.Counts, want.Positive.Counts) || got.Positive.Offset != want.Positive.Offset ||
			got.ZeroCount != want.ZeroCount || got.Count != want.Count || got.Min != want.Min || got.Max != want.Max {
			t.Errorf("%s: merged sketch differs", name)
		}
		if math.Abs(got.Sum-want.Sum) > 1e-9*math.Abs(want.Sum) {
			t.Errorf("%s: sum is %v, want %v", name, got.Sum, want.Sum)
		}
	}
}

func TestMergeRefusesAnotherAccuracy(t *testing.T) {
	other, err := New(0.01)
	if err != nil {
		t.Fatal(err)
	}
	if err := newSketch(t).Merge(other); err == nil {
		t.Fatal("sketches of different accuracy were merged")
	}
}

func TestInvalidValuesAreRefused(t *testing.T) {
	s := newSketch(t)
	for _, v := range []float64{-1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := s.Add(v); !errors.Is(err, ErrValue) {
			t.Errorf("Add(%v) gave %v", v, err)
		}
	}
	if s.Count() != 0 {
		t.Fatalf("%d invalid values were counted", s.Count())
	}
}

func TestInvalidParametersAreRefused(t *testing.T) {
	for _, alpha := range []float64{-1, 0, 1, math.NaN()} {
		if _, err := New(alpha); err == nil {
			t.Errorf("New(%v) succeeded", alpha)
		}
	}
	s := fill(t, []float64{1})
	for _, q := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := s.Quantile(q); err == nil {
			t.Errorf("Quantile(%v) succeeded", q)
		}
	}
	if _, err := newSketch(t).Quantile(0.5); !errors.Is(err, ErrEmpty) {
		t.Errorf("quantile of an empty sketch gave %v", err)
	}
}

func TestResetSketchIsLikeNew(t *testing.T) {
	values := distributions()["pareto"]
	s := fill(t, distributions()["wide"])
	s.Reset()
	if s.Count() != 0 || s.Envelope("m", 0, 1).Sum != 0 || s.Buckets() != 0 {
		t.Fatalf("after Reset: %+v", s.Envelope("m", 0, 1))
	}
	for _, v := range values {
		if err := s.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	checkQuantiles(t, s, values)
}

func FuzzAdd(f *testing.F) {
	for _, v := range []float64{0, 1e-9, 1e-8, 1, 7.5, 1e9, math.MaxFloat64, -1, math.Inf(1)} {
		f.Add(v, 1.0)
	}
	f.Fuzz(func(t *testing.T, a, b float64) {
		s := newSketch(t)
		var kept []float64
		for _, v := range []float64{a, b, a} {
			if s.Add(v) == nil {
				kept = append(kept, v)
			}
		}
		if len(kept) > 0 {
			checkQuantiles(t, s, kept)
		}
		rebuilt, err := FromEnvelope(s.Envelope("m", 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		if rebuilt.Count() != uint64(len(kept)) {
			t.Fatalf("rebuilt sketch holds %d of %d values", rebuilt.Count(), len(kept))
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	values := distributions()["pareto"]
	s := fill(b, values)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := s.Add(values[i%len(values)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkQuantile(b *testing.B) {
	s := fill(b, distributions()["wide"])
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := s.Quantile(0.99); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMerge(b *testing.B) {
	s, other := newSketch(b), fill(b, distributions()["wide"])
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if err := s.Merge(other); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnvelope(b *testing.B) {
	s := fill(b, distributions()["wide"])
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		s.Envelope("m", 0, 60)
	}
}
