// Command workload starts processes whose CPU and memory are known, keeps a ledger of them and leaves none behind.
//
//	workload run    reads one JSON plan from the first line of stdin, then works until "stop", the end of stdin or a signal
//	workload child  is one process of the plan on systems without a plain fork
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
)

const maxPlanBytes = 64 << 20

func main() {
	if len(os.Args) < 2 {
		fail(2, "usage: workload run|child")
	}
	switch os.Args[1] {
	case "run":
		run()
	case "child":
		runChild()
	default:
		fail(2, "unknown command "+os.Args[1])
	}
}

func run() {
	// Children ask to die with the thread that made them, so that thread must be the one that lasts.
	runtime.LockOSThread()
	volunteer()
	input := bufio.NewReaderSize(os.Stdin, 1<<16)
	plan, err := readPlan(input)
	if err != nil {
		fail(2, err.Error())
	}
	var stopping atomic.Bool
	go func() {
		_, _ = input.ReadString('\n')
		stopping.Store(true)
	}()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		stopping.Store(true)
	}()
	nursery, err := newNursery(plan)
	if err != nil {
		report(event{Event: "error", Message: err.Error()})
		os.Exit(1)
	}
	if err := nursery.run(&stopping); err != nil {
		report(event{Event: "error", Message: err.Error()})
		os.Exit(1)
	}
}

func readPlan(input *bufio.Reader) (*plan, error) {
	line, err := input.ReadSlice('\n')
	text := append([]byte(nil), line...)
	for err == bufio.ErrBufferFull && len(text) < maxPlanBytes {
		line, err = input.ReadSlice('\n')
		text = append(text, line...)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the plan from stdin: %w", err)
	}
	var p plan
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("the plan is not valid JSON: %w", err)
	}
	return &p, nil
}

func fail(code int, message string) {
	fmt.Fprintln(os.Stderr, "workload: "+message)
	os.Exit(code)
}
