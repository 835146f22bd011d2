package collector

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"example.com/infrastructure-agent/model"
)

// statBytes is more than any stat line has: 52 numbers and a name.
const statBytes = 2048

// procScanner reads a proc file system. It opens one file a process and reads
// it with one system call, and keeps all memory but the result.
type procScanner struct {
	root   string
	folder *os.File
	deltas *deltas
	path   []byte
	buffer [statBytes]byte
}

func newScanner(root string) scanner {
	return &procScanner{root: root, path: append([]byte(root), '/')}
}

func (s *procScanner) open() error {
	folder, err := os.Open(s.root)
	if err != nil {
		return fmt.Errorf("collector: open proc_root: %w", err)
	}
	auxv, err := os.ReadFile(filepath.Join(s.root, "self", "auxv"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fmt.Errorf("collector: read clock ticks: %w", err), folder.Close())
	}
	s.folder = folder
	s.deltas = newDeltas(clockTicks(auxv, strconv.IntSize/8), uint64(os.Getpagesize()))
	return nil
}

func (s *procScanner) scan() ([]model.Process, error) {
	if s.folder == nil {
		return nil, errors.New("collector: scan before Init")
	}
	if _, err := s.folder.Seek(0, 0); err != nil {
		return nil, fmt.Errorf("collector: rewind %s: %w", s.root, err)
	}
	names, err := s.folder.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("collector: list %s: %w", s.root, err)
	}
	s.deltas.begin()
	processes := make([]model.Process, 0, len(names))
	for _, name := range names {
		pid, isProcess := parsePID(name)
		if !isProcess {
			continue
		}
		text, err := s.readStat(name)
		if errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ESRCH) {
			continue // it ended after the folder was listed
		}
		if err != nil {
			return nil, fmt.Errorf("collector: process %d: %w", pid, err)
		}
		parsed, err := parseStat(text)
		if err != nil {
			return nil, fmt.Errorf("process %d: %w", pid, err)
		}
		processes = append(processes, s.deltas.add(pid, parsed))
	}
	s.deltas.end()
	if len(processes) == 0 {
		return nil, fmt.Errorf("collector: %s holds no process", s.root)
	}
	return processes, nil
}

// readStat reads <root>/<pid>/stat. The result is valid until the next call.
func (s *procScanner) readStat(pid string) ([]byte, error) {
	path := append(s.path[:len(s.root)+1], pid...)
	path = append(path, "/stat"...)
	s.path = path
	file, err := retry(func() (int, error) { return syscall.Open(string(path), syscall.O_RDONLY|syscall.O_CLOEXEC, 0) })
	if err != nil {
		return nil, err
	}
	n, err := retry(func() (int, error) { return syscall.Read(file, s.buffer[:]) })
	return s.buffer[:max(n, 0)], errors.Join(err, syscall.Close(file))
}

// retry repeats a system call that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}

func (s *procScanner) tracked() int {
	if s.deltas == nil {
		return 0
	}
	return len(s.deltas.table)
}

func (s *procScanner) openFiles() int {
	if s.folder == nil {
		return 0
	}
	return 1
}

func (s *procScanner) close() error {
	if s.folder == nil {
		return nil
	}
	folder := s.folder
	s.folder = nil
	return folder.Close()
}
