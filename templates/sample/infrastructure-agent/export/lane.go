package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"example.com/infrastructure-agent/model"
)

// lane delivers one stream in order: it batches, retries with backoff, obeys
// its breaker, and counts what it sent and what it had to drop.
type lane struct {
	stream   string
	url      string
	field    [2]string // names of the outer and the inner list of a request
	resource json.RawMessage
	options  Options
	client   *client
	breaker  Breaker
	reporter Reporter
	queue    *queue

	seq     atomic.Uint64
	sent    atomic.Uint64
	dropped atomic.Uint64
	retries atomic.Uint64
	slow    int // slow replies in a row; used by the worker alone

	closing chan struct{}
	close   sync.Once
	done    chan struct{}
}

// slowReplies is how many slow replies in a row make a receiver slow.
const slowReplies = 3

func newLane(stream, path string, field [2]string, o Options, res json.RawMessage, c *client) *lane {
	return &lane{
		stream: stream, url: o.Endpoint + path, field: field, resource: res, options: o, client: c,
		breaker: o.Breaker, reporter: o.Reporter,
		queue:   newQueue(o.QueueSize, o.Patience),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
}

// scope returns the scope of the next item. It carries the item's place in the
// stream, so that a receiver can tell a loss from a repetition.
func (l *lane) scope(tick int) (scope, uint64) {
	seq := l.seq.Add(1)
	return streamScope(l.stream, seq, tick), seq
}

func streamScope(stream string, seq uint64, tick int) scope {
	return scope{Name: scopeName, Version: model.Version, Attributes: keyValues([]Attribute{
		{attributeBatchStream, stream}, {attributeBatchSeq, int64(seq)}, {"tick", int64(tick)},
	})}
}

// put queues an encoded item.
func (l *lane) put(seq uint64, payload json.RawMessage) {
	if dropped := l.queue.put(item{seq: seq, payload: payload}); dropped > 0 {
		l.drop(dropped, "queue is full")
	}
}

func (l *lane) drop(n int, reason string) {
	total := l.dropped.Add(uint64(n))
	l.reporter.Raise("export-dropped-"+l.stream, l.event(model.EventExportDropped, model.SeverityError,
		"batches were dropped: "+reason,
		map[string]string{"dropped_total": strconv.FormatUint(total, 10), "reason": reason}))
}

func (l *lane) event(name string, severity model.Severity, message string, attributes map[string]string) model.Event {
	attributes["stream"] = l.stream
	return model.Event{Name: name, Module: model.ModuleExport, Severity: severity, Message: message, Attributes: attributes}
}

// run delivers until the lane is closed and empty, or ctx ends.
func (l *lane) run(ctx context.Context) {
	defer close(l.done)
	for {
		batch := l.queue.take(l.options.BatchSize)
		if batch == nil {
			select {
			case <-l.queue.arrived:
				continue
			case <-l.closing:
				if items, _ := l.queue.size(); items == 0 {
					return
				}
				continue
			case <-ctx.Done():
				return
			}
		}
		if !l.deliver(ctx, batch) {
			rest, _ := l.queue.size()
			l.drop(len(batch)+rest, "the agent stopped before they could be sent")
			return
		}
	}
}

// deliver tries until the batch is sent or refused. It returns false when ctx
// ended first.
func (l *lane) deliver(ctx context.Context, batch []item) bool {
	body := l.request(batch)
	for attempt := 0; ; attempt++ {
		allowed, wait := l.breaker.Allow()
		if !allowed {
			if !sleep(ctx, wait) {
				return false
			}
			continue
		}
		started := time.Now()
		var refused int64
		var err error
		l.options.Measure(func() { refused, err = l.client.post(ctx, l.url, body) })
		var rejected *rejection
		switch {
		case err == nil:
			l.delivered(len(batch), refused, time.Since(started))
			return true
		case errors.As(err, &rejected):
			l.breaker.Success()
			l.drop(len(batch), rejected.reason)
			return true
		case ctx.Err() != nil:
			return false
		}
		l.breaker.Failure()
		l.retries.Add(1)
		delay := backoff(l.options.RetryInitial, l.options.RetryMax, attempt, err)
		l.reporter.Raise("export-retry-"+l.stream, l.event(model.EventExportRetry, model.SeverityWarning,
			fmt.Sprintf("delivery failed and will be tried again: %v", err),
			map[string]string{"attempt": strconv.Itoa(attempt + 1), "delay": delay.Round(time.Millisecond).String()}))
		if !sleep(ctx, delay) {
			return false
		}
	}
}

func (l *lane) delivered(items int, refused int64, took time.Duration) {
	l.breaker.Success()
	l.sent.Add(uint64(items))
	l.reporter.Clear("export-retry-"+l.stream, l.event(model.EventExportRecovered, model.SeverityInfo,
		"deliveries succeed again", map[string]string{}))
	if refused > 0 {
		l.drop(int(refused), "the receiver refused single records")
	} else {
		l.reporter.Clear("export-dropped-"+l.stream, l.event(model.EventExportRecovered, model.SeverityInfo,
			"batches are delivered whole again", map[string]string{}))
	}
	if took < l.options.SlowAfter {
		l.slow = 0
		l.reporter.Clear("export-slow-"+l.stream, l.event(model.EventExportFast, model.SeverityInfo,
			"replies arrive in time again", map[string]string{}))
		return
	}
	if l.slow++; l.slow >= slowReplies {
		l.reporter.Raise("export-slow-"+l.stream, l.event(model.EventExportSlow, model.SeverityWarning,
			"replies take long", map[string]string{
				"took": took.Round(time.Millisecond).String(), "limit": l.options.SlowAfter.String(),
			}))
	}
}

// request joins items to the body of one OTLP request.
func (l *lane) request(batch []item) []byte {
	return request(l.field, l.resource, batch)
}

func request(field [2]string, res json.RawMessage, batch []item) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"%s":[{"resource":%s,"%s":[`, field[0], res, field[1])
	for i, it := range batch {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(it.payload)
	}
	b.WriteString("]}]}")
	return b.Bytes()
}

// stop lets the worker finish what is queued and waits for it.
func (l *lane) stop() {
	l.close.Do(func() { close(l.closing) })
	<-l.done
}

// backoff doubles from initial to most, with up to half of it left to chance
// so that many agents do not return at once. A receiver may ask for more.
func backoff(initial, most time.Duration, attempt int, err error) time.Duration {
	const maxShift = 20
	delay := min(initial<<min(attempt, maxShift), most)
	delay = delay/2 + rand.N(delay/2+1)
	var busy *overload
	if errors.As(err, &busy) {
		delay = max(delay, busy.after)
	}
	return delay
}

// sleep waits for d and returns false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
