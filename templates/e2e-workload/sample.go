package main

import (
	"strconv"
	"time"
)

// sample writes one line with [pid, start, cumulative CPU in microseconds, resident bytes] of each planned process.
func (n *nursery) sample(now time.Time) {
	l := n.ledger.start("sample").int("at", now.UnixMilli())
	l.key("processes")
	l.line = append(l.line, '[')
	first := true
	for _, p := range n.bySlot {
		if p == nil {
			continue
		}
		cpu, held := n.spawner.used(p.slot)
		if !first {
			l.line = append(l.line, ',')
		}
		first = false
		l.line = append(l.line, '[')
		for i, value := range [4]int64{int64(p.birth.pid), p.birth.start, cpu, held + p.base} {
			if i > 0 {
				l.line = append(l.line, ',')
			}
			l.line = strconv.AppendInt(l.line, value, 10)
		}
		l.line = append(l.line, ']')
	}
	l.line = append(l.line, ']')
	l.end()
}

// guard gives memory back before the machine runs short: the largest processes end first.
func (n *nursery) guard(now time.Time) {
	if n.plan.FloorMB <= 0 {
		return
	}
	available := availableMB()
	if available < 0 || available >= n.plan.FloorMB {
		return
	}
	var largest *live
	for _, l := range n.bySlot {
		if l != nil && (largest == nil || l.rss > largest.rss) {
			largest = l
		}
	}
	if largest == nil {
		return
	}
	n.relieved++
	n.ledger.start("relief").int("at", now.UnixMilli()).int("available_mb", available).int("pid", int64(largest.birth.pid)).
		int("start", largest.birth.start).end()
	n.spawner.kill(largest.birth.pid)
}

func (n *nursery) event(kind string) event {
	load := n.deadCPU
	var rss int64
	for _, l := range n.bySlot {
		if l != nil {
			cpu, held := n.spawner.used(l.slot)
			load += cpu
			rss += held
		}
	}
	return event{Event: kind, At: time.Now().UnixMilli(), Live: len(n.byPid) + n.sownLive, Planned: n.planned,
		Started: n.started, Ended: n.ended, Churned: n.churned, Names: len(n.names), LoadCPUMs: float64(load) / 1000, ChurnCPUMs: float64(n.churnCPU) / 1000,
		GeneratorMs: ownCPUMs() + n.sowerMs, RSS: rss, LateMs: n.late.Milliseconds(), Relieved: n.relieved,
		AvailableMB: availableMB()}
}
