//go:build !linux

package watchdog

import (
	"runtime"
	"time"
)

var epoch = time.Now()

// ThreadCPU is elapsed time: this system offers no portable thread clock.
func ThreadCPU() time.Duration { return time.Since(epoch) }

// ProcessCPU is unknown on this system.
func ProcessCPU() time.Duration { return 0 }

// ResidentBytes is the memory that the Go runtime has mapped.
func ResidentBytes() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.Sys - stats.HeapReleased)
}
