// Package receiver is a small OTLP/HTTP JSON receiver. It keeps every batch
// durably as a JSON line and answers percentile queries from what it has.
package receiver

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// BatchesFile is the file of a store: one Batch a line.
const BatchesFile = "batches.jsonl"

// Batch is one numbered batch of one stream of one run of an agent.
type Batch struct {
	RunID   string          `json:"run_id"`
	Stream  string          `json:"batch_stream"`
	Seq     uint64          `json:"batch_seq"`
	Kind    string          `json:"kind"` // "metrics" or "logs"
	Content json.RawMessage `json:"content"`
}

type batchKey struct {
	run, stream string
	seq         uint64
}

// Store keeps batches in a file. A batch that comes again, because its sender
// did not get the reply, is kept once.
type Store struct {
	mu      sync.Mutex
	file    *os.File
	seen    map[batchKey]struct{}
	batches []Batch
	repeats int
}

// OpenStore opens the store in folder and reads what is in it. A last line
// that a crash cut off is removed: its sender never got a reply.
func OpenStore(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("create store: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, BatchesFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{file: file, seen: make(map[batchKey]struct{})}
	if err := s.load(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

func (s *Store) load() error {
	in := bufio.NewReader(s.file)
	var complete int64
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read store: %w", err)
		}
		var b Batch
		if err := json.Unmarshal(line, &b); err != nil {
			return fmt.Errorf("%s:%d: %w", s.file.Name(), number, err)
		}
		complete += int64(len(line))
		s.seen[batchKey{b.RunID, b.Stream, b.Seq}] = struct{}{}
		s.batches = append(s.batches, b)
	}
	if err := s.file.Truncate(complete); err != nil {
		return fmt.Errorf("repair store: %w", err)
	}
	_, err := s.file.Seek(complete, io.SeekStart)
	return err
}

// Add keeps batches. When it returns without an error they are on disk.
func (s *Store) Add(batches []Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var fresh []Batch
	var text []byte
	for _, b := range batches {
		key := batchKey{b.RunID, b.Stream, b.Seq}
		if _, known := s.seen[key]; known {
			s.repeats++
			continue
		}
		line, err := json.Marshal(b)
		if err != nil {
			return fmt.Errorf("encode batch: %w", err)
		}
		s.seen[key] = struct{}{}
		fresh = append(fresh, b)
		text = append(append(text, line...), '\n')
	}
	if len(fresh) == 0 {
		return nil
	}
	if _, err := s.file.Write(text); err != nil {
		return fmt.Errorf("write store: %w", err)
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("sync store: %w", err)
	}
	s.batches = append(s.batches, fresh...)
	return nil
}

// Batches returns all batches in the order of their arrival.
func (s *Store) Batches() []Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.batches[:len(s.batches):len(s.batches)]
}

// Repeats is the number of batches that came more than once.
func (s *Store) Repeats() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.repeats
}

// Close closes the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.file.Close()
}
