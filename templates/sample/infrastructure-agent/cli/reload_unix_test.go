//go:build unix

package cli

import (
	"os"
	"syscall"
	"testing"
)

func TestReloadSignal(t *testing.T) {
	reload := make(chan struct{}, 1)
	stop := onReloadSignal(reload)
	defer stop()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	<-reload
}
