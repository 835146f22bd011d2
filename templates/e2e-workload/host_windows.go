package main

import "syscall"

// ownCPUMs is the CPU of this process alone, without its children, in milliseconds.
func ownCPUMs() float64 {
	process, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0
	}
	var created, ended, kernel, user syscall.Filetime
	if syscall.GetProcessTimes(process, &created, &ended, &kernel, &user) != nil {
		return 0
	}
	return float64(hundredNs(kernel)+hundredNs(user)) / 1e4
}

// hundredNs reads a span: Filetime.Nanoseconds would take it for a date.
func hundredNs(t syscall.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }
