package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxReplyBytes bounds how much of a reply is read.
const maxReplyBytes = 64 << 10

// maxRetryAfter bounds how long a receiver can make the agent wait.
const maxRetryAfter = 5 * time.Minute

// rejection is a reply that a further try cannot mend.
type rejection struct{ reason string }

func (r *rejection) Error() string { return r.reason }

// overload is a reply that asks for a later try.
type overload struct {
	reason string
	after  time.Duration
}

func (o *overload) Error() string { return o.reason }

// client posts OTLP/HTTP JSON.
type client struct {
	http *http.Client
}

func newClient(timeout time.Duration) *client {
	return &client{http: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: timeout}).DialContext,
			TLSHandshakeTimeout:   timeout,
			ResponseHeaderTimeout: timeout,
			IdleConnTimeout:       90 * time.Second,
			MaxIdleConns:          4,
			MaxIdleConnsPerHost:   2,
		},
	}}
}

// post sends body and waits for the reply. It returns the number of records
// that the receiver took the trouble to refuse one by one. A *rejection says
// that the request must not be repeated; any other error may be temporary.
func (c *client) post(ctx context.Context, url string, body []byte) (refused int64, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, &rejection{reason: err.Error()}
	}
	request.Header.Set("Content-Type", "application/json")
	reply, err := c.http.Do(request)
	if err != nil {
		return 0, fmt.Errorf("no reply: %w", err)
	}
	text, readErr := io.ReadAll(io.LimitReader(reply.Body, maxReplyBytes))
	closeErr := reply.Body.Close()
	switch {
	case reply.StatusCode/100 == 2:
		if err := errors.Join(readErr, closeErr); err != nil {
			return 0, fmt.Errorf("reply is cut off: %w", err)
		}
		return refusedRecords(text), nil
	case reply.StatusCode == http.StatusTooManyRequests,
		reply.StatusCode == http.StatusBadGateway,
		reply.StatusCode == http.StatusServiceUnavailable,
		reply.StatusCode == http.StatusGatewayTimeout:
		return 0, &overload{reason: "status " + reply.Status, after: retryAfter(reply.Header)}
	default:
		return 0, &rejection{reason: fmt.Sprintf("status %s: %.200s", reply.Status, strings.TrimSpace(string(text)))}
	}
}

func (c *client) close() { c.http.CloseIdleConnections() }

func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, maxRetryAfter)
}

// refusedRecords reads the partial success of an OTLP reply. An empty or
// foreign reply means that all was taken.
func refusedRecords(reply []byte) int64 {
	var parsed struct {
		PartialSuccess struct {
			DataPoints json.Number `json:"rejectedDataPoints"`
			LogRecords json.Number `json:"rejectedLogRecords"`
		} `json:"partialSuccess"`
	}
	if json.Unmarshal(reply, &parsed) != nil {
		return 0
	}
	var refused int64
	for _, number := range []json.Number{parsed.PartialSuccess.DataPoints, parsed.PartialSuccess.LogRecords} {
		if n, err := number.Int64(); err == nil {
			refused += n
		}
	}
	return refused
}
