package corpus

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads a whole corpus.
func Read(r io.Reader) (Header, []Tick, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	var header Header
	if err := readLine(in, &header); err != nil {
		return Header{}, nil, fmt.Errorf("header: %w", err)
	}
	if header.Type != "header" || header.Version != Version {
		return Header{}, nil, fmt.Errorf("header: type %q version %d is not a corpus of version %d", header.Type, header.Version, Version)
	}
	var ticks []Tick
	for {
		var tick Tick
		err := readLine(in, &tick)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Header{}, nil, fmt.Errorf("tick %d: %w", len(ticks), err)
		}
		ticks = append(ticks, tick)
	}
	if len(ticks) != header.Ticks {
		return Header{}, nil, fmt.Errorf("corpus has %d ticks; the header says %d", len(ticks), header.Ticks)
	}
	return header, ticks, nil
}

func readLine(in *bufio.Reader, into any) error {
	line, err := in.ReadBytes('\n')
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(line, into)
}
