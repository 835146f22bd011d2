package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
	"testing"
)

func generate(t testing.TB, params Params) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Generate(&out, params); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func ticksOf(t testing.TB, params Params) []Tick {
	t.Helper()
	header, ticks, err := Read(bytes.NewReader(generate(t, params)))
	if err != nil {
		t.Fatal(err)
	}
	if header != params.Header() {
		t.Fatalf("header is %+v, want %+v", header, params.Header())
	}
	return ticks
}

func small(profile Profile) Params {
	return Params{Profile: profile, Seed: 42, Processes: 500, Ticks: 48}
}

// The digests hold on every platform: a corpus depends on its parameters only.
func TestCorpusIsTheSameEverywhere(t *testing.T) {
	for profile, want := range map[Profile]string{
		Standard:     "2b7efcf5c51263626468e8cf644d9cb8bdd285c60516ba976211a6569ab358d1",
		HighPIDChurn: "71d14f51f3abccea968c997e6948e9f6e6bf6d601c81b6383d44fe99b77579fb",
		Edges:        "9a001159ab66a933bd18181f61d2ee138740c181a3fe478ab56b547ecb513495",
	} {
		sum := sha256.Sum256(generate(t, small(profile)))
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: digest is %s, want %s", profile, got, want)
		}
	}
}

func TestSeedChangesTheCorpus(t *testing.T) {
	other := small(Standard)
	other.Seed++
	if bytes.Equal(generate(t, small(Standard)), generate(t, other)) {
		t.Fatal("two seeds gave one corpus")
	}
}

func TestEveryTickHasItsProcessesOnce(t *testing.T) {
	for _, profile := range Profiles() {
		params := small(profile)
		for number, tick := range ticksOf(t, params) {
			if tick.Tick != number || len(tick.Processes) != params.Processes {
				t.Fatalf("%s: tick %d stands at %d with %d processes", profile, tick.Tick, number, len(tick.Processes))
			}
			type identity struct {
				pid   int
				start uint64
			}
			seen, pids := map[identity]bool{}, map[int]bool{}
			for _, p := range tick.Processes {
				if seen[identity{p.PID, p.Start}] || pids[p.PID] {
					t.Fatalf("%s: tick %d has PID %d twice", profile, number, p.PID)
				}
				seen[identity{p.PID, p.Start}], pids[p.PID] = true, true
				if p.CPU < 0 || math.IsInf(p.CPU, 0) || math.IsNaN(p.CPU) || p.Name == "" {
					t.Fatalf("%s: tick %d has %+v", profile, number, p)
				}
			}
		}
	}
}

func TestChurnReplacesMoreProcessesThanStandard(t *testing.T) {
	replaced := func(profile Profile) float64 {
		ticks := ticksOf(t, small(profile))
		known, fresh := map[[2]uint64]bool{}, 0
		for number, tick := range ticks {
			for _, p := range tick.Processes {
				key := [2]uint64{uint64(p.PID), p.Start}
				if number > 0 && !known[key] {
					fresh++
				}
				known[key] = true
			}
		}
		return float64(fresh) / float64(len(ticks)-1)
	}
	if standard, churn := replaced(Standard), replaced(HighPIDChurn); standard < 1 || churn < 200 {
		t.Fatalf("standard replaces %.1f processes a tick, churn %.1f", standard, churn)
	}
}

func TestPIDsAreReusedWithAnotherStart(t *testing.T) {
	params := small(Standard)
	params.Ticks = 240
	starts := map[int]map[uint64]bool{}
	for _, tick := range ticksOf(t, params) {
		for _, p := range tick.Processes {
			if starts[p.PID] == nil {
				starts[p.PID] = map[uint64]bool{}
			}
			starts[p.PID][p.Start] = true
		}
	}
	for _, s := range starts {
		if len(s) > 1 {
			return
		}
	}
	t.Fatal("no PID was reused")
}

// spread describes what a corpus demands of a sketch.
type spread struct {
	buckets map[int]bool
	zeros   int
	huge    int // values over 1e9
	wide    int // values over 2^31
}

func spreadOf(ticks []Tick) (cpu, rss spread) {
	cpu.buckets, rss.buckets = map[int]bool{}, map[int]bool{}
	count := func(s *spread, v float64) {
		switch {
		case v <= 1e-9:
			s.zeros++
			return
		case v > 1<<31:
			s.wide++
			fallthrough
		case v > 1e9:
			s.huge++
		}
		s.buckets[int(math.Ceil(math.Log(v)/math.Log(gamma)))] = true
	}
	for _, tick := range ticks {
		for _, p := range tick.Processes {
			count(&cpu, p.CPU)
			count(&rss, float64(p.RSS))
		}
	}
	return cpu, rss
}

func TestStandardCorpusHoldsHardValues(t *testing.T) {
	cpu, rss := spreadOf(ticksOf(t, Params{Profile: Standard, Seed: 42, Processes: 500, Ticks: 240}))
	if len(cpu.buckets) < 1000 || cpu.zeros == 0 || rss.huge == 0 || rss.wide == 0 || rss.zeros == 0 {
		t.Fatalf("cpu: %d buckets, %d zeros; rss: %d over 1e9, %d over 2^31, %d zeros",
			len(cpu.buckets), cpu.zeros, rss.huge, rss.wide, rss.zeros)
	}
}

func TestEdgesProfileHasSingleValuedTicks(t *testing.T) {
	single := 0
	for _, tick := range ticksOf(t, small(Edges)) {
		values := map[float64]bool{}
		for _, p := range tick.Processes {
			values[p.CPU] = true
		}
		if len(values) == 1 {
			single++
		}
	}
	if single == 0 {
		t.Fatal("no tick has one value only")
	}
}

func TestParametersAreChecked(t *testing.T) {
	for name, change := range map[string]func(*Params){
		"profile":         func(p *Params) { p.Profile = "calm" },
		"few processes":   func(p *Params) { p.Processes = MinProcesses - 1 },
		"many processes":  func(p *Params) { p.Processes = MaxProcesses + 1 },
		"no ticks":        func(p *Params) { p.Ticks = 0 },
		"very many ticks": func(p *Params) { p.Ticks = MaxTicks + 1 },
	} {
		params := small(Standard)
		change(&params)
		var out bytes.Buffer
		if err := Generate(&out, params); err == nil || out.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes", name, err, out.Len())
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var errFull = bytes.ErrTooLarge

func TestWriteErrorsAreReported(t *testing.T) {
	for _, ticks := range []int{1, 200} {
		if err := Generate(fullDisk{}, Params{Profile: Standard, Processes: MinProcesses, Ticks: ticks}); err == nil {
			t.Errorf("%d ticks: a full disk went unnoticed", ticks)
		}
	}
}

func TestDamagedCorpusIsRefused(t *testing.T) {
	good := string(generate(t, Params{Profile: Standard, Processes: MinProcesses, Ticks: 2}))
	for name, text := range map[string]string{
		"empty":     "",
		"no header": `{"type":"tick"}` + "\n",
		"no JSON":   "x\n",
		"cut short": strings.Join(strings.SplitAfter(good, "\n")[:2], ""),
		"torn":      good[:len(good)-5],
		"bad tick":  strings.Replace(good, `"tick":1`, `"tick":"x"`, 1),
	} {
		if _, _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		generate(b, small(Standard))
	}
}
