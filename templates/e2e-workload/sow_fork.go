//go:build linux && (amd64 || arm64) && !portable

package main

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// The sower is a child that gave up all its memory but a few pages and then starts the short-lived processes. They share
// that small memory with it (CLONE_VM): each has a pid, a name and a place in /proc, and costs a fifth of a fork.

const (
	seeds         = 4096
	ringSize      = 1 << 12
	maxPerSowTick = 400
	sowTickNs     = 10 * 1000 * 1000
	sowFlags      = syscall.CLONE_VM | syscall.CLONE_FS | syscall.CLONE_FILES | uintptr(syscall.SIGCHLD)
	statRoom      = 512
)

// sowing is the orders to the sower and its answers.
type sowing struct {
	perThousand   int64 // processes per thousand seconds: a rate without floating point
	fromNs        int64
	lifetimeMinMs int64
	lifetimeMaxMs int64
	seed          uint32
	names         uint32
	prefix        [16]byte
	prefixLength  int64
	tickNs        int64
	nursery       uintptr
	errno         int64
	stopping      uint64
	usedNs        uint64
	head          uint64 // written by the sower
	tail          uint64 // written by the nursery
	ring          [ringSize]sown
	seedlings     [seeds]seedling
	stat          [statRoom]byte
}

// seedling is one process with its stack; the assembly reads its first 32 bytes.
type seedling struct {
	life  syscall.Timespec
	name  [16]byte
	pid   int32
	_     int32
	start int64
	stack [192]byte
}

func (f *forker) sow(c *churn, seed uint32, from time.Time) (bool, error) {
	if c.Titles {
		return false, nil
	}
	w := &f.shared.sow
	since := time.Since(from).Nanoseconds()
	*w = sowing{perThousand: int64(c.PerSecond * 1000), fromNs: clockNs(clockBoot) - since + c.From*1e6, seed: seed,
		lifetimeMinMs: c.LifetimeMinMs, lifetimeMaxMs: c.LifetimeMaxMs, names: c.Names, tickNs: f.tickNs,
		nursery: f.self, prefixLength: int64(min(15, len(c.Prefix)))}
	copy(w.prefix[:15], c.Prefix)
	f.bootOffsetNs = time.Now().UnixNano() - clockNs(clockBoot)
	born, err := f.timed(func() (int, syscall.Errno) { return forkSower(f.shared) })
	f.sower = born.pid
	return true, err
}

//go:norace
//go:noinline
func forkSower(from *shared) (int, syscall.Errno) {
	pid, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if pid == 0 && errno == 0 {
		sowMain(from)
	}
	return int(pid), errno
}

func (f *forker) sown(visit func(sown)) (generatorMs float64, err error) {
	w := &f.shared.sow
	head := atomic.LoadUint64(&w.head)
	for tail := w.tail; tail < head; tail++ {
		s := w.ring[tail%ringSize]
		s.atNs += f.bootOffsetNs
		visit(s)
	}
	atomic.StoreUint64(&w.tail, head)
	if w.errno != 0 {
		return 0, fmt.Errorf("cannot start a short-lived process: %w", syscall.Errno(w.errno))
	}
	if f.sower != 0 && f.sowerGone {
		return 0, fmt.Errorf("the process that starts the short-lived ones (%d) is gone", f.sower)
	}
	return float64(w.usedNs) / 1e6, nil
}

func (f *forker) endSowing() bool {
	atomic.StoreUint64(&f.shared.sow.stopping, 1)
	return f.sower == 0 || f.sowerGone
}

// cloneLight returns the pid of a child, or a negative errno. The child runs nothing but system calls.
//
//go:noescape
func cloneLight(flags, stack, args uintptr) int64

// sowMain never returns. It keeps to the asked rate by the clock, so a late tick starts more.
//
//go:nosplit
//go:norace
func sowMain(from *shared) {
	w := &from.sow
	syscall.RawSyscall(syscall.SYS_PRCTL, prSetPdeathsig, uintptr(syscall.SIGKILL), 0)
	parent, _, _ := syscall.RawSyscall(syscall.SYS_GETPPID, 0, 0, 0)
	if parent != w.nursery {
		exit()
	}
	shed(from)
	number, next := int64(0), 0
	for atomic.LoadUint64(&w.stopping) == 0 {
		now := clockNs(clockBoot)
		owed := (now-w.fromNs)/1000000*w.perThousand/1000000 - number
		if owed > maxPerSowTick {
			owed = maxPerSowTick
		}
		for ; owed > 0 && w.errno == 0; owed-- {
			for tries := 0; w.seedlings[next].pid != 0 && tries < seeds; tries++ {
				next = (next + 1) % seeds
			}
			if w.seedlings[next].pid != 0 {
				break
			}
			sowOne(w, &w.seedlings[next], number)
			number++
		}
		reapSown(w)
		w.usedNs = uint64(clockNs(clockThread))
		nap(sowTickNs - (clockNs(clockBoot) - now))
	}
	for i := 0; i < seeds; i++ {
		if w.seedlings[i].pid != 0 {
			syscall.RawSyscall(syscall.SYS_KILL, uintptr(w.seedlings[i].pid), uintptr(syscall.SIGKILL), 0)
		}
	}
	for reapSown(w) {
		nap(1000000)
	}
	exit()
}

//go:nosplit
//go:norace
func sowOne(w *sowing, s *seedling, number int64) {
	h := mix(w.seed, uint32(number))
	life := w.lifetimeMinMs + int64(mix(h, 1))%(w.lifetimeMaxMs-w.lifetimeMinMs+1)
	s.life.Sec, s.life.Nsec = life/1000, life%1000*1000000
	nameSeedling(w, s, h%w.names)
	before := clockNs(clockBoot)
	top := (uintptr(unsafe.Pointer(&s.stack)) + unsafe.Sizeof(s.stack)) &^ 15
	pid := cloneLight(sowFlags, top, uintptr(unsafe.Pointer(s)))
	after := clockNs(clockBoot)
	if pid < 0 {
		w.errno = -pid
		return
	}
	s.pid = int32(pid)
	s.start = before / w.tickNs
	if s.start != after/w.tickNs {
		s.start = rawStartTicks(w, pid)
	}
	push(w, sown{number: number, atNs: before, start: s.start, life: life, pid: s.pid})
}

// nameSeedling writes prefix and number, cut to what the kernel keeps.
//
//go:nosplit
//go:norace
func nameSeedling(w *sowing, s *seedling, name uint32) {
	divisor := uint32(1)
	for name/divisor >= 10 {
		divisor *= 10
	}
	for i := int64(0); i < 15; i++ {
		switch {
		case i < w.prefixLength:
			s.name[i&15] = w.prefix[i&15]
		case divisor > 0:
			s.name[i&15] = byte('0' + name/divisor%10)
			divisor /= 10
		default:
			s.name[i&15] = 0
		}
	}
}

// reapSown tells whether any process is left.
//
//go:nosplit
//go:norace
func reapSown(w *sowing) bool {
	for {
		var status int32
		var usage syscall.Rusage
		pid, _, errno := syscall.RawSyscall6(syscall.SYS_WAIT4, ^uintptr(0), uintptr(unsafe.Pointer(&status)), syscall.WNOHANG, uintptr(unsafe.Pointer(&usage)), 0, 0)
		if errno != 0 || pid == 0 {
			return errno == 0
		}
		for i := 0; i < seeds; i++ {
			if s := &w.seedlings[i]; s.pid == int32(pid) {
				micros := (int64(usage.Utime.Sec)+int64(usage.Stime.Sec))*1000000 + int64(usage.Utime.Usec) + int64(usage.Stime.Usec)
				push(w, sown{number: -1, atNs: clockNs(clockBoot), start: s.start, micros: micros, pid: s.pid, status: status})
				s.pid = 0
				break
			}
		}
	}
}

// push waits for room: a ledger that lost a process would be wrong.
//
//go:nosplit
//go:norace
func push(w *sowing, s sown) {
	for atomic.LoadUint64(&w.head)-atomic.LoadUint64(&w.tail) >= ringSize {
		nap(1000000)
	}
	w.ring[w.head%ringSize] = s
	atomic.StoreUint64(&w.head, w.head+1)
}

// rawStartTicks reads field 22 of /proc/<pid>/stat, or returns -1.
//
//go:nosplit
//go:norace
func rawStartTicks(w *sowing, pid int64) int64 {
	path := [32]byte{'/', 'p', 'r', 'o', 'c', '/'}
	divisor := int64(1)
	for pid/divisor >= 10 {
		divisor *= 10
	}
	at := 6
	for ; divisor > 0 && at < 24; divisor /= 10 {
		path[at&31] = byte('0' + pid/divisor%10)
		at++
	}
	for i, c := range [5]byte{'/', 's', 't', 'a', 't'} {
		path[(at+i)&31] = c
	}
	const atCwd = ^uintptr(99)
	fd, _, errno := syscall.RawSyscall6(syscall.SYS_OPENAT, atCwd, uintptr(unsafe.Pointer(&path)), 0, 0, 0, 0)
	if errno != 0 {
		return -1
	}
	n, _, errno := syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(&w.stat)), statRoom)
	syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
	if errno != 0 {
		return -1
	}
	last := 0
	for i := 0; i < int(n); i++ {
		if w.stat[i&(statRoom-1)] == ')' {
			last = i
		}
	}
	spaces, value := 0, int64(0)
	for i := last; i < int(n); i++ {
		c := w.stat[i&(statRoom-1)]
		if c == ' ' {
			spaces++
		} else if spaces == 20 {
			value = value*10 + int64(c-'0')
		}
	}
	return value
}
