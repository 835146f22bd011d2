// Package collector reads which processes run and what they use. Scanning is
// supported on Linux; the package builds everywhere.
package collector

import (
	"context"
	"errors"
	"sync"

	"example.com/infrastructure-agent/model"
)

// ErrUnsupported is returned by Init on systems without /proc.
var ErrUnsupported = errors.New("the sample agent scans processes on Linux only; `agent replay` works on every system")

// scanner reads the processes of a host.
type scanner interface {
	open() error
	scan() ([]model.Process, error)
	tracked() int
	openFiles() int
	close() error
}

// Module is the collection stage. Scan runs on the tick loop; Resources may be
// called from any goroutine.
type Module struct {
	mu      sync.Mutex
	scanner scanner
}

// New returns a module that reads the proc file system mounted on procRoot.
func New(procRoot string) *Module { return &Module{scanner: newScanner(procRoot)} }

// Init opens the proc file system and takes the readings that the first tick
// is compared with.
func (m *Module) Init(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.scanner.open(); err != nil {
		return err
	}
	_, err := m.scanner.scan()
	return err
}

// Resources reports the processes that are tracked.
func (m *Module) Resources() model.ResourceUsage {
	m.mu.Lock()
	defer m.mu.Unlock()
	const entryBytes = 96
	tracked := m.scanner.tracked()
	return model.ResourceUsage{
		Items: tracked, Bytes: int64(tracked * entryBytes), OpenFiles: m.scanner.openFiles(),
	}
}

// Shutdown closes the proc file system.
func (m *Module) Shutdown(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.scanner.close()
}

// Scan returns every live process with its use since the scan before. A
// process that ends during the scan is left out. The result is the caller's.
func (m *Module) Scan() ([]model.Process, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.scanner.scan()
}
