package sampler

import "cmp"

// candidate is a process that may be exported, with its score.
type candidate struct {
	index int // position in the snapshot
	score float64
	pid   int
	start uint64
}

// compare orders candidates by score, best last. Ties are broken by identity,
// so that a selection never depends on the order of a scan.
func (c candidate) compare(other candidate) int {
	return cmp.Or(
		cmp.Compare(c.score, other.score),
		cmp.Compare(other.pid, c.pid),
		cmp.Compare(other.start, c.start),
	)
}

// topHeap keeps the best candidates that were offered, up to its limit. It is
// a binary heap with the worst kept candidate at the root: an offer costs
// O(log limit), and a candidate worse than the root costs one comparison.
type topHeap struct {
	limit int
	kept  []candidate
}

// reset empties the heap and sets its limit. Memory is kept for reuse.
func (h *topHeap) reset(limit int) {
	h.limit = limit
	h.kept = h.kept[:0]
}

// offer keeps c if it is among the best seen so far.
func (h *topHeap) offer(c candidate) {
	switch {
	case len(h.kept) < h.limit:
		h.kept = append(h.kept, c)
		h.up(len(h.kept) - 1)
	case h.limit > 0 && c.compare(h.kept[0]) > 0:
		h.kept[0] = c
		h.down(0, len(h.kept))
	}
}

// sorted returns the kept candidates, best first. The heap is consumed: call
// reset before the next offer. The result is valid until then.
func (h *topHeap) sorted() []candidate {
	for end := len(h.kept) - 1; end > 0; end-- {
		h.kept[0], h.kept[end] = h.kept[end], h.kept[0]
		h.down(0, end)
	}
	return h.kept
}

func (h *topHeap) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if h.kept[i].compare(h.kept[parent]) >= 0 {
			return
		}
		h.kept[i], h.kept[parent] = h.kept[parent], h.kept[i]
		i = parent
	}
}

func (h *topHeap) down(i, end int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < end; child++ {
			if h.kept[child].compare(h.kept[least]) < 0 {
				least = child
			}
		}
		if least == i {
			return
		}
		h.kept[i], h.kept[least] = h.kept[least], h.kept[i]
		i = least
	}
}
