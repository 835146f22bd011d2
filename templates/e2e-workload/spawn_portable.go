//go:build !linux || portable || !(amd64 || arm64)

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// starter runs this program again for each process. Start times are milliseconds since the epoch, taken before the start.
type starter struct {
	self    string
	mutex   sync.Mutex
	targets []string
	answers [][2]int64
	orders  []io.WriteCloser
	byPid   map[int]*exec.Cmd
	dead    []death
}

func newSpawner(slots int) (spawner, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return &starter{self: self, targets: make([]string, slots), answers: make([][2]int64, slots),
		orders: make([]io.WriteCloser, slots), byPid: map[int]*exec.Cmd{}}, nil
}

func (s *starter) spawn(slot int, name, args string) (birth, error) {
	command := exec.Command(s.self, "child", "0", name, args)
	answers, err := command.StdoutPipe()
	if err != nil {
		return birth{}, err
	}
	born, orders, err := s.start(command)
	if err != nil {
		return birth{}, err
	}
	s.mutex.Lock()
	s.orders[slot] = orders
	first := s.targets[slot]
	s.mutex.Unlock()
	_, _ = io.WriteString(orders, first)
	go func() {
		for lines := bufio.NewScanner(answers); lines.Scan(); {
			var cpu, held int64
			if _, err := fmt.Sscan(lines.Text(), &cpu, &held); err == nil {
				s.mutex.Lock()
				s.answers[slot] = [2]int64{cpu, held}
				s.mutex.Unlock()
			}
		}
		s.wait(command)
	}()
	return born, nil
}

func (s *starter) once(name, args string, lifetimeMs int64) (birth, error) {
	command := exec.Command(s.self, "child", strconv.FormatInt(lifetimeMs, 10), name, args)
	born, _, err := s.start(command)
	if err == nil {
		go s.wait(command)
	}
	return born, err
}

func (s *starter) start(command *exec.Cmd) (birth, io.WriteCloser, error) {
	orders, err := command.StdinPipe()
	if err != nil {
		return birth{}, nil, err
	}
	began := time.Now().UnixMilli()
	if err := command.Start(); err != nil {
		return birth{}, nil, err
	}
	s.mutex.Lock()
	s.byPid[command.Process.Pid] = command
	s.mutex.Unlock()
	return birth{command.Process.Pid, began}, orders, nil
}

func (s *starter) wait(command *exec.Cmd) {
	_ = command.Wait()
	state := command.ProcessState
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.byPid, state.Pid())
	s.dead = append(s.dead, death{state.Pid(), (state.UserTime() + state.SystemTime()).Microseconds(), state.ExitCode()})
}

func (s *starter) setTarget(slot int, cpuMsPerSecond float64, rss int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.targets[slot] = fmt.Sprintln(cpuMsPerSecond, rss)
	if s.orders[slot] != nil {
		_, _ = io.WriteString(s.orders[slot], s.targets[slot])
	}
}

func (s *starter) used(slot int) (cpuMicros, rss int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.answers[slot][0], s.answers[slot][1]
}

func (s *starter) reap(each func(death)) {
	s.mutex.Lock()
	dead := s.dead
	s.dead = nil
	s.mutex.Unlock()
	for _, d := range dead {
		each(d)
	}
}

func (s *starter) kill(pid int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if command := s.byPid[pid]; command != nil {
		_ = command.Process.Kill()
	}
}

func (s *starter) close() {}

func (s *starter) sow(*churn, uint32, time.Time) (bool, error) { return false, nil }

func (s *starter) sown(func(sown)) (float64, error) { return 0, nil }

func (s *starter) endSowing() bool { return true }

func clockTicks() int64 { return 1000 }

const startUnit = "epoch milliseconds"
