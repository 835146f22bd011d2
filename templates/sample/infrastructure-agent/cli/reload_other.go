//go:build !unix

package cli

// onReloadSignal does nothing: this system has no SIGHUP.
func onReloadSignal(chan<- struct{}) (stop func()) { return func() {} }
