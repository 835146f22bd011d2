package receiver

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	kindMetrics = "metrics"
	kindLogs    = "logs"
	// maxRequestBytes bounds a request, so that no sender can exhaust memory.
	maxRequestBytes = 64 << 20
)

// Stats is the reply of GET /stats.
type Stats struct {
	Batches map[string]int `json:"batches"` // stream -> batches kept
	Repeats int            `json:"repeats"`
}

// Handler serves the OTLP paths, GET /query and GET /stats.
func Handler(store *Store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/metrics", take(store, kindMetrics))
	mux.HandleFunc("POST /v1/logs", take(store, kindLogs))
	mux.HandleFunc("GET /query", func(w http.ResponseWriter, r *http.Request) { answer(store, w, r) })
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		stats := Stats{Batches: make(map[string]int), Repeats: store.Repeats()}
		for _, b := range store.Batches() {
			stats.Batches[b.Stream]++
		}
		reply(w, stats)
	})
	return mux
}

func take(store *Store, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		batches, err := parseRequest(kind, body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := store.Add(batches); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		reply(w, struct{}{})
	}
}

func answer(store *Store, w http.ResponseWriter, r *http.Request) {
	values := r.URL.Query()
	q, qErr := strconv.ParseFloat(values.Get("q"), 64)
	from, fromErr := strconv.Atoi(values.Get("from"))
	to, toErr := strconv.Atoi(values.Get("to"))
	metric := values.Get("metric")
	if err := errors.Join(qErr, fromErr, toErr); err != nil || q < 0 || q > 1 || to <= from || (metric != "cpu_ms" && metric != "rss") {
		http.Error(w, "use /query?metric=cpu_ms|rss&q=0..1&from=TICK&to=TICK", http.StatusBadRequest)
		return
	}
	result, err := Resolve(store.Batches(), Query{Metric: metric, Q: q, From: from, To: to})
	switch {
	case errors.Is(err, ErrNoData):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		reply(w, result)
	}
}

func reply(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // the client has gone if this fails
}

// Run serves until ctx ends and returns the exit code. It prints the address
// that it listens on, so that a caller may ask for port 0.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("receiver", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:0", "address to listen on")
	folder := flags.String("store", "", "folder for received batches")
	if err := flags.Parse(args); err != nil || *folder == "" || flags.NArg() > 0 {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		fmt.Fprintln(stderr, "usage: receiver --store DIR [--listen HOST:PORT]")
		return 2
	}
	if err := serve(ctx, *listen, *folder, stdout); err != nil {
		fmt.Fprintf(stderr, "receiver: %v\n", err)
		return 1
	}
	return 0
}

func serve(ctx context.Context, address, folder string, stdout io.Writer) error {
	store, err := OpenStore(folder)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), store.Close())
	}
	fmt.Fprintf(stdout, "listening %s\n", listener.Addr())
	server := &http.Server{Handler: Handler(store), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err = <-served:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close() // requests in flight get no reply and come again
		}
	}
	return errors.Join(err, store.Close())
}
