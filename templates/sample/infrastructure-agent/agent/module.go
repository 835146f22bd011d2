// Package agent composes the modules, owns their life cycle, and runs the tick
// loop. It is the one package that knows all modules.
package agent

import (
	"context"
	"errors"
	"fmt"

	"example.com/infrastructure-agent/collector"
	"example.com/infrastructure-agent/export"
	"example.com/infrastructure-agent/model"
	"example.com/infrastructure-agent/sampler"
	"example.com/infrastructure-agent/sketch"
	"example.com/infrastructure-agent/watchdog"
)

// ResourceUsage is what a module holds at a moment.
type ResourceUsage = model.ResourceUsage

// Module is the life cycle that every module implements.
type Module interface {
	// Init makes the module ready. It is called once, before any other method.
	Init(ctx context.Context) error
	// Resources reports what the module holds now, from any goroutine.
	Resources() ResourceUsage
	// Shutdown ends the module and releases what it holds, at the latest when
	// ctx ends. It is called once, also after a failed Init.
	Shutdown(ctx context.Context) error
}

var (
	_ Module = (*collector.Module)(nil)
	_ Module = (*sampler.Module)(nil)
	_ Module = (*sketch.Module)(nil)
	_ Module = (*watchdog.Module)(nil)
	_ Module = (*export.Module)(nil)
)

// namedModule is a module with the name that events and metrics show.
type namedModule struct {
	name string
	Module
}

// initAll starts modules in order. When one fails, those before it and the
// failed one are shut down again.
func initAll(ctx context.Context, modules []namedModule) error {
	for i, m := range modules {
		if err := m.Init(ctx); err != nil {
			return errors.Join(fmt.Errorf("start %s: %w", m.name, err), shutdownAll(ctx, modules[:i+1]))
		}
	}
	return nil
}

// shutdownAll ends modules in reverse order and collects what went wrong.
func shutdownAll(ctx context.Context, modules []namedModule) error {
	var problems []error
	for i := len(modules) - 1; i >= 0; i-- {
		if err := modules[i].Shutdown(ctx); err != nil {
			problems = append(problems, fmt.Errorf("stop %s: %w", modules[i].name, err))
		}
	}
	return errors.Join(problems...)
}
