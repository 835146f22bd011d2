package collector

import "example.com/infrastructure-agent/model"

// known is what the last scan saw of a process.
type known struct {
	ticks uint64
	scan  uint64
	name  string
}

// deltas turns readings that grow for ever into use per tick. It keeps one
// entry for each live process, keyed on its identity, so that a reused PID
// starts anew.
type deltas struct {
	millisPerTick float64
	pageBytes     uint64
	scan          uint64
	table         map[model.Identity]known
}

func newDeltas(ticksPerSecond, pageBytes uint64) *deltas {
	return &deltas{
		millisPerTick: 1000 / float64(ticksPerSecond), pageBytes: pageBytes,
		table: make(map[model.Identity]known),
	}
}

// begin starts a scan.
func (d *deltas) begin() { d.scan++ }

// add takes in a reading and returns the process with its use since the last
// scan. In the first scan nothing is known, so all CPU is 0; later, a process
// that was not there before has used all its CPU since the last scan.
func (d *deltas) add(pid int, s stat) model.Process {
	identity := model.Identity{PID: pid, Start: s.start}
	before, seen := d.table[identity]
	p := model.Process{PID: pid, Start: s.start, RSS: s.pages * d.pageBytes}
	switch {
	case seen && s.ticks >= before.ticks:
		p.CPUMillis = float64(s.ticks-before.ticks) * d.millisPerTick
	case !seen && d.scan > 1:
		p.CPUMillis = float64(s.ticks) * d.millisPerTick
	}
	p.Name = before.name
	if p.Name != string(s.name) {
		p.Name = string(s.name)
	}
	d.table[identity] = known{ticks: s.ticks, scan: d.scan, name: p.Name}
	return p
}

// end forgets processes that this scan did not see.
func (d *deltas) end() {
	for identity, k := range d.table {
		if k.scan != d.scan {
			delete(d.table, identity)
		}
	}
}
