package export

import (
	"encoding/json"
	"sync"
	"time"
)

// maxQueueBytes bounds the encoded data that one stream may hold back.
const maxQueueBytes = 16 << 20

// item is one encoded batch with its place in the stream.
type item struct {
	seq     uint64
	payload json.RawMessage
}

// queue is a bounded first-in first-out queue. When it is full, the oldest
// item makes room: during an outage the newest data is worth most.
type queue struct {
	maxItems int
	patience time.Duration // how long put waits for room before it drops

	mu      sync.Mutex
	tired   bool // a wait was in vain, and nothing was taken since
	items   []item
	bytes   int
	room    chan struct{} // closed and renewed when room is made
	arrived chan struct{} // holds a token while items may be waiting
}

func newQueue(maxItems int, patience time.Duration) *queue {
	return &queue{
		maxItems: maxItems, patience: patience,
		room: make(chan struct{}), arrived: make(chan struct{}, 1),
	}
}

// put appends an item and returns how many old ones were dropped for it.
func (q *queue) put(i item) (dropped int) {
	q.mu.Lock()
	if q.patience > 0 && !q.tired && q.full(i) {
		q.waitForRoom(i)
	}
	for len(q.items) > 0 && q.full(i) {
		q.bytes -= len(q.items[0].payload)
		q.items = q.items[1:]
		dropped++
	}
	q.items = append(q.items, i)
	q.bytes += len(i.payload)
	q.mu.Unlock()
	q.wake()
	return dropped
}

// wake lets a waiting reader look at the queue again.
func (q *queue) wake() {
	select {
	case q.arrived <- struct{}{}:
	default:
	}
}

func (q *queue) full(next item) bool {
	return len(q.items) >= q.maxItems || q.bytes+len(next.payload) > maxQueueBytes
}

// waitForRoom is called with the lock held and returns with the lock held.
func (q *queue) waitForRoom(next item) {
	timer := time.NewTimer(q.patience)
	defer timer.Stop()
	for len(q.items) > 0 && q.full(next) {
		room := q.room
		q.mu.Unlock()
		select {
		case <-room:
			q.mu.Lock()
		case <-timer.C:
			q.mu.Lock()
			q.tired = true
			return
		}
	}
}

// take removes and returns up to n of the oldest items.
func (q *queue) take(n int) []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	n = min(n, len(q.items))
	if n == 0 {
		return nil
	}
	q.tired = false
	taken := append([]item(nil), q.items[:n]...)
	q.items = q.items[n:]
	for _, i := range taken {
		q.bytes -= len(i.payload)
	}
	close(q.room)
	q.room = make(chan struct{})
	return taken
}

// size returns the number of waiting items and their encoded length.
func (q *queue) size() (items, bytes int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items), q.bytes
}
