package process

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"sync/atomic"
)

// Loopback is the only address that a part of the sandbox listens on.
const Loopback = "127.0.0.1"

// The ports that [FreePort] chooses from are none that a system gives to whoever asks
// for any (Linux, net.ipv4.ip_local_port_range: from 32768), nor Kubernetes' node ports
// (from 30000).
const (
	firstPort = 10000
	portCount = 20000
	// portsEach is how many a process has before it comes to those of another.
	portsEach = 64
)

// next is what is tried next. Each process begins elsewhere, so that two that choose
// at the same time choose others.
var next = func() *atomic.Uint64 {
	first := new(atomic.Uint64)
	first.Store(uint64(os.Getpid()) * portsEach)
	return first
}()

// FreePort returns a port of the loopback address that nobody listens on now, and that
// nobody else is given before the program that it is for listens, seconds later. A
// process is given one twice only when it has had all.
func FreePort() (int, error) {
	for range portCount {
		if port := firstPort + int(next.Add(1)%portCount); PortFree(port) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("find a free port: all from %d to %d are taken", firstPort, firstPort+portCount-1)
}

// PortFree says whether the port can be listened on.
func PortFree(port int) bool {
	listener, err := net.Listen("tcp", Address(port))
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}

// Address is the host and port of a part that listens on port.
func Address(port int) string { return net.JoinHostPort(Loopback, strconv.Itoa(port)) }
