package bounded_test

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/bounded"
)

// chatter sends without an end.
func chatter(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				for block := make([]byte, 1<<16); err == nil; {
					_, err = conn.Write(block)
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func TestReadingEndsAtTheLimit(t *testing.T) {
	var d bounded.Dialer
	defer d.Close()
	conn, err := d.Dial(t.Context(), "tcp", chatter(t))
	require.NoError(t, err)
	read, err := io.Copy(io.Discard, conn)
	require.ErrorIs(t, err, bounded.ErrTooMuch)
	require.EqualValues(t, 16<<20, read)
	require.NoError(t, conn.Close())
}

func TestCloseEndsAllAndRefusesMore(t *testing.T) {
	var d bounded.Dialer
	at := chatter(t)
	conn, err := d.Dial(t.Context(), "tcp", at)
	require.NoError(t, err)
	d.Close()
	_, err = conn.Read(make([]byte, 1))
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = d.Dial(t.Context(), "tcp", at)
	require.ErrorIs(t, err, net.ErrClosed)
}
