package agent

import "time"

// drill burns CPU on purpose, so that operators and tests can see how the
// agent governs itself. It is off unless drill_sampler_cpu is set.
type drill struct {
	percent   float64 // of one core
	interval  time.Duration
	threadCPU func() time.Duration
}

// run uses the thread for the drill's share of an interval.
func (d drill) run() {
	if d.percent <= 0 {
		return
	}
	budget := time.Duration(d.percent / 100 * float64(d.interval))
	for start := d.threadCPU(); d.threadCPU()-start < budget; {
		continue
	}
}
