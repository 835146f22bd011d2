package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
)

// ledger is a stream of JSON lines. The first error sticks: a ledger with a hole is worse than none.
type ledger struct {
	file  *os.File
	out   *bufio.Writer
	line  []byte
	bytes int64
	err   error
}

func openLedger(path string) (*ledger, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("cannot write the ledger: %w", err)
	}
	return &ledger{file: file, out: bufio.NewWriterSize(file, 1<<18), line: make([]byte, 0, 1<<16)}, nil
}

func (l *ledger) start(kind string) *ledger {
	l.line = append(l.line[:0], `{"type":`...)
	l.line = strconv.AppendQuote(l.line, kind)
	return l
}

func (l *ledger) text(key, value string) *ledger {
	l.key(key)
	l.line = strconv.AppendQuote(l.line, value)
	return l
}

func (l *ledger) int(key string, value int64) *ledger {
	l.key(key)
	l.line = strconv.AppendInt(l.line, value, 10)
	return l
}

func (l *ledger) float(key string, value float64) *ledger {
	l.key(key)
	l.line = strconv.AppendFloat(l.line, value, 'f', -1, 64)
	return l
}

func (l *ledger) key(key string) {
	l.line = append(l.line, ',', '"')
	l.line = append(l.line, key...)
	l.line = append(l.line, '"', ':')
}

func (l *ledger) end() {
	if l.err != nil {
		return
	}
	l.line = append(l.line, '}', '\n')
	l.bytes += int64(len(l.line))
	_, l.err = l.out.Write(l.line)
}

func (l *ledger) flush() error {
	if l.err == nil {
		l.err = l.out.Flush()
	}
	if l.err != nil {
		return fmt.Errorf("cannot write the ledger: %w", l.err)
	}
	return nil
}

func (l *ledger) close() error {
	err := l.flush()
	if err == nil {
		// Not every target can be synced (a pipe, a device): what was written was written.
		_ = l.file.Sync()
	}
	_ = l.file.Close()
	return err
}
