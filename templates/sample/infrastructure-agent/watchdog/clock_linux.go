package watchdog

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// rusageThread asks for the calling thread alone. Package syscall lacks it.
const rusageThread = 1

// ThreadCPU is the CPU time that the calling thread has used.
func ThreadCPU() time.Duration { return cpuTime(rusageThread) }

// ProcessCPU is the CPU time that this process has used.
func ProcessCPU() time.Duration { return cpuTime(syscall.RUSAGE_SELF) }

func cpuTime(who int) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(who, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// ResidentBytes is the memory of this process that is in RAM, or 0 if it
// cannot be read.
func ResidentBytes() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	const residentField = 1
	if len(fields) <= residentField {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[residentField]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
