// Package sketch keeps the distribution of a metric in a DDSketch: quantiles
// have a relative error of at most alpha, counts are never lost, and sketches
// merge without a further error.
//
// Bucket i holds the values v with gamma^(i-1) < v <= gamma^i, where gamma =
// (1+alpha)/(1-alpha). The estimate for a bucket is its centre in the relative
// sense, 2*gamma^i/(gamma+1). The store is contiguous and never collapses; the
// range of a float64 bounds it at about 48,000 buckets.
package sketch

import (
	"errors"
	"fmt"
	"math"
)

// DefaultAlpha is the relative accuracy that goal G-3 asks for.
const DefaultAlpha = 0.0075

// zeroThreshold is the largest value that counts as zero.
const zeroThreshold = 1e-9

// ErrValue marks a value that a sketch cannot hold.
var ErrValue = errors.New("sketch: value must be finite and not negative")

// ErrEmpty is returned for a quantile of a sketch without values.
var ErrEmpty = errors.New("sketch: no values")

// Sketch is the distribution of the values added to it. It is not safe for
// concurrent use.
type Sketch struct {
	alpha    float64
	gamma    float64
	logGamma float64
	zeros    uint64
	count    uint64
	sum      float64
	min      float64
	max      float64
	store    store
}

// New returns an empty sketch with relative accuracy alpha.
func New(alpha float64) (*Sketch, error) {
	if !(alpha > 0 && alpha < 1) {
		return nil, fmt.Errorf("sketch: alpha is %v; use a value between 0 and 1", alpha)
	}
	gamma := (1 + alpha) / (1 - alpha)
	return &Sketch{alpha: alpha, gamma: gamma, logGamma: math.Log(gamma)}, nil
}

// Add counts v.
func (s *Sketch) Add(v float64) error {
	if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%w: %v", ErrValue, v)
	}
	if v <= zeroThreshold {
		s.zeros++
	} else {
		s.store.add(s.index(v), 1)
	}
	if s.count == 0 || v < s.min {
		s.min = v
	}
	if s.count == 0 || v > s.max {
		s.max = v
	}
	s.count++
	s.sum += v
	return nil
}

func (s *Sketch) index(v float64) int { return int(math.Ceil(math.Log(v) / s.logGamma)) }

// value is the estimate for bucket i. The exponent is halved so that the
// bucket that holds the largest float64 does not overflow.
func (s *Sketch) value(i int) float64 {
	half := math.Exp(float64(i) / 2 * s.logGamma)
	return half * (2 / (s.gamma + 1)) * half
}

// Count is the number of values added.
func (s *Sketch) Count() uint64 { return s.count }

// Buckets is the number of bucket counters that the sketch holds.
func (s *Sketch) Buckets() int { return len(s.store.counts) }

// Quantile estimates the value at rank floor(q*(n-1)), counted from 0.
func (s *Sketch) Quantile(q float64) (float64, error) {
	if !(q >= 0 && q <= 1) {
		return 0, fmt.Errorf("sketch: quantile is %v; use 0 to 1", q)
	}
	if s.count == 0 {
		return 0, ErrEmpty
	}
	rank := uint64(q * float64(s.count-1))
	if rank < s.zeros {
		return 0, nil
	}
	return s.value(s.store.at(rank - s.zeros)), nil
}

// Merge adds all values of other to s.
func (s *Sketch) Merge(other *Sketch) error {
	if s.alpha != other.alpha {
		return fmt.Errorf("sketch: cannot merge alpha %v into alpha %v", other.alpha, s.alpha)
	}
	if other.count == 0 {
		return nil
	}
	if s.count == 0 || other.min < s.min {
		s.min = other.min
	}
	if s.count == 0 || other.max > s.max {
		s.max = other.max
	}
	s.zeros += other.zeros
	s.count += other.count
	s.sum += other.sum
	s.store.merge(&other.store)
	return nil
}

// Reset empties s. Memory is kept for reuse.
func (s *Sketch) Reset() {
	s.zeros, s.count, s.sum, s.min, s.max = 0, 0, 0, 0, 0
	s.store.reset()
}
