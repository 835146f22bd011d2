package corpus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
)

// Values are drawn in thousandths: a factor of 1000 leaves a weight unchanged.
const perMille = 1000

const (
	// pidRoom is how many PIDs there are for each live process. It is small, so
	// that PIDs are reused within a corpus.
	pidRoom = 4
	// firstPID leaves room for the PIDs that a real host reserves.
	firstPID = 300
	// ticksPerSecond is the unit of Process.Start, as in /proc/<pid>/stat.
	ticksPerSecond = 100
	// pcgStream separates this generator's stream from others with one seed.
	pcgStream = 0x1f2e3d4c5b6a7988
)

// slot is a place in the process table. A process lives in it until churn
// replaces it by another with a new identity.
type slot struct {
	pid      int
	start    uint64
	kind     string
	cpuMicro uint64 // CPU of a tick at factor 1000
	rss      uint64 // resident bytes at factor 1000
	drift    uint64 // current factor in thousandths
}

// maker fills the process table for a profile.
type maker interface {
	// populate gives every slot its first role.
	populate(g *generator)
	// advance changes roles and identities between two ticks.
	advance(g *generator, tick int)
	// distort may change the finished values of a tick.
	distort(g *generator, tick int, processes []Process)
}

type generator struct {
	params  Params
	rng     *rand.Rand
	slots   []slot
	used    map[int]struct{}
	lastPID int
	clock   uint64
}

// Generate writes the corpus that params describe.
func Generate(w io.Writer, params Params) error {
	if err := params.Validate(); err != nil {
		return err
	}
	g := &generator{
		params:  params,
		rng:     rand.New(rand.NewPCG(params.Seed, pcgStream)),
		slots:   make([]slot, params.Processes),
		used:    make(map[int]struct{}, params.Processes),
		lastPID: firstPID,
	}
	out := bufio.NewWriterSize(w, 1<<20)
	encoder := json.NewEncoder(out)
	if err := encoder.Encode(params.Header()); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	profile := makerOf(params.Profile)
	profile.populate(g)
	for tick := range params.Ticks {
		g.clock = uint64(tick) * ticksPerSecond
		if tick > 0 {
			profile.advance(g, tick)
		}
		processes := g.observe()
		profile.distort(g, tick, processes)
		line := Tick{Type: "tick", Tick: tick, Processes: processes}
		if err := encoder.Encode(line); err != nil {
			return fmt.Errorf("write tick %d: %w", tick, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write corpus: %w", err)
	}
	return nil
}

func makerOf(p Profile) maker {
	switch p {
	case HighPIDChurn:
		return churnMaker{}
	case Edges:
		return edgeMaker{}
	default:
		return standardMaker{}
	}
}

// replace puts a new process into slot i. Its role stays the slot's role.
func (g *generator) replace(i int) {
	s := &g.slots[i]
	if s.pid != 0 {
		delete(g.used, s.pid)
	}
	for {
		g.lastPID++
		if g.lastPID >= firstPID+pidRoom*g.params.Processes {
			g.lastPID = firstPID
		}
		if _, taken := g.used[g.lastPID]; !taken {
			break
		}
	}
	g.used[g.lastPID] = struct{}{}
	s.pid = g.lastPID
	s.start = firstStart + g.clock + uint64(g.rng.IntN(ticksPerSecond))
	s.drift = perMille
}

// firstStart keeps starts above zero for processes born at tick 0.
const firstStart = 1000

// walk moves every drift by at most step thousandths within [low, high].
func (g *generator) walk(step, low, high int) {
	for i := range g.slots {
		next := int(g.slots[i].drift) + g.rng.IntN(2*step+1) - step
		g.slots[i].drift = uint64(min(max(next, low), high))
	}
}

// jitter returns a factor in thousandths from 1000-spread to 1000+spread.
func (g *generator) jitter(spread int) uint64 {
	return uint64(perMille - spread + g.rng.IntN(2*spread+1))
}

// observe reads the process table as a scan would.
func (g *generator) observe() []Process {
	const spread = 80
	processes := make([]Process, len(g.slots))
	for i, s := range g.slots {
		micro := s.cpuMicro * s.drift / perMille * g.jitter(spread) / perMille
		processes[i] = Process{
			PID: s.pid, Start: s.start,
			Name: fmt.Sprintf("%s-%d", s.kind, i),
			CPU:  float64(micro) / perMille,
			RSS:  s.rss * g.jitter(spread/8) / perMille,
		}
	}
	return processes
}
