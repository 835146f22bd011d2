package collector

import (
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"example.com/infrastructure-agent/model"
)

// statLine has the form of /proc/<pid>/stat.
func statLine(pid int, name string, user, system, start, pages uint64) string {
	return fmt.Sprintf("%d (%s) S 1 1 1 0 -1 4194560 1 0 0 0 %d %d 0 0 20 0 1 0 %d 8192 %d 18446744073709551615 1 1 0 0\n",
		pid, name, user, system, start, pages)
}

func TestParseStat(t *testing.T) {
	for _, name := range []string{"sh", "a b", ")", "x) S 1 (y", "((", ""} {
		got, err := parseStat([]byte(statLine(7, name, 30, 12, 9000, 55)))
		if err != nil {
			t.Errorf("name %q: %v", name, err)
			continue
		}
		if string(got.name) != name || got.ticks != 42 || got.start != 9000 || got.pages != 55 {
			t.Errorf("name %q: got %+v", name, got)
		}
	}
}

func TestParseStatRefusesDamagedText(t *testing.T) {
	for _, text := range []string{
		"", "7", "7 sh S 1", ")(", "7 (sh)", "7 (sh) S 1 2 3",
		"7 (sh) S 1 1 1 0 -1 4194560 1 0 0 0 x 1 0 0 20 0 1 0 9 8192 5 1",
		"7 (sh) S 1 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 9 8192 -5 1",
	} {
		if got, err := parseStat([]byte(text)); !errors.Is(err, errStat) {
			t.Errorf("%q gave %+v, %v", text, got, err)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte(statLine(7, "a) b", 1, 2, 3, 4)))
	f.Add([]byte("7 (sh) S 1 2 3"))
	f.Add([]byte(")("))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, err := parseStat(text); err == nil && len(got.name) > len(text) {
			t.Fatalf("name %q is longer than its text", got.name)
		}
	})
}

func TestParsePID(t *testing.T) {
	for name, want := range map[string]int{"1": 1, "32768": 32768, "": 0, "self": 0, "0": 0, "1x": 0, "99999999999999999999": 0} {
		pid, ok := parsePID(name)
		if ok != (want > 0) || (ok && pid != want) {
			t.Errorf("%q gave %d, %v", name, pid, ok)
		}
	}
}

func TestClockTicksAreFound(t *testing.T) {
	for _, wordBytes := range []int{4, 8} {
		var auxv []byte
		for _, word := range []uint64{6, 4096, auxClockTicks, 250, auxEnd, 0} {
			if wordBytes == 4 {
				auxv = binary.NativeEndian.AppendUint32(auxv, uint32(word))
			} else {
				auxv = binary.NativeEndian.AppendUint64(auxv, word)
			}
		}
		if got := clockTicks(auxv, wordBytes); got != 250 {
			t.Errorf("%d bytes: got %d", wordBytes, got)
		}
		if got := clockTicks(auxv[4*wordBytes:], wordBytes); got != defaultClockTicks {
			t.Errorf("%d bytes, no entry: got %d", wordBytes, got)
		}
	}
	if got := clockTicks(nil, 8); got != defaultClockTicks {
		t.Errorf("no vector: got %d", got)
	}
}

func TestDeltas(t *testing.T) {
	const ticksPerSecond, pageBytes = 100, 4096
	d := newDeltas(ticksPerSecond, pageBytes)
	scan := func(readings ...stat) map[model.Identity]float64 {
		d.begin()
		used := map[model.Identity]float64{}
		for _, s := range readings {
			p := d.add(5, s)
			used[p.Identity()] = p.CPUMillis
		}
		d.end()
		return used
	}
	old, reused := model.Identity{PID: 5, Start: 10}, model.Identity{PID: 5, Start: 99}
	if got := scan(stat{ticks: 1000, start: 10}); got[old] != 0 {
		t.Errorf("first scan: %v ms, want 0: nothing is known yet", got[old])
	}
	if got := scan(stat{ticks: 1007, start: 10}); got[old] != 70 {
		t.Errorf("second scan: %v ms, want 70", got[old])
	}
	if got := scan(stat{ticks: 3, start: 99}); got[reused] != 30 {
		t.Errorf("reused PID: %v ms, want 30: all its CPU is new", got[reused])
	}
	if len(d.table) != 1 {
		t.Errorf("%d processes are known, want 1", len(d.table))
	}
	if got := scan(stat{ticks: 1, start: 99}); got[reused] != 0 {
		t.Errorf("clock ran back: %v ms, want 0", got[reused])
	}
}

func TestNameFollowsTheProcess(t *testing.T) {
	d := newDeltas(100, 4096)
	d.begin()
	d.add(5, stat{name: []byte("sh"), start: 1, pages: 2})
	d.begin()
	if p := d.add(5, stat{name: []byte("worker"), start: 1, pages: 2}); p.Name != "worker" || p.RSS != 8192 {
		t.Fatalf("got %+v", p)
	}
}
