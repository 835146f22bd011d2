//go:build linux && (amd64 || arm64) && !portable

package main

import (
	"sync/atomic"
	"syscall"
	"unsafe"
)

const (
	secondNs = int64(1e9)
	// A process with a small share burns it once a second, one with a large share in ten pieces, as real ones do.
	lightPeriodNs = secondNs
	heavyPeriodNs = secondNs / 10
	heavyMicros   = 20000
	spinRounds    = 4000
	clockThread   = 3
	clockSteady   = 1
	mremapMayMove = 1
	pageBytes     = 4096
	futexWait     = 0
	futexWake     = 1
	stackMargin   = 16 << 10
)

// childMain never returns. It holds slot.rss bytes and burns slot.cpuMicrosPerSecond of CPU time, which it measures on its
// own CPU clock, so that a busy machine delays the load but does not shrink it.
//
//go:nosplit
//go:norace
func childMain(f *forker, s *slot, phaseNs, lifetimeNs int64) {
	syscall.RawSyscall(syscall.SYS_PRCTL, prSetPdeathsig, uintptr(syscall.SIGKILL), 0)
	parent, _, _ := syscall.RawSyscall(syscall.SYS_GETPPID, 0, 0, 0)
	if parent != f.self {
		exit()
	}
	syscall.RawSyscall(syscall.SYS_PRCTL, prSetName, uintptr(unsafe.Pointer(&f.name)), 0)
	for i := uintptr(0); i < f.room; i++ {
		*(*byte)(unsafe.Add(f.title, i)) = f.args[i]
	}
	shed(f.shared)
	if s == nil {
		nap(lifetimeNs)
		exit()
	}
	var base, size uintptr
	last, owed, pause := int64(0), int64(0), phaseNs
	for {
		seen := atomic.LoadUint32(&s.version)
		if want := uintptr(s.rss); want != size {
			base = resize(base, size, want, s)
			size = want
			// What holding the memory cost is not a part of the share.
			last, owed = clockNs(clockSteady), clockNs(clockThread)
		}
		wait(s, seen, pause)
		share := int64(s.cpuMicrosPerSecond)
		period := lightPeriodNs
		if share > heavyMicros {
			period = heavyPeriodNs
		}
		now := clockNs(clockSteady)
		owed += s.before * ((now - last) / 1000) / 1000
		s.before = share
		last = now
		used := clockNs(clockThread)
		// What a stalled machine could not give for two seconds is written off: a long burst later is a load nobody asked for.
		if most := used + 2*share*secondNs/1000000; owed > most {
			owed = most
		}
		if used < owed {
			burn(owed, s)
		} else {
			s.usedNs = uint64(used)
		}
		pause = period - (clockNs(clockSteady) - now)
	}
}

// resize makes the held memory larger or smaller and touches each new page.
//
//go:nosplit
//go:norace
func resize(base, size, want uintptr, s *slot) uintptr {
	if size == 0 {
		base, _, _ = syscall.RawSyscall6(syscall.SYS_MMAP, 0, want, protReadWrite, privateAnonymous, ^uintptr(0), 0)
	} else {
		base, _, _ = syscall.RawSyscall6(syscall.SYS_MREMAP, base, size, want, mremapMayMove, 0, 0)
	}
	for at := size; at < want; at += pageBytes {
		*(*byte)(unsafe.Add(unsafe.Pointer(nil), base+at)) = 1
		s.held = uint64(at + pageBytes)
	}
	s.held = uint64(want)
	return base
}

// wait sleeps until the time is over or the nursery has new orders.
//
//go:nosplit
//go:norace
func wait(s *slot, seen uint32, ns int64) {
	if ns <= 0 {
		return
	}
	t := syscall.Timespec{Sec: ns / secondNs, Nsec: ns % secondNs}
	syscall.RawSyscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&s.version)), futexWait, uintptr(seen), uintptr(unsafe.Pointer(&t)), 0, 0)
}

// shed unmaps the heap that came along with the fork, but for the stack in it. From here on only the program, shared
// memory and the stack are there.
//
//go:nosplit
//go:norace
func shed(from *shared) {
	var here byte
	low := (uintptr(unsafe.Pointer(&here)) - stackMargin) &^ (stackMargin - 1)
	high := low + 3*stackMargin
	for i := 0; i < maxRanges; i++ {
		start, end := from.ranges[i].from, from.ranges[i].from+from.ranges[i].size
		if start < low {
			unmap(start, min(end, low))
		}
		if end > high {
			unmap(max(start, high), end)
		}
	}
}

//go:nosplit
//go:norace
func unmap(start, end uintptr) {
	if start < end {
		syscall.RawSyscall(syscall.SYS_MUNMAP, start, end-start, 0)
	}
}

// burn spins until the CPU clock of this process reads target.
//
//go:nosplit
//go:norace
func burn(target int64, s *slot) {
	x := uint32(target)
	for {
		used := clockNs(clockThread)
		s.usedNs = uint64(used)
		if used >= target {
			return
		}
		for i := 0; i < spinRounds; i++ {
			x = x*1664525 + 1013904223
		}
		s.spin = uint64(x)
	}
}

//go:nosplit
//go:norace
func nap(ns int64) {
	if ns <= 0 {
		return
	}
	t := syscall.Timespec{Sec: ns / secondNs, Nsec: ns % secondNs}
	syscall.RawSyscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&t)), 0, 0)
}

//go:nosplit
//go:norace
func clockNs(clock uintptr) int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&t)), 0)
	return int64(t.Sec)*secondNs + int64(t.Nsec)
}

//go:nosplit
//go:norace
func exit() {
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
	}
}
