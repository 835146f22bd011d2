package corpus

const (
	hotCPUMicro   = 250_000       // CPU of the busiest process in a tick
	heavyRSS      = 4_000_000_000 // resident bytes of the largest process
	hotShare      = 14            // percent of the slots that use CPU steadily
	heavyShare    = 10            // percent of the slots that hold much memory
	tailRSS       = 120_000
	tailRSSSpread = 240_000
)

// zipf is the weight of a rank when the first rank has weight top.
func zipf(top uint64, rank int) uint64 { return top / uint64(rank+1) }

// populateZipf gives the first slots heavy-tailed CPU, every second of them
// (and as many others) heavy-tailed memory, and the rest next to nothing.
func populateZipf(g *generator) {
	n := len(g.slots)
	hot, heavy := n*hotShare/100, n*heavyShare/100
	for i := range g.slots {
		g.slots[i] = slot{kind: "idle", rss: tailRSS + uint64(g.rng.IntN(tailRSSSpread))}
		switch {
		case i < hot:
			g.slots[i].kind = "worker"
			g.slots[i].cpuMicro = zipf(hotCPUMicro, i)
		case g.rng.IntN(4) == 0:
			g.slots[i].cpuMicro = uint64(g.rng.IntN(60))
		}
	}
	for rank := range heavy {
		i := rank * 2
		if rank%3 == 2 {
			i = hot + rank
			g.slots[i].kind = "cache"
		}
		g.slots[i].rss = zipf(heavyRSS, rank)
	}
	for i := range g.slots {
		g.replace(i)
	}
}

// standardMaker is a steady host: few processes use most, shares drift
// slowly, some processes come and go. A stretch in the middle holds values
// that are hard on a sketch.
type standardMaker struct{}

func (standardMaker) populate(g *generator) { populateZipf(g) }

func (standardMaker) advance(g *generator, _ int) {
	g.walk(20, 600, 1600)
	for i := range g.slots {
		chance := 20 // thousandths a tick
		if g.slots[i].kind != "idle" {
			chance = 3
		}
		if g.rng.IntN(perMille) < chance {
			g.replace(i)
		}
	}
}

func (standardMaker) distort(g *generator, tick int, processes []Process) {
	from := g.params.Ticks * 5 / 12
	to := from + max(g.params.Ticks/12, 1)
	if tick >= from && tick < to {
		spreadOverBuckets(tick, processes[len(processes)/2:])
	}
}

// churnMaker is a host that forks all the time: most slots change identity
// every tick or two, and the heavy hitters change place.
type churnMaker struct{}

// hittersRotate is the number of ticks after which heavy hitters move on.
const hittersRotate = 5

func (churnMaker) populate(g *generator) { populateZipf(g) }

func (churnMaker) advance(g *generator, tick int) {
	n := len(g.slots)
	hot := n * hotShare / 100
	for i := range g.slots {
		switch {
		case i >= hot && g.slots[i].kind == "idle":
			if g.rng.IntN(perMille) < 600 {
				g.replace(i)
			}
		case g.rng.IntN(perMille) < 150:
			g.replace(i)
		}
	}
	if tick%hittersRotate != 0 {
		return
	}
	for i := range hot {
		j := g.rng.IntN(n)
		a, b := &g.slots[i], &g.slots[j]
		a.cpuMicro, b.cpuMicro = b.cpuMicro, a.cpuMicro
		a.rss, b.rss = b.rss, a.rss
		a.kind, b.kind = b.kind, a.kind
	}
}

func (churnMaker) distort(*generator, int, []Process) {}

// edgeMaker cycles through ticks that are hard on a sketch and on a sampler.
type edgeMaker struct{}

func (edgeMaker) populate(g *generator) { populateZipf(g) }

func (edgeMaker) advance(g *generator, _ int) {
	for i := range g.slots {
		if g.rng.IntN(perMille) < 50 {
			g.replace(i)
		}
	}
}

func (edgeMaker) distort(g *generator, tick int, processes []Process) {
	const cases = 6
	switch tick % cases {
	case 0:
		fill(processes, 0, 0)
	case 1:
		spreadOverBuckets(tick/cases, processes)
	case 2:
		fill(processes, 7.5, 1<<31)
	case 3:
		for i := range processes {
			processes[i].CPU = float64(i) * 2_500_000
			processes[i].RSS = 1_000_000_000 + uint64(i)*7_000_000_007
		}
	case 4:
		for i := range processes {
			processes[i].CPU = float64(1+g.rng.IntN(9)) / 1_000_000
			processes[i].RSS = uint64(g.rng.IntN(2))
		}
	}
}

func fill(processes []Process, cpu float64, rss uint64) {
	for i := range processes {
		processes[i].CPU, processes[i].RSS = cpu, rss
	}
}
