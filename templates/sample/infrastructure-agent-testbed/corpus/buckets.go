package corpus

import "math"

const (
	// gamma is the bucket ratio of a sketch with relative accuracy 0.0075.
	gamma = (1 + 0.0075) / (1 - 0.0075)
	// stride keeps the values of one tick heavy-tailed; ticks in a row fill
	// the buckets between.
	stride = 7
	// lowestCPU and lowestRSS are the first bucket edges that are written.
	lowestCPU = -1200
	lowestRSS = -150
	// edgeValues is how many different edges one tick holds at most.
	edgeValues = 250
)

// power returns gamma^i by repeated multiplication, which rounds alike on
// every platform; math.Pow need not.
func power(i int) float64 {
	result := 1.0
	for range max(i, -i) {
		result = float64(result * gamma)
	}
	if i < 0 {
		return 1 / result
	}
	return result
}

// spreadOverBuckets gives every process the value of a bucket edge of its
// own, except for one in ten, which uses nothing at all. Seven ticks in a row
// fill more than 1,000 buckets when there are 200 processes or more.
func spreadOverBuckets(tick int, processes []Process) {
	for i := range processes {
		if i%10 == 9 {
			processes[i].CPU, processes[i].RSS = 0, 0
			continue
		}
		step := i%edgeValues*stride + tick%stride
		processes[i].CPU = power(lowestCPU + step)
		processes[i].RSS = uint64(math.Round(power(lowestRSS + step)))
	}
}
