package sampler

import "example.com/infrastructure-agent/model"

// selector picks a fixed number of processes by CPU alone. It is the current
// state of story A1-S3: task topn_sampler replaces it by a selector whose N
// follows the load. Module needs nothing of it but newSelector and choose.
type selector struct {
	topN int
	heap topHeap
}

// newSelector returns a selector for about topN processes.
func newSelector(topN int) *selector { return &selector{topN: topN} }

// choose returns the positions of the processes to export, best first, at
// most limit of them. The result is valid until the next call.
func (s *selector) choose(processes []model.Process, limit int, into []int) []int {
	s.heap.reset(min(s.topN, limit))
	for i, p := range processes {
		s.heap.offer(candidate{index: i, score: p.CPUMillis, pid: p.PID, start: p.Start})
	}
	for _, c := range s.heap.sorted() {
		into = append(into, c.index)
	}
	return into
}
