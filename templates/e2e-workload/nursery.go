package main

import (
	"fmt"
	"sort"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	churnTick   = 10 * time.Millisecond
	calmTick    = 50 * time.Millisecond
	flushEvery  = 200 * time.Millisecond
	guardEvery  = 250 * time.Millisecond
	maxPerTick  = 200
	startBudget = 25 * time.Millisecond
)

// birth is what the system told about a new process. Start is its start time in clock ticks since boot on Linux.
type birth struct {
	pid   int
	start int64
}

type death struct {
	pid       int
	cpuMicros int64
	status    int
}

// spawner hides how a system makes processes. Slots hold the targets that can change while a process lives.
type spawner interface {
	spawn(slot int, name, args string) (birth, error)
	// sow hands the whole churn over to the system's cheapest way; false when there is none for it, and once must do.
	sow(c *churn, seed uint32, from time.Time) (bool, error)
	// sown visits what the sower did since the last visit and returns the CPU that the sower itself used.
	sown(visit func(sown)) (generatorMs float64, err error)
	// endSowing asks the sower to end its processes and itself; true when it has.
	endSowing() bool
	// once starts a process that lives for lifetimeMs and ends by itself.
	once(name, args string, lifetimeMs int64) (birth, error)
	setTarget(slot int, cpuMsPerSecond float64, rss int64)
	// used returns the CPU in microseconds and the bytes asked for and held, as the process itself counts them.
	used(slot int) (cpuMicros, rss int64)
	reap(each func(death))
	kill(pid int)
	close()
}

// sown is a start (number >= 0) or an end (number < 0) of a short-lived process; times are since the epoch.
type sown struct {
	number int64
	atNs   int64
	start  int64
	micros int64
	life   int64
	pid    int32
	status int32
}

type live struct {
	slot  int // also its place in the plan
	birth birth
	churn bool
	next  int
	cpu   float64
	rss   int64
	// base is what the process holds beyond the bytes it was asked to hold.
	base int64
}

type nursery struct {
	plan     *plan
	spawner  spawner
	ledger   *ledger
	began    time.Time
	byPid    map[int]*live
	bySlot   []*live
	order    []int
	startAt  int
	churned  int
	started  int
	ended    int
	planned  int
	relieved int
	deadCPU  int64
	churnCPU int64
	late     time.Duration
	names    map[uint32]struct{}
	sowing   bool
	sowerMs  float64
	sownLive int
}

func newNursery(p *plan) (*nursery, error) {
	ledger, err := openLedger(p.Ledger)
	if err != nil {
		return nil, err
	}
	spawner, err := newSpawner(len(p.Processes))
	if err != nil {
		return nil, err
	}
	n := &nursery{plan: p, spawner: spawner, ledger: ledger, byPid: map[int]*live{},
		bySlot: make([]*live, len(p.Processes)), names: map[uint32]struct{}{}}
	for i := range p.Processes {
		n.order = append(n.order, i)
	}
	sort.SliceStable(n.order, func(a, b int) bool { return p.Processes[n.order[a]].At < p.Processes[n.order[b]].At })
	return n, nil
}

func (n *nursery) run(stopping *atomic.Bool) error {
	n.began = time.Now()
	defer n.spawner.close()
	n.ledger.start("header").int("version", 1).text("run", n.plan.Run).text("workload", n.plan.Workload).
		int("seed", int64(n.plan.Seed)).text("digest", n.plan.Digest).int("at", n.began.UnixMilli()).
		int("clock_ticks", clockTicks()).text("start_unit", startUnit).end()
	err := n.startSowing()
	if err == nil {
		err = n.loop(stopping)
	}
	for pid := range n.byPid {
		n.spawner.kill(pid)
	}
	for deadline := time.Now().Add(5 * time.Second); (len(n.byPid) > 0 || !n.spawner.endSowing()) && time.Now().Before(deadline); {
		n.spawner.reap(n.died)
		n.gather()
		time.Sleep(2 * time.Millisecond)
	}
	n.gather()
	final := n.event("summary")
	n.ledger.start("summary").int("at", final.At).int("started", int64(final.Started)).int("ended", int64(final.Ended)).
		int("churned", int64(final.Churned)).float("load_cpu_ms", final.LoadCPUMs).
		float("churn_cpu_ms", final.ChurnCPUMs).float("generator_cpu_ms", final.GeneratorMs).end()
	if closeErr := n.ledger.close(); err == nil {
		err = closeErr
	}
	if left := len(n.byPid) + n.sownLive; err == nil && left > 0 {
		err = fmt.Errorf("%d processes did not end", left)
	}
	report(final)
	return err
}

func (n *nursery) loop(stopping *atomic.Bool) error {
	tick := calmTick
	if n.plan.Churn != nil && !n.sowing {
		tick = churnTick
	}
	var ready bool
	nextFlush, nextGuard, nextSample := n.began, n.began, n.began.Add(time.Duration(n.plan.SampleMs)*time.Millisecond)
	due := n.began
	for !stopping.Load() {
		now := time.Now()
		if err := n.step(now); err != nil {
			return err
		}
		if !ready && n.settled(now) {
			ready = true
			n.measureBase()
			report(n.event("ready"))
		}
		if !now.Before(nextSample) {
			n.sample(now)
			report(n.event("progress"))
			nextSample = nextSample.Add(time.Duration(n.plan.SampleMs) * time.Millisecond)
		}
		if !now.Before(nextGuard) {
			n.guard(now)
			nextGuard = now.Add(guardEvery)
		}
		if !now.Before(nextFlush) {
			if err := n.ledger.flush(); err != nil {
				return err
			}
			nextFlush = now.Add(flushEvery)
		}
		due = due.Add(tick)
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
		} else {
			n.late = max(n.late, -wait)
			due = time.Now()
		}
	}
	return nil
}

func (n *nursery) step(now time.Time) error {
	elapsed := now.Sub(n.began).Milliseconds()
	n.spawner.reap(n.died)
	// A ramp of many starts must not hold up the churn.
	for begin := time.Now(); n.startAt < len(n.order) && time.Since(begin) < startBudget; {
		p := &n.plan.Processes[n.order[n.startAt]]
		if p.At > elapsed {
			break
		}
		if err := n.startPlanned(n.order[n.startAt]); err != nil {
			return err
		}
		n.startAt++
	}
	for _, l := range n.bySlot {
		if l == nil {
			continue
		}
		p := &n.plan.Processes[l.slot]
		for l.next < len(p.Changes) && p.Changes[l.next].At <= elapsed {
			n.applyChange(l, p.Changes[l.next])
			l.next++
		}
	}
	if n.sowing {
		return n.gather()
	}
	return n.startChurn(elapsed)
}

func (n *nursery) startSowing() (err error) {
	if n.plan.Churn != nil {
		n.sowing, err = n.spawner.sow(n.plan.Churn, n.plan.Seed, n.began)
	}
	return err
}

// gather writes down what the sower did.
func (n *nursery) gather() error {
	if !n.sowing {
		return nil
	}
	used, err := n.spawner.sown(func(s sown) {
		if s.number < 0 {
			n.ended++
			n.sownLive--
			n.churnCPU += s.micros
			n.ledger.start("end").int("pid", int64(s.pid)).int("start", s.start).int("at", s.atNs/1e6).
				int("cpu_us", s.micros).int("status", int64(s.status)).end()
			return
		}
		name := mix(n.plan.Seed, uint32(s.number)) % n.plan.Churn.Names
		n.names[name] = struct{}{}
		n.churned++
		n.started++
		n.sownLive++
		n.ledger.start("start").int("churn", s.number).int("pid", int64(s.pid)).int("start", s.start).
			int("at", s.atNs/1e6).text("name", n.plan.Churn.title(name)).int("lifetime_ms", s.life).end()
	})
	if err == nil {
		n.sowerMs = used
	}
	return err
}

// title is cut to what the kernel keeps.
func (c *churn) title(name uint32) string {
	text := c.Prefix + strconv.FormatUint(uint64(name), 10)
	return text[:min(15, len(text))]
}

func (n *nursery) startPlanned(index int) error {
	p := &n.plan.Processes[index]
	l := &live{slot: index, cpu: p.CPU, rss: p.RSS}
	n.spawner.setTarget(index, p.CPU, p.RSS)
	birth, err := n.spawner.spawn(index, p.Name, p.Args)
	if err != nil {
		return fmt.Errorf("cannot start process %d of %d (%s): %w", n.started+1, len(n.plan.Processes), p.Name, err)
	}
	l.birth = birth
	n.byPid[birth.pid] = l
	n.bySlot[index] = l
	n.started++
	n.planned++
	n.ledger.start("start").text("id", p.ID).int("pid", int64(birth.pid)).int("start", birth.start).
		int("at", time.Now().UnixMilli()).text("name", p.Name).float("cpu_ms_per_s", p.CPU).int("rss", p.RSS).end()
	return nil
}

func (n *nursery) applyChange(l *live, c change) {
	if c.CPU >= 0 {
		l.cpu = c.CPU
	}
	if c.RSS >= 0 {
		l.rss = c.RSS
	}
	n.spawner.setTarget(l.slot, l.cpu, l.rss)
	n.ledger.start("change").text("id", n.plan.Processes[l.slot].ID).int("pid", int64(l.birth.pid)).
		int("start", l.birth.start).int("at", time.Now().UnixMilli()).float("cpu_ms_per_s", l.cpu).int("rss", l.rss).end()
}

func (n *nursery) startChurn(elapsed int64) error {
	c := n.plan.Churn
	if c == nil || elapsed < c.From {
		return nil
	}
	owed := int(float64(elapsed-c.From)*c.PerSecond/1000) - n.churned
	for i := 0; i < min(owed, maxPerTick); i++ {
		h := mix(n.plan.Seed, uint32(n.churned))
		name := h % c.Names
		lifetime := c.LifetimeMinMs + int64(mix(h, 1))%(c.LifetimeMaxMs-c.LifetimeMinMs+1)
		title := c.title(name)
		born, err := n.spawner.once(title, "--shard="+strconv.Itoa(n.churned), lifetime)
		if err != nil {
			return fmt.Errorf("cannot start short-lived process %d at %.0f a second: %w", n.churned+1, c.PerSecond, err)
		}
		n.byPid[born.pid] = &live{birth: born, churn: true}
		n.names[name] = struct{}{}
		n.ledger.start("start").int("churn", int64(n.churned)).int("pid", int64(born.pid)).int("start", born.start).
			int("at", time.Now().UnixMilli()).text("name", title).int("lifetime_ms", lifetime).end()
		n.churned++
		n.started++
	}
	return nil
}

func (n *nursery) died(d death) {
	l, known := n.byPid[d.pid]
	if !known {
		return
	}
	delete(n.byPid, d.pid)
	n.ended++
	if l.churn {
		n.churnCPU += d.cpuMicros
	} else {
		n.deadCPU += d.cpuMicros
		n.bySlot[l.slot] = nil
		n.planned--
	}
	n.ledger.start("end").int("pid", int64(d.pid)).int("start", l.birth.start).int("at", time.Now().UnixMilli()).
		int("cpu_us", d.cpuMicros).int("status", int64(d.status)).end()
}

// settled tells whether all that belongs to the first picture runs and holds its memory.
func (n *nursery) settled(now time.Time) bool {
	if now.Sub(n.began).Milliseconds() < n.plan.RampMs {
		return false
	}
	if n.startAt < len(n.order) && n.plan.Processes[n.order[n.startAt]].At <= n.plan.RampMs {
		return false
	}
	for _, l := range n.bySlot {
		if l == nil {
			continue
		}
		if _, held := n.spawner.used(l.slot); held < l.rss {
			return false
		}
	}
	return true
}

func (n *nursery) measureBase() {
	for _, l := range n.bySlot {
		if l == nil {
			continue
		}
		if resident := residentBytes(l.birth.pid); resident > 0 {
			_, held := n.spawner.used(l.slot)
			l.base = max(0, resident-held)
		}
	}
}
