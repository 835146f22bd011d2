//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// onReloadSignal sends to reload on each SIGHUP until stop is called.
func onReloadSignal(reload chan<- struct{}) (stop func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-signals:
				select {
				case reload <- struct{}{}:
				default: // one is pending already
				}
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
