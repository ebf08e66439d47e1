// Package bounded makes network connections that a collector can account for:
// each reads no more than it may, so that a server that never stops talking
// cannot fill the memory, and all of them are closed at once in the end, those
// included that a library has left to the background.
//
// It knows no protocol.
package bounded

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// ErrTooMuch says that a server has sent more than anything that is asked of it
// can take.
var ErrTooMuch = errors.New("the server sent more than it was asked for")

// limit is how many bytes one connection may read.
const limit = 16 << 20

// connectTimeout is how long a connection may take to be made when the context
// has no nearer end.
const connectTimeout = 5 * time.Second

// Dialer makes connections. The zero value is ready.
type Dialer struct {
	mutex  sync.Mutex
	open   map[*conn]struct{}
	closed bool
}

// Dial connects. After Close it refuses.
func (d *Dialer) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	made, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: made, left: limit, of: d}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.closed {
		_ = made.Close()
		return nil, net.ErrClosed
	}
	if d.open == nil {
		d.open = map[*conn]struct{}{}
	}
	d.open[c] = struct{}{}
	return c, nil
}

// Close closes every connection that is still open.
func (d *Dialer) Close() {
	d.mutex.Lock()
	open := d.open
	d.open, d.closed = nil, true
	d.mutex.Unlock()
	for c := range open {
		_ = c.Conn.Close()
	}
}

// conn counts what it reads. Nobody reads one connection from two goroutines.
type conn struct {
	net.Conn
	left int
	of   *Dialer
}

func (c *conn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, ErrTooMuch
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

func (c *conn) Close() error {
	c.of.mutex.Lock()
	delete(c.of.open, c)
	c.of.mutex.Unlock()
	return c.Conn.Close()
}
