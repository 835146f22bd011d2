package collector

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// errStat marks a /proc/<pid>/stat text that cannot be understood.
var errStat = errors.New("collector: invalid stat line")

// stat is what the agent needs of /proc/<pid>/stat.
type stat struct {
	name  []byte // shares memory with the parsed text
	ticks uint64 // CPU in user and kernel mode, in clock ticks
	start uint64 // clock ticks after boot
	pages uint64 // resident pages
}

// Positions of fields after the name, counted from 0. See proc(5).
const (
	fieldUserTime   = 11
	fieldSystemTime = 12
	fieldStart      = 19
	fieldResident   = 21
)

// parseStat reads the text of /proc/<pid>/stat. The name stands in
// parentheses and may itself hold spaces and parentheses, so the text is split
// at the last one.
func parseStat(text []byte) (stat, error) {
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return stat{}, fmt.Errorf("%w: no name in parentheses", errStat)
	}
	s := stat{name: text[open+1 : end]}
	rest := text[end+1:]
	for position := 0; ; position++ {
		rest = bytes.TrimLeft(rest, " \n")
		if len(rest) == 0 {
			return stat{}, fmt.Errorf("%w: %d fields after the name", errStat, position)
		}
		field := rest
		if space := bytes.IndexAny(rest, " \n"); space >= 0 {
			field, rest = rest[:space], rest[space:]
		} else {
			rest = nil
		}
		var err error
		switch position {
		case fieldUserTime, fieldSystemTime:
			var ticks uint64
			ticks, err = parseUint(field)
			s.ticks += ticks
		case fieldStart:
			s.start, err = parseUint(field)
		case fieldResident:
			s.pages, err = parseUint(field)
			return s, err
		}
		if err != nil {
			return stat{}, err
		}
	}
}

// parseUint reads a decimal number without an allocation.
func parseUint(text []byte) (uint64, error) {
	value, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %q is no number", errStat, text)
	}
	return value, nil
}

// parsePID reads the name of a folder in /proc. Folders that are no processes
// give false.
func parsePID(name string) (int, bool) {
	if name == "" || name[0] < '1' || name[0] > '9' {
		return 0, false
	}
	pid, err := strconv.Atoi(name)
	return pid, err == nil
}
