package collector

import "encoding/binary"

// defaultClockTicks is what every Linux port that Go supports uses.
const defaultClockTicks = 100

const (
	auxClockTicks = 17 // AT_CLKTCK
	auxEnd        = 0  // AT_NULL
)

// clockTicks finds the clock ticks per second in the text of
// /proc/self/auxv, a list of pairs of machine words.
func clockTicks(auxv []byte, wordBytes int) uint64 {
	word := func(at int) uint64 {
		if wordBytes == 4 {
			return uint64(binary.NativeEndian.Uint32(auxv[at:]))
		}
		return binary.NativeEndian.Uint64(auxv[at:])
	}
	for at := 0; at+2*wordBytes <= len(auxv); at += 2 * wordBytes {
		switch key, value := word(at), word(at+wordBytes); {
		case key == auxEnd:
			return defaultClockTicks
		case key == auxClockTicks && value > 0:
			return value
		}
	}
	return defaultClockTicks
}
