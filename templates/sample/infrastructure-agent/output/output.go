// Package output writes what the agent measured as JSON lines into a folder,
// so that a judge outside the agent can recompute every figure.
package output

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"example.com/infrastructure-agent/model"
)

// The files of an output folder.
const (
	TopNFile     = "topn.jsonl"
	SketchesFile = "sketches.jsonl"
	EventsFile   = "events.jsonl"
	SummaryFile  = "summary.json"
)

// Mode says when lines become visible.
type Mode int

const (
	// Atomic keeps everything in temporary files until Commit.
	Atomic Mode = iota
	// Live writes each line at once, for a run that has no end.
	Live
)

const tempSuffix = ".tmp"

// errClosed is returned for a line that comes after Commit or Close.
var errClosed = errors.New("output folder is closed")

// Dir is an open output folder. It is safe for concurrent use.
type Dir struct {
	path string
	mode Mode

	mu    sync.Mutex
	files map[string]*lines // nil when closed
}

type lines struct {
	file   *os.File
	buffer *bufio.Writer
}

// Open creates path if needed, and the three line files in it.
func Open(path string, mode Mode) (*Dir, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("create output folder: %w", err)
	}
	d := &Dir{path: path, mode: mode, files: make(map[string]*lines)}
	for _, name := range []string{TopNFile, SketchesFile, EventsFile} {
		file, err := os.Create(d.workPath(name))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("create output file: %w", err), d.Close())
		}
		d.files[name] = &lines{file: file, buffer: bufio.NewWriterSize(file, 64<<10)}
	}
	return d, nil
}

func (d *Dir) workPath(name string) string {
	if d.mode == Atomic {
		name += tempSuffix
	}
	return filepath.Join(d.path, name)
}

// Selection appends a line to topn.jsonl.
func (d *Dir) Selection(s model.Selection) error { return d.append(TopNFile, s) }

// Sketch appends a line to sketches.jsonl.
func (d *Dir) Sketch(e model.SketchEnvelope) error { return d.append(SketchesFile, e) }

// Event appends a line to events.jsonl.
func (d *Dir) Event(e model.Event) error { return d.append(EventsFile, e) }

func (d *Dir) append(name string, value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode line of %s: %w", name, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	out, open := d.files[name]
	if !open {
		return fmt.Errorf("write %s: %w", name, errClosed)
	}
	if _, err := out.buffer.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if d.mode == Live {
		if err := out.buffer.Flush(); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// Commit writes summary.json and makes all files visible under their names.
// The folder is closed afterwards.
func (d *Dir) Commit(summary any) error {
	text, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", SummaryFile, err)
	}
	if err := os.WriteFile(d.workPath(SummaryFile), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", SummaryFile, err)
	}
	if err := d.closeFiles(); err != nil {
		return err
	}
	for _, name := range []string{TopNFile, SketchesFile, EventsFile, SummaryFile} {
		if err := os.Rename(d.workPath(name), filepath.Join(d.path, name)); err != nil {
			return fmt.Errorf("publish %s: %w", name, err)
		}
	}
	return nil
}

// Close ends the folder. What an atomic folder did not commit is removed.
// Calling Close after Commit changes nothing.
func (d *Dir) Close() error {
	err := d.closeFiles()
	if d.mode == Atomic {
		for _, name := range []string{TopNFile, SketchesFile, EventsFile} {
			removed := os.Remove(d.workPath(name))
			if removed != nil && !errors.Is(removed, os.ErrNotExist) {
				err = errors.Join(err, removed)
			}
		}
	}
	return err
}

func (d *Dir) closeFiles() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var problems []error
	for name, out := range d.files {
		if err := errors.Join(out.buffer.Flush(), out.file.Close()); err != nil {
			problems = append(problems, fmt.Errorf("close %s: %w", name, err))
		}
	}
	d.files = nil
	return errors.Join(problems...)
}
