// Package replay drives the agent's pipeline with a recorded corpus instead
// of a live host. It works on every operating system.
package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"example.com/infrastructure-agent/model"
)

// corpusVersion is the version of the corpus format that Reader understands.
const corpusVersion = 1

// maxLineBytes bounds a corpus line, so that a damaged file cannot exhaust
// memory.
const maxLineBytes = 64 << 20

// CorpusError says where a corpus is wrong.
type CorpusError struct {
	File   string
	Line   int
	Reason string
}

func (e *CorpusError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// Header is the first line of a corpus.
type Header struct {
	Type            string  `json:"type"`
	Version         int     `json:"version"`
	Seed            uint64  `json:"seed"`
	Processes       int     `json:"processes"`
	Ticks           int     `json:"ticks"`
	IntervalSeconds float64 `json:"interval_seconds"`
	Profile         string  `json:"profile"`
}

type tickLine struct {
	Type      string          `json:"type"`
	Tick      *int            `json:"tick"`
	Processes []model.Process `json:"processes"`
}

// Reader reads a corpus line by line and checks it as it goes.
type Reader struct {
	file   string
	in     *bufio.Reader
	line   int
	next   int
	header Header
	seen   map[model.Identity]struct{}
}

// NewReader reads the header. file names the corpus in errors.
func NewReader(file string, in io.Reader) (*Reader, error) {
	r := &Reader{file: file, in: bufio.NewReaderSize(in, 1<<20), seen: make(map[model.Identity]struct{})}
	line, err := r.readLine()
	if errors.Is(err, io.EOF) {
		return nil, r.fail("the file is empty; expected a header line")
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(line, &r.header); err != nil {
		return nil, r.fail("header is not valid JSON: %v", err)
	}
	switch h := r.header; {
	case h.Type != "header":
		return nil, r.fail("type is %q; expected \"header\"", h.Type)
	case h.Version != corpusVersion:
		return nil, r.fail("version is %d; this agent reads version %d", h.Version, corpusVersion)
	case h.Ticks < 1:
		return nil, r.fail("ticks is %d; expected 1 or more", h.Ticks)
	case !(h.IntervalSeconds > 0):
		return nil, r.fail("interval_seconds is %v; expected more than 0", h.IntervalSeconds)
	}
	return r, nil
}

// Header returns the first line of the corpus.
func (r *Reader) Header() Header { return r.header }

// Next returns the next tick, or io.EOF after the last one. A corpus that
// ends before the tick count of its header is an error.
func (r *Reader) Next() (model.Snapshot, error) {
	line, err := r.readLine()
	if errors.Is(err, io.EOF) {
		if r.next != r.header.Ticks {
			return model.Snapshot{}, r.fail("the file ends after %d ticks; the header says %d", r.next, r.header.Ticks)
		}
		return model.Snapshot{}, io.EOF
	}
	if err != nil {
		return model.Snapshot{}, err
	}
	var tick tickLine
	if err := json.Unmarshal(line, &tick); err != nil {
		return model.Snapshot{}, r.fail("not a valid tick: %v", err)
	}
	switch {
	case tick.Type != "tick":
		return model.Snapshot{}, r.fail("type is %q; expected \"tick\"", tick.Type)
	case tick.Tick == nil || *tick.Tick != r.next:
		return model.Snapshot{}, r.fail("expected tick %d", r.next)
	case r.next >= r.header.Ticks:
		return model.Snapshot{}, r.fail("tick %d is beyond the %d ticks of the header", r.next, r.header.Ticks)
	}
	if err := r.check(tick.Processes); err != nil {
		return model.Snapshot{}, err
	}
	r.next++
	return model.Snapshot{Tick: *tick.Tick, Processes: tick.Processes}, nil
}

func (r *Reader) check(processes []model.Process) error {
	clear(r.seen)
	for _, p := range processes {
		if p.CPUMillis < 0 || math.IsInf(p.CPUMillis, 0) {
			return r.fail("process %d: cpu_ms is %v; expected 0 or more", p.PID, p.CPUMillis)
		}
		if _, twice := r.seen[p.Identity()]; twice {
			return r.fail("process %d with start %d occurs twice", p.PID, p.Start)
		}
		r.seen[p.Identity()] = struct{}{}
	}
	return nil
}

// readLine returns the next line that is not blank, without its end.
func (r *Reader) readLine() ([]byte, error) {
	for {
		r.line++
		var line []byte
		for {
			part, err := r.in.ReadSlice('\n')
			line = append(line, part...)
			if len(line) > maxLineBytes {
				return nil, r.fail("line is longer than %d bytes", maxLineBytes)
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) == 0 {
				return nil, io.EOF
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("%s:%d: %w", r.file, r.line, err)
			}
			break
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line, nil
		}
	}
}

func (r *Reader) fail(format string, args ...any) error {
	return &CorpusError{File: r.file, Line: r.line, Reason: fmt.Sprintf(format, args...)}
}
