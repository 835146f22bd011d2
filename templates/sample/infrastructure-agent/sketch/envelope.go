package sketch

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"example.com/infrastructure-agent/model"
)

// ErrEnvelope marks an envelope that contradicts itself.
var ErrEnvelope = errors.New("sketch: invalid envelope")

// Envelope returns s as the additive schema of proto/agent/v1/sketch.proto
// has it. The envelope shares no memory with s.
func (s *Sketch) Envelope(metric string, fromTick, toTick int) model.SketchEnvelope {
	offset, counts := s.store.trimmed()
	copied := slices.Clone(counts)
	if copied == nil {
		copied = []uint64{}
	}
	return model.SketchEnvelope{
		Metric: metric, FromTick: fromTick, ToTick: toTick,
		Alpha: s.alpha, Gamma: s.gamma, ZeroCount: s.zeros,
		Positive: model.Buckets{Offset: offset, Counts: copied},
		Count:    s.count, Sum: s.sum, Min: s.min, Max: s.max,
	}
}

// FromEnvelope rebuilds a sketch. It refuses an envelope whose counts do not
// add up, or whose buckets no float64 can fall into.
func FromEnvelope(e model.SketchEnvelope) (*Sketch, error) {
	s, err := New(e.Alpha)
	if err != nil {
		return nil, errors.Join(ErrEnvelope, err)
	}
	total := e.ZeroCount
	for _, n := range e.Positive.Counts {
		if total+n < total {
			return nil, fmt.Errorf("%w: counts overflow", ErrEnvelope)
		}
		total += n
	}
	if total != e.Count {
		return nil, fmt.Errorf("%w: buckets hold %d values, count is %d", ErrEnvelope, total, e.Count)
	}
	if len(e.Positive.Counts) > 0 {
		low, high := e.Positive.Offset, e.Positive.Offset+len(e.Positive.Counts)-1
		if low < s.index(zeroThreshold) || high > s.index(math.MaxFloat64) {
			return nil, fmt.Errorf("%w: buckets %d to %d are out of range", ErrEnvelope, low, high)
		}
		s.store = store{offset: low, counts: slices.Clone(e.Positive.Counts)}
	}
	s.zeros, s.count, s.sum, s.min, s.max = e.ZeroCount, e.Count, e.Sum, e.Min, e.Max
	return s, nil
}
