// Package sampler decides which processes are exported one by one. All others
// are summed, so that totals stay exact.
//
// The package splits the work: Module owns the life cycle, the cap on N and
// the sums; selector (selector.go) owns the choice and nothing else.
package sampler

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"example.com/infrastructure-agent/model"
)

// MaxN is the largest number of processes exported at a tick. The blueprint
// caps N at MaxN and at half of the live processes, whichever is less.
const MaxN = 256

// Module is the sampling stage. Sample runs on the tick loop; SetTopN and
// Resources may be called from any goroutine.
type Module struct {
	mu       sync.Mutex
	selector *selector
	chosen   []int
	inTop    []bool
	kept     int
}

// New returns a module that exports about topN processes at a tick.
func New(topN int) (*Module, error) {
	if err := checkTopN(topN); err != nil {
		return nil, err
	}
	return &Module{selector: newSelector(topN)}, nil
}

func checkTopN(topN int) error {
	if topN < 1 || topN > MaxN {
		return fmt.Errorf("sampler: top_n is %d; use 1 to %d", topN, MaxN)
	}
	return nil
}

// Init reserves the tables that Sample reuses at each tick.
func (m *Module) Init(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chosen = make([]int, 0, MaxN)
	return nil
}

// Resources reports the processes of the last selection.
func (m *Module) Resources() model.ResourceUsage {
	m.mu.Lock()
	defer m.mu.Unlock()
	const intBytes = 8
	return model.ResourceUsage{
		Items: m.kept,
		Bytes: int64(cap(m.chosen)*intBytes + cap(m.inTop)),
	}
}

// Shutdown drops the tables. Sample must not be called afterwards.
func (m *Module) Shutdown(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chosen, m.inTop, m.kept = nil, nil, 0
	return nil
}

// SetTopN changes the wanted number of processes from the next tick on.
func (m *Module) SetTopN(topN int) error {
	if err := checkTopN(topN); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.selector = newSelector(topN)
	return nil
}

// errChoice marks a selector that broke its contract.
var errChoice = errors.New("sampler: selector broke its contract")

// Sample splits a snapshot into processes exported one by one and the sum of
// all others. The snapshot is not changed.
func (m *Module) Sample(snapshot model.Snapshot) (model.Selection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	processes := snapshot.Processes
	limit := min(MaxN, len(processes)/2)
	m.chosen = m.selector.choose(processes, limit, m.chosen[:0])
	m.kept = len(m.chosen)
	if m.kept > limit {
		return model.Selection{}, fmt.Errorf("%w: %d processes chosen, cap is %d", errChoice, m.kept, limit)
	}
	selection := model.Selection{
		Tick: snapshot.Tick, N: m.kept, Top: make([]model.Process, 0, m.kept),
	}
	m.mark(len(processes))
	for _, i := range m.chosen {
		if i < 0 || i >= len(processes) || m.inTop[i] {
			return model.Selection{}, fmt.Errorf("%w: position %d of %d is unknown or chosen twice", errChoice, i, len(processes))
		}
		m.inTop[i] = true
		selection.Top = append(selection.Top, processes[i])
	}
	for i, p := range processes {
		if !m.inTop[i] {
			selection.Other.Add(p)
		}
	}
	return selection, nil
}

// mark clears the table of chosen positions and makes it n long.
func (m *Module) mark(n int) {
	if cap(m.inTop) < n {
		m.inTop = make([]bool, n)
		return
	}
	m.inTop = m.inTop[:n]
	clear(m.inTop)
}
