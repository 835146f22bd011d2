//go:build linux && (amd64 || arm64) && !portable

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// forker makes processes by a plain fork without exec, the only way that is cheap enough for thousands a second. A child
// runs raw system calls only: the Go runtime has one thread there and must not be entered.
type forker struct {
	slots  []slot
	shared *shared
	region []byte
	self   uintptr
	tickNs int64
	// title and room are the memory behind /proc/<pid>/cmdline.
	title        unsafe.Pointer
	room         uintptr
	full         uint64
	sower        int
	sowerGone    bool
	bootOffsetNs int64
	name         [16]byte
	args         [titleRoom]byte
}

// slot is shared between the nursery and one child: the first two fields are orders, the others answers; version grows
// with each order.
type slot struct {
	cpuMicrosPerSecond uint64
	rss                uint64
	usedNs             uint64
	held               uint64
	spin               uint64
	before             int64 // the share since the last look
	version            uint32
	_                  uint32
}

// shared is the memory that the nursery and all its children see; it has no pointer into the Go heap.
type shared struct {
	ranges [maxRanges]span
	sow    sowing
}

// span is a piece of the Go heap and runtime that a child gives up, so that it holds what it was asked to hold and little
// else.
type span struct{ from, size uintptr }

// firstHeap lies above the program itself, whose data ends in an anonymous mapping too.
const firstHeap = 1 << 32

const (
	startUnit        = "clock ticks since boot"
	titleRoom        = 256
	maxRanges        = 64
	clockBoot        = 7
	prSetPdeathsig   = 1
	prSetName        = 15
	sigSetmask       = 2
	maskBytes        = 8
	protReadWrite    = syscall.PROT_READ | syscall.PROT_WRITE
	privateAnonymous = syscall.MAP_PRIVATE | syscall.MAP_ANON
)

func newSpawner(slots int) (spawner, error) {
	f := &forker{self: uintptr(os.Getpid()), tickNs: int64(1e9) / clockTicks(), full: ^uint64(0)}
	head := (int(unsafe.Sizeof(shared{})) + 4095) &^ 4095
	size := head + max(slots, 1)*int(unsafe.Sizeof(slot{}))
	region, err := syscall.Mmap(-1, 0, size, protReadWrite, syscall.MAP_SHARED|syscall.MAP_ANON)
	if err != nil {
		return nil, fmt.Errorf("cannot share memory with the processes: %w", err)
	}
	f.region = region
	f.shared = (*shared)(unsafe.Pointer(&region[0]))
	f.slots = unsafe.Slice((*slot)(unsafe.Pointer(&region[head])), max(slots, 1))
	f.findTitle()
	return f, f.findRanges()
}

// findTitle finds the memory behind /proc/<pid>/cmdline: the argument vector, which lies in one piece.
func (f *forker) findTitle() {
	first, last := os.Args[0], os.Args[len(os.Args)-1]
	f.title = unsafe.Pointer(unsafe.StringData(first))
	f.room = min(titleRoom, uintptr(unsafe.Pointer(unsafe.StringData(last)))+uintptr(len(last))-uintptr(f.title))
}

// findRanges lists the private anonymous memory of this process. What is mapped later stays with the children; it does no
// harm but for its size.
func (f *forker) findRanges() error {
	text, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return err
	}
	var found []span
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		if len(fields) != 5 || !strings.HasSuffix(fields[1], "p") {
			continue
		}
		var from, to uintptr
		if _, err := fmt.Sscanf(fields[0], "%x-%x", &from, &to); err != nil || from < firstHeap {
			continue
		}
		found = append(found, span{from, to - from})
	}
	copy(f.shared.ranges[:], found)
	return nil
}

func (f *forker) spawn(index int, name, args string) (birth, error) {
	// The first naps differ, so that hundreds of processes do not wake at one instant.
	phase := int64(index) * 618033989 % secondNs
	return f.fork(&f.slots[index], name, args, phase, 0)
}

func (f *forker) once(name, args string, lifetimeMs int64) (birth, error) {
	return f.fork(nil, name, args, 0, lifetimeMs*1e6)
}

func (f *forker) fork(s *slot, name, args string, phaseNs, lifetimeNs int64) (birth, error) {
	f.name = [16]byte{}
	copy(f.name[:15], name)
	f.args = [titleRoom]byte{}
	copy(f.args[copy(f.args[:titleRoom-1], name)+1:titleRoom-1], args)
	return f.timed(func() (int, syscall.Errno) { return forkChild(f, s, phaseNs, lifetimeNs) })
}

// timed finds the start time without reading /proc: it is known when both sides of the fork fall into one clock tick.
func (f *forker) timed(fork func() (int, syscall.Errno)) (birth, error) {
	var old uint64
	// A handler of the Go runtime must never run in the child, so it is born with every signal blocked.
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, sigSetmask, uintptr(unsafe.Pointer(&f.full)), uintptr(unsafe.Pointer(&old)), maskBytes, 0, 0)
	before := clockNs(clockBoot)
	pid, errno := fork()
	after := clockNs(clockBoot)
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, sigSetmask, uintptr(unsafe.Pointer(&old)), 0, maskBytes, 0, 0)
	if errno != 0 {
		return birth{}, errno
	}
	if before/f.tickNs == after/f.tickNs {
		return birth{pid, before / f.tickNs}, nil
	}
	start, err := startTicks(pid)
	return birth{pid, start}, err
}

//go:norace
//go:noinline
func forkChild(f *forker, s *slot, phaseNs, lifetimeNs int64) (int, syscall.Errno) {
	pid, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if pid == 0 && errno == 0 {
		childMain(f, s, phaseNs, lifetimeNs)
	}
	return int(pid), errno
}

func (f *forker) setTarget(index int, cpuMsPerSecond float64, rss int64) {
	s := &f.slots[index]
	s.cpuMicrosPerSecond = uint64(cpuMsPerSecond * 1000)
	s.rss = uint64(rss)
	atomic.AddUint32(&s.version, 1)
	syscall.RawSyscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&s.version)), futexWake, 1, 0, 0, 0)
}

func (f *forker) used(index int) (cpuMicros, rss int64) {
	return int64(f.slots[index].usedNs / 1000), int64(f.slots[index].held)
}

func (f *forker) reap(each func(death)) {
	for {
		var status syscall.WaitStatus
		var usage syscall.Rusage
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, &usage)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		f.sowerGone = f.sowerGone || pid == f.sower
		micros := (usage.Utime.Sec+usage.Stime.Sec)*1e6 + usage.Utime.Usec + usage.Stime.Usec
		each(death{pid, int64(micros), int(status)})
	}
}

func (f *forker) kill(pid int) { _ = syscall.Kill(pid, syscall.SIGKILL) }

func (f *forker) close() { _ = syscall.Munmap(f.region) }

// startTicks reads field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets.
func startTicks(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	return strconv.ParseInt(fields[19], 10, 64)
}

// clockTicks is AT_CLKTCK of the auxiliary vector: the unit of start times in /proc.
func clockTicks() int64 {
	const atClockTicks, usual = 17, 100
	text, err := os.ReadFile("/proc/self/auxv")
	if err != nil {
		return usual
	}
	for i := 0; i+16 <= len(text); i += 16 {
		if binary.NativeEndian.Uint64(text[i:]) == atClockTicks {
			return int64(binary.NativeEndian.Uint64(text[i+8:]))
		}
	}
	return usual
}
