package sketch

// store counts values by bucket index in one contiguous run of counters that
// grows at both ends.
type store struct {
	offset int // index of counts[0]
	counts []uint64
}

// growth is how many counters are added beyond what a new index needs, so that
// values at the rim do not move the store each time.
const growth = 64

// add counts n values in bucket i.
func (s *store) add(i int, n uint64) {
	s.cover(i, i)
	s.counts[i-s.offset] += n
}

// cover makes room for the buckets from low to high.
func (s *store) cover(low, high int) {
	if len(s.counts) == 0 {
		size := high - low + 1
		if cap(s.counts) < size {
			s.counts = make([]uint64, size, size+growth)
		} else {
			s.counts = s.counts[:size]
			clear(s.counts)
		}
		s.offset = low
		return
	}
	last := s.offset + len(s.counts) - 1
	if low >= s.offset && high <= last {
		return
	}
	if low < s.offset {
		low -= growth
	}
	if high > last {
		high += growth
	}
	low, high = min(low, s.offset), max(high, last)
	counts := make([]uint64, high-low+1)
	copy(counts[s.offset-low:], s.counts)
	s.offset, s.counts = low, counts
}

// merge adds the counts of other.
func (s *store) merge(other *store) {
	offset, counts := other.trimmed()
	if len(counts) == 0 {
		return
	}
	s.cover(offset, offset+len(counts)-1)
	for k, n := range counts {
		s.counts[offset+k-s.offset] += n
	}
}

// at returns the index of the bucket that holds the value at rank, counted
// from 0 over the buckets in rising order.
func (s *store) at(rank uint64) int {
	var seen uint64
	last := s.offset
	for k, n := range s.counts {
		if n == 0 {
			continue
		}
		seen += n
		last = s.offset + k
		if rank < seen {
			break
		}
	}
	return last
}

// trimmed returns the counters without the empty ones at both ends.
func (s *store) trimmed() (offset int, counts []uint64) {
	first, end := 0, len(s.counts)
	for first < end && s.counts[first] == 0 {
		first++
	}
	for end > first && s.counts[end-1] == 0 {
		end--
	}
	if first == end {
		return 0, nil
	}
	return s.offset + first, s.counts[first:end]
}

// reset drops all counts and keeps the memory.
func (s *store) reset() { s.counts = s.counts[:0] }
