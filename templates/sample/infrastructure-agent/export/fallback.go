package export

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"example.com/infrastructure-agent/model"
)

const (
	streamSketches = "sketches"
	// sketchAttempts is how often a window is tried before raw data replaces it.
	sketchAttempts = 3
	// windowBacklog is how many closed windows may wait for the sketch sink.
	windowBacklog = 8
	// maxBufferedProcesses bounds the raw data kept for the open window.
	maxBufferedProcesses = 200_000
	fallbackCondition    = "sketch-fallback"
)

// emptyLogs is a valid OTLP request without records. It asks the sink whether
// it is there.
var emptyLogs = []byte(`{"resourceLogs":[]}`)

// rawTick is a tick that may have to be written raw.
type rawTick struct {
	snapshot model.Snapshot
	written  bool
}

// window is a closed window on its way to the sketch sink, with the raw ticks
// that replace it if it does not get there.
type window struct {
	envelopes []model.SketchEnvelope
	ticks     []rawTick
	at        time.Time
}

// fallback sends sketches to their sink. While the sink is away it writes raw
// ticks instead. For every window, either its sketch was accepted or all of
// its ticks were written raw.
type fallback struct {
	url      string
	options  Options
	client   *client
	resource json.RawMessage
	write    func(model.Snapshot) // queues a raw tick

	mu       sync.Mutex
	active   bool
	buffer   []rawTick
	buffered int
	lost     int

	seq     atomic.Uint64
	written atomic.Uint64
	windows chan window
	probes  chan struct{}
	closing chan struct{}
	close   sync.Once
	done    chan struct{}
}

func newFallback(o Options, res json.RawMessage, c *client, write func(model.Snapshot)) *fallback {
	endpoint := o.SketchEndpoint
	if endpoint == "" {
		endpoint = o.Endpoint
	}
	return &fallback{
		url: endpoint + logsPath, options: o, client: c, resource: res, write: write,
		windows: make(chan window, windowBacklog), probes: make(chan struct{}, 1),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
}

// observe takes in a tick and the window that it closed, if any.
func (f *fallback) observe(snapshot model.Snapshot, envelopes []model.SketchEnvelope) {
	f.mu.Lock()
	tick := rawTick{snapshot: snapshot}
	if f.active || f.options.DualWrite {
		f.write(snapshot)
		tick.written = true
	}
	f.keep(tick)
	f.mu.Unlock()
	if len(envelopes) > 0 {
		f.send(envelopes, snapshot.Time)
		return
	}
	select {
	case f.probes <- struct{}{}:
	default:
	}
}

// keep buffers a tick of the open window within the bound on memory.
func (f *fallback) keep(tick rawTick) {
	f.buffer = append(f.buffer, tick)
	f.buffered += len(tick.snapshot.Processes)
	for f.buffered > maxBufferedProcesses && len(f.buffer) > 1 {
		f.buffered -= len(f.buffer[0].snapshot.Processes)
		if !f.buffer[0].written {
			f.lost++
		}
		f.buffer = f.buffer[1:]
	}
}

// send hands a closed window with its raw ticks to the worker.
func (f *fallback) send(envelopes []model.SketchEnvelope, at time.Time) {
	f.mu.Lock()
	w := window{envelopes: envelopes, ticks: f.buffer, at: at}
	f.buffer, f.buffered = nil, 0
	f.mu.Unlock()
	if f.options.Patience > 0 {
		f.windows <- w
		return
	}
	select {
	case f.windows <- w:
	default:
		f.abandon(w, "too many windows are waiting")
	}
}

// run delivers windows and probes the sink until the fallback is closed and
// empty. When ctx ends, what is left is written raw.
func (f *fallback) run(ctx context.Context) {
	defer close(f.done)
	for {
		select {
		case w := <-f.windows:
			f.deliver(ctx, w)
			continue
		default:
		}
		select {
		case w := <-f.windows:
			f.deliver(ctx, w)
		case <-f.probes:
			f.probe(ctx)
		case <-f.closing:
			if len(f.windows) == 0 {
				return
			}
		}
	}
}

func (f *fallback) probe(ctx context.Context) {
	if allowed, _ := f.options.SketchBreaker.Allow(); !allowed {
		return
	}
	if err := f.post(ctx, emptyLogs); err != nil {
		f.enter(err.Error())
		return
	}
	f.leave()
}

// post sends body once and tells the breaker how it went.
func (f *fallback) post(ctx context.Context, body []byte) error {
	var err error
	f.options.Measure(func() { _, err = f.client.post(ctx, f.url, body) })
	if err != nil {
		f.options.SketchBreaker.Failure()
		return err
	}
	f.options.SketchBreaker.Success()
	return nil
}

func (f *fallback) deliver(ctx context.Context, w window) {
	body, err := f.encode(w)
	if err != nil {
		f.abandon(w, err.Error())
		return
	}
	for attempt := range sketchAttempts {
		if allowed, _ := f.options.SketchBreaker.Allow(); !allowed {
			f.abandon(w, "the breaker of the sketch sink is open")
			return
		}
		if err = f.post(ctx, body); err == nil {
			f.written.Add(uint64(len(w.envelopes)))
			f.leave()
			return
		}
		var rejected *rejection
		if errors.As(err, &rejected) || attempt == sketchAttempts-1 ||
			!sleep(ctx, backoff(f.options.RetryInitial, f.options.RetryMax, attempt, err)) {
			break
		}
	}
	f.abandon(w, err.Error())
}

func (f *fallback) encode(w window) ([]byte, error) {
	records := make([]logRecord, 0, len(w.envelopes))
	for _, e := range w.envelopes {
		encoded, err := sketchRecord(e, w.at)
		if err != nil {
			return nil, err
		}
		records = append(records, encoded)
	}
	seq := f.seq.Add(1)
	payload, err := encodeLogs(streamScope(streamSketches, seq, w.envelopes[0].ToTick-1), records)
	if err != nil {
		return nil, err
	}
	return request(logsFields, f.resource, []item{{seq: seq, payload: payload}}), nil
}

// abandon replaces a window by its raw ticks.
func (f *fallback) abandon(w window, reason string) {
	f.enter(reason)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, tick := range w.ticks {
		if !tick.written {
			f.write(tick.snapshot)
		}
	}
	if f.lost > 0 {
		f.options.Reporter.Emit(model.Event{
			Name: model.EventExportDropped, Module: model.ModuleExport, Severity: model.SeverityError,
			Message:    "raw ticks did not fit into the buffer and are lost",
			Attributes: map[string]string{"stream": streamSketches, "ticks": strconv.Itoa(f.lost)},
		})
		f.lost = 0
	}
}

// enter turns raw writes on.
func (f *fallback) enter(reason string) {
	f.mu.Lock()
	f.active = true
	f.mu.Unlock()
	f.options.Reporter.Raise(fallbackCondition, model.Event{
		Name: model.EventSketchFallback, Module: model.ModuleExport, Severity: model.SeverityWarning,
		Message:    "the sketch sink is unavailable; raw ticks are written instead",
		Attributes: map[string]string{"reason": reason},
	})
}

// leave turns raw writes off.
func (f *fallback) leave() {
	f.mu.Lock()
	f.active = false
	f.mu.Unlock()
	f.options.Reporter.Clear(fallbackCondition, model.Event{
		Name: model.EventSketchRestored, Module: model.ModuleExport, Severity: model.SeverityInfo,
		Message: "the sketch sink accepts sketches again",
	})
}

// size returns how many ticks and processes are buffered.
func (f *fallback) size() (ticks, processes int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.buffer), f.buffered
}

// stop lets the worker finish and waits for it.
func (f *fallback) stop() {
	f.close.Do(func() { close(f.closing) })
	<-f.done
}
