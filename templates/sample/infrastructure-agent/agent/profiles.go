package agent

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"example.com/infrastructure-agent/model"
)

// Profiles serves Go profiles on a loopback address. It is off by default.
type Profiles struct {
	address string
	bound   net.Addr
	server  *http.Server
}

// NewProfiles returns a server for address, which may have port 0.
func NewProfiles(address string) *Profiles { return &Profiles{address: address} }

// Init listens and starts to serve.
func (p *Profiles) Init(ctx context.Context) error {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", p.address)
	if err != nil {
		return fmt.Errorf("serve profiles: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	p.bound = listener.Addr()
	p.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	server := p.server
	go func() { _ = server.Serve(listener) }() // Serve ends with Shutdown
	return nil
}

// Address is where profiles are served, once Init has succeeded.
func (p *Profiles) Address() string { return p.bound.String() }

// Resources reports the listening socket.
func (p *Profiles) Resources() model.ResourceUsage { return model.ResourceUsage{OpenFiles: 1} }

// Shutdown ends the server. Running profiles are cut off when ctx ends.
func (p *Profiles) Shutdown(ctx context.Context) error {
	if p.server == nil {
		return nil
	}
	if err := p.server.Shutdown(ctx); err != nil {
		return errors.Join(err, p.server.Close())
	}
	return nil
}
