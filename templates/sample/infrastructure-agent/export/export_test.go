package export

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"example.com/infrastructure-agent/model"
)

func TestEveryTickArrivesOnceAndInOrder(t *testing.T) {
	s := newSink(t, nil)
	f := start(t, s.URL, nil)
	for n := range 30 {
		publish(t, f, tick(n))
	}
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	scopes := s.scopes(t, metricsPath)
	if len(scopes) != 30 || f.Sent() != 30 {
		t.Fatalf("%d ticks arrived, %d count as sent, want 30", len(scopes), f.Sent())
	}
	for i, sc := range scopes {
		if sc.attribute("batch_seq") != fmt.Sprint(i+1) || sc.attribute("tick") != fmt.Sprint(i) || sc.attribute("batch_stream") != "metrics" {
			t.Fatalf("place %d has %+v", i, sc.Scope)
		}
	}
}

func TestMetricsOfATick(t *testing.T) {
	s := newSink(t, nil)
	f := start(t, s.URL, nil)
	publish(t, f, tick(3))
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, m := range s.scopes(t, metricsPath)[0].Metrics {
		switch {
		case m.Gauge != nil && len(m.Gauge.DataPoints) > 0:
			values[m.Name] = m.Gauge.DataPoints[0].Value
		case m.Sum != nil:
			values[m.Name] = m.Sum.DataPoints[0].Value
			if m.Sum.Temporality != cumulative || !m.Sum.Monotonic || m.Sum.DataPoints[0].Start == "" {
				t.Errorf("%s is no cumulative sum: %+v", m.Name, m.Sum)
			}
		}
	}
	want := map[string]float64{
		MetricProcessCPU: 90, MetricProcessRSS: 1 << 33, MetricOtherCPU: 0.5, MetricOtherRSS: 1000, MetricOtherCount: 1,
		MetricExportSent: 0, MetricExportDropped: 0, MetricExportRetries: 0, MetricRawWrites: 0, "agent_processes": 2,
	}
	for name, value := range want {
		if got, exists := values[name]; !exists || got != value {
			t.Errorf("%s is %v (exported: %v), want %v", name, got, exists, value)
		}
	}
	point := s.scopes(t, metricsPath)[0].Metrics[0].Gauge.DataPoints[0]
	if lookup(point.Attributes, "pid") != "1" || lookup(point.Attributes, "start") != "10" || lookup(point.Attributes, "name") != "heavy" || point.Time != "3000000000" {
		t.Errorf("the process is described by %+v", point)
	}
}

func TestEventsArriveAsLogRecords(t *testing.T) {
	s := newSink(t, nil)
	f := start(t, s.URL, nil)
	for _, severity := range []model.Severity{model.SeverityInfo, model.SeverityWarning, model.SeverityError} {
		f.Event(model.Event{
			Name: model.EventBreakerOpen, Module: model.ModuleWatchdog, Severity: severity, Tick: 5,
			Message: "m", Attributes: map[string]string{"breaker": "otlp"}, Time: time.Unix(9, 0),
		})
	}
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	scopes := s.scopes(t, logsPath)
	if len(scopes) != 3 {
		t.Fatalf("%d records arrived, want 3", len(scopes))
	}
	for i, number := range []int{severityNumberInfo, severityNumberWarn, severityNumberError} {
		r := scopes[i].Logs[0]
		if r.SeverityNumber != number || *r.Body.String != "AgentDiagEvent BreakerOpen module=watchdog tick=5 breaker=otlp" ||
			lookup(r.Attributes, "event") != "BreakerOpen" || lookup(r.Attributes, "attributes.breaker") != "otlp" {
			t.Errorf("record %d is %+v", i, r)
		}
	}
}

func TestTemporaryFailuresAreRetried(t *testing.T) {
	s := newSink(t, func(n int, _ string) int {
		if n <= 3 {
			return []int{http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusBadGateway}[n-1]
		}
		return http.StatusOK
	})
	f := start(t, s.URL, nil)
	publish(t, f, tick(0))
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got := len(s.scopes(t, metricsPath)); got != 1 || f.Dropped() != 0 {
		t.Fatalf("%d ticks arrived, %d were dropped", got, f.Dropped())
	}
	if want := []string{model.EventExportRetry, model.EventExportRecovered}; !slices.Equal(f.reporter.names(), want) {
		t.Fatalf("got events %v, want %v", f.reporter.names(), want)
	}
	if f.breaker.failures != 3 || f.breaker.successes != 1 {
		t.Fatalf("the breaker saw %d failures and %d successes", f.breaker.failures, f.breaker.successes)
	}
}

func TestUnreachableReceiverIsRetriedUntilTheDeadlineThenCounted(t *testing.T) {
	s := newSink(t, nil)
	url := s.URL
	s.Close()
	f := start(t, url, nil)
	publish(t, f, tick(0), tick(1))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := f.Shutdown(ctx); err == nil {
		t.Fatal("Shutdown hides that data was dropped")
	}
	if f.Dropped() != 2 || !f.reporter.has(model.EventExportRetry) || !f.reporter.has(model.EventExportDropped) {
		t.Fatalf("%d dropped, events %v", f.Dropped(), f.reporter.names())
	}
}

func TestRefusedBatchIsDroppedAndTheNextIsSent(t *testing.T) {
	s := newSink(t, func(n int, _ string) int {
		if n == 1 {
			return http.StatusBadRequest
		}
		return http.StatusOK
	})
	f := start(t, s.URL, func(o *Options) { o.BatchSize = 1 })
	publish(t, f, tick(0), tick(1))
	if err := f.finish(t); err == nil {
		t.Fatal("Shutdown hides that data was dropped")
	}
	if got := len(s.scopes(t, metricsPath)); got != 1 || f.Dropped() != 1 {
		t.Fatalf("%d ticks arrived, %d were dropped, want 1 and 1", got, f.Dropped())
	}
	if want := []string{model.EventExportDropped, model.EventExportRecovered}; !slices.Equal(f.reporter.names(), want) {
		t.Fatalf("got events %v, want %v", f.reporter.names(), want)
	}
}

func TestPartialSuccessCountsAsDropped(t *testing.T) {
	s := newSink(t, nil)
	s.body = `{"partialSuccess": {"rejectedDataPoints": "2"}}`
	f := start(t, s.URL, nil)
	publish(t, f, tick(0))
	if err := f.finish(t); err == nil || f.Dropped() != 2 {
		t.Fatalf("%d dropped, error %v", f.Dropped(), err)
	}
}

func TestOpenBreakerHoldsDeliveriesBack(t *testing.T) {
	s := newSink(t, nil)
	f := start(t, s.URL, nil)
	f.breaker.mu.Lock()
	f.breaker.refuse = 5
	f.breaker.mu.Unlock()
	publish(t, f, tick(0))
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if f.breaker.refuse != 0 || len(s.scopes(t, metricsPath)) != 1 {
		t.Fatalf("%d refusals are left, %d ticks arrived", f.breaker.refuse, len(s.scopes(t, metricsPath)))
	}
}

func TestSlowReceiverIsReported(t *testing.T) {
	s := newSink(t, nil)
	f := start(t, s.URL, func(o *Options) { o.SlowAfter, o.BatchSize = 0, 1 })
	for n := range slowReplies {
		publish(t, f, tick(n))
	}
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if want := []string{model.EventExportSlow}; !slices.Equal(f.reporter.names(), want) {
		t.Fatalf("got events %v, want %v", f.reporter.names(), want)
	}
}

func TestFullQueueDropsTheOldestAndSaysSo(t *testing.T) {
	release := make(chan struct{})
	s := newSink(t, func(int, string) int {
		<-release
		return http.StatusOK
	})
	f := start(t, s.URL, func(o *Options) { o.QueueSize, o.BatchSize = 2, 1 })
	for n := range 10 {
		publish(t, f, tick(n))
	}
	if usage := f.Resources(); usage.Items > 2 || usage.Bytes == 0 {
		t.Errorf("usage is %+v, want 2 items at most", usage)
	}
	close(release)
	if err := f.finish(t); err == nil || !f.reporter.has(model.EventExportDropped) {
		t.Fatalf("error %v, events %v", err, f.reporter.names())
	}
	scopes := s.scopes(t, metricsPath)
	if last := scopes[len(scopes)-1]; last.attribute("tick") != "9" {
		t.Fatalf("the last tick to arrive is %s, want 9", last.attribute("tick"))
	}
	if f.Dropped()+uint64(len(scopes)) != 10 {
		t.Fatalf("%d dropped and %d arrived, want 10 in all", f.Dropped(), len(scopes))
	}
}

func TestPatientQueueWaitsForRoom(t *testing.T) {
	s := newSink(t, nil)
	f := start(t, s.URL, func(o *Options) { o.QueueSize, o.BatchSize, o.Patience = 2, 1, 20*time.Second })
	for n := range 50 {
		publish(t, f, tick(n))
	}
	if err := f.finish(t); err != nil {
		t.Fatal(err)
	}
	if got := len(s.scopes(t, metricsPath)); got != 50 {
		t.Fatalf("%d ticks arrived, want 50", got)
	}
}

func TestImpatientQueueGivesUpWaiting(t *testing.T) {
	q := newQueue(1, time.Millisecond)
	if q.put(item{seq: 1}) != 0 || q.put(item{seq: 2}) != 1 {
		t.Fatal("want one item dropped after the wait")
	}
	if got := q.take(5); len(got) != 1 || got[0].seq != 2 {
		t.Fatalf("got %v", got)
	}
}

func TestQueueIsBoundedInBytes(t *testing.T) {
	q := newQueue(1000, 0)
	dropped := 0
	for range 10 {
		dropped += q.put(item{payload: make([]byte, maxQueueBytes/4)})
	}
	if items, bytes := q.size(); items != 4 || bytes > maxQueueBytes || dropped != 6 {
		t.Fatalf("%d items of %d bytes are kept, %d were dropped", items, bytes, dropped)
	}
}

func TestBackoffGrowsToItsLimitAndObeysTheReceiver(t *testing.T) {
	for attempt := range 30 {
		most := min(time.Second<<min(attempt, 20), 8*time.Second)
		if got := backoff(time.Second, 8*time.Second, attempt, nil); got < most/2 || got > most {
			t.Errorf("attempt %d waits %v, want %v to %v", attempt, got, most/2, most)
		}
	}
	if got := backoff(time.Second, 2*time.Second, 0, &overload{after: time.Minute}); got != time.Minute {
		t.Errorf("got %v, want the minute that the receiver asks for", got)
	}
	header := http.Header{}
	for text, want := range map[string]time.Duration{"": 0, "x": 0, "-1": 0, "3": 3 * time.Second, "99999": maxRetryAfter} {
		header.Set("Retry-After", text)
		if got := retryAfter(header); got != want {
			t.Errorf("Retry-After %q: got %v, want %v", text, got, want)
		}
	}
}

func TestShutdownWithoutInit(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestAttributeTypes(t *testing.T) {
	for _, v := range []any{"s", true, 1.5, int64(7), []int{1}} {
		got := value(v)
		if got.String == nil && got.Bool == nil && got.Double == nil && got.Int == nil {
			t.Errorf("%v has no encoding", v)
		}
	}
}
