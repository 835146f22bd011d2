//go:build !linux

package collector

import (
	"fmt"
	"runtime"

	"example.com/infrastructure-agent/model"
)

// noScanner stands in where there is no /proc.
type noScanner struct{}

func newScanner(string) scanner { return noScanner{} }

func (noScanner) open() error { return fmt.Errorf("%w (this is %s)", ErrUnsupported, runtime.GOOS) }

func (noScanner) scan() ([]model.Process, error) { return nil, ErrUnsupported }

func (noScanner) tracked() int { return 0 }

func (noScanner) openFiles() int { return 0 }

func (noScanner) close() error { return nil }
