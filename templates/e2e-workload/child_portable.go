package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

const portablePeriod = 200 * time.Millisecond

// runChild is one process on systems without a plain fork. It reads "<cpu ms per second> <bytes>" lines from stdin, answers
// "<cpu microseconds> <bytes held>" each period on stdout, and ends with its stdin or, when told, after a life time.
func runChild() {
	if len(os.Args) > 3 {
		if life, err := strconv.ParseInt(os.Args[2], 10, 64); err == nil && life > 0 {
			go func() { _, _ = io.Copy(io.Discard, os.Stdin); os.Exit(0) }()
			time.Sleep(time.Duration(life) * time.Millisecond)
			return
		}
	}
	orders := make(chan [2]float64)
	go func() {
		defer os.Exit(0)
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			var order [2]float64
			if _, err := fmt.Sscan(lines.Text(), &order[0], &order[1]); err == nil {
				orders <- order
			}
		}
	}()
	var share float64
	var memory []byte
	owed, last := ownCPUMs(), time.Now()
	for {
		select {
		case order := <-orders:
			share = order[0]
			if int(order[1]) != len(memory) {
				memory = make([]byte, int(order[1]))
				for i := 0; i < len(memory); i += os.Getpagesize() {
					memory[i] = 1
				}
			}
		case <-time.After(portablePeriod):
		}
		now := time.Now()
		owed = min(owed+share*now.Sub(last).Seconds(), ownCPUMs()+share)
		last = now
		for x := uint32(1); ownCPUMs() < owed; {
			for i := 0; i < 20000; i++ {
				x = x*1664525 + 1013904223
			}
		}
		fmt.Println(int64(ownCPUMs()*1000), len(memory))
	}
}
