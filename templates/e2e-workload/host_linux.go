package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// availableMB is MemAvailable of the machine in MB, or -1 where it cannot be read.
func availableMB() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return -1
	}
	_, rest, found := bytes.Cut(text, []byte("MemAvailable:"))
	if !found {
		return -1
	}
	fields := bytes.Fields(rest)
	kib, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return -1
	}
	return kib / 1024
}

// volunteer makes these processes the first to go when memory runs out.
func volunteer() { _ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0o644) }

// ownCPUMs is the CPU of this process alone, without its children, in milliseconds.
func ownCPUMs() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return float64(usage.Utime.Sec+usage.Stime.Sec)*1000 + float64(usage.Utime.Usec+usage.Stime.Usec)/1000
}

func residentBytes(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return -1
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return -1
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return -1
	}
	return pages * int64(os.Getpagesize())
}
